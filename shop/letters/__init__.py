"""Letters to people: an outbox in the database, and the ways they leave the house; no word of the business."""

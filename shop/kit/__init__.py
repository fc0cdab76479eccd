"""Money, clock, database, crypto, enums and pagination: no word of the business."""

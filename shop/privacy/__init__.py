"""What the shop holds of a person: shown, taken along, closed, and forgotten in time."""

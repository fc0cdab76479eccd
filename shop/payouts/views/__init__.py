"""Pages of payouts: for everybody, at the village's desk, and for the department."""

"""Payout batches: from what is due to what was handed over, with everybody able to see it."""

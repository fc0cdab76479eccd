"""The approval ladder: who reviews what after whom."""

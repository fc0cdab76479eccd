"""Agreements, shares and the apportionment of fen."""

"""Gateways and their events, refunds, and settling an order."""

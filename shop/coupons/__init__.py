"""Consumption vouchers of the department: series with a budget, who claimed one, and what it took off which order."""

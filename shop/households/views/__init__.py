"""Pages of the register at the village desk and at the department."""

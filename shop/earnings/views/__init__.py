"""Pages of earnings at the village desk and at the department."""

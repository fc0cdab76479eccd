"""Pages of endorsements: the village desk and the department."""

"""Pages of objections: for everybody, and for the department."""

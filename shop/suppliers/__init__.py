"""Suppliers, their licences and the words a seller may not use."""

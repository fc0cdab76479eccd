"""The endorsement and its life."""

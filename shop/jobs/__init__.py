"""The scheduled work."""

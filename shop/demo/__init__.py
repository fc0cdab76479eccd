"""The Tonghua campaign, generated."""

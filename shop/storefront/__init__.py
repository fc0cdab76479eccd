"""The public pages that compose the features below."""

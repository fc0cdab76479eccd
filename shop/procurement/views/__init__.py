"""Pages of institution buying, by who opens them."""

"""Products, variants, stock, photos, brands, projects and search."""

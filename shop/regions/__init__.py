"""The division tree: provinces, cities, counties, townships."""

"""The first-secretary endorsement shop: village goods, endorsed, and followed to the households they help."""

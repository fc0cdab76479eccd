"""The register of households: marks, members, party members beside them, consents, sealed numbers, imports."""

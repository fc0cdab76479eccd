"""Villages, households, secretaries, tenures and the units that sent them."""

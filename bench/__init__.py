"""How fast the shop is beside bare yardsticks, measured side by side in one run on one machine."""

"""What buyers say about the goods they received, and how the village answers."""

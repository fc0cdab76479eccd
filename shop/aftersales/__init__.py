"""After-sale: claims on what was bought, their deadlines, what the village answers and the department rules."""

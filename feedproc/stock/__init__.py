"""A seller's stock: the level of each SKU, what changes it, and why. It knows no orders."""

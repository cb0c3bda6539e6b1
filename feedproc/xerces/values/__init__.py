"""Simple types: what a text means by its type, and what its facets have against it."""

"""Reports that sellers ask for: requested, scheduled, produced, found and acknowledged."""

"""How a feed is processed: picked, surveyed, applied a batch at a time, and ended."""

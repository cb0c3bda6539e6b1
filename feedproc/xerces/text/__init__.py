"""Bytes become what a reader of XML meets: names, tags, text, at their line and column."""

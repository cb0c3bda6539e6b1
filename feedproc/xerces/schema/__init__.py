"""Schema documents become declarations, types and content models."""

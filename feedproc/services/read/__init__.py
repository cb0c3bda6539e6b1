"""What can be looked at, of one seller at a time."""

"""Orders and stock levels put in by hand: JSON lines and order reports, which are no feeds."""

"""Orders, money and stock; knows nothing of feeds."""

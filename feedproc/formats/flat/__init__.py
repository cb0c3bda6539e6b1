"""Flat files: tab-delimited tables in, a table of errors out (Seller Central help, pages 641, 661 and 200194300)."""

"""The transaction that commits a batch, and the mark that it leaves."""

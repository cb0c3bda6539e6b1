"""Levels of stock, their ledgers, and the journals that come before lines of a ledger."""

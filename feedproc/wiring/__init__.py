"""Machines put together: which adapter plays which port."""

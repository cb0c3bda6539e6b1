"""One module a page, each ending in `ROUTES`."""

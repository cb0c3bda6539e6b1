"""One machine: an HTTP server, the worker processes beside it, and what a client needs to reach them."""

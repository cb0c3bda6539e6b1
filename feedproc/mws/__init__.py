"""The signed MWS query protocol, as a WSGI application."""

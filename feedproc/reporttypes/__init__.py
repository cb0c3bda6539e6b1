"""Types of reports, one module each; the catalogue finds them by listing."""

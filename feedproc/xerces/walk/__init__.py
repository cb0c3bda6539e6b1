"""A document is walked through by a schema, and what is wrong is told in Xerces' order and words."""

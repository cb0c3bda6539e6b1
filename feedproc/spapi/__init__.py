"""The Selling Partner API in front of the same engine: one folder an API, and what they share."""

"""One module per message type, each ending in `FEED_TYPES`."""

"""One folder per message type, each ending in `FEED_TYPES`, and what several of them share."""

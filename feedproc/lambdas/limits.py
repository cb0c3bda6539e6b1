"""How much passes through a function at a time."""

from datetime import timedelta

MOST_BYTES = 4_500_000
"""Of a request's body or an answer's. Lambda takes and gives at most 6,291,456 bytes at a time (Lambda quotas,
invocation payload), what is not plain text travels in base64 with four bytes for three, and headers need room."""
MARGIN = timedelta(seconds=60)
"""Before a worker's deadline. It begins nothing new then: a batch under way, with its retries, is over by the end."""
LONGEST_PAUSE = timedelta(seconds=120)
"""Between two tries at a feed whose processing fails."""

"""The ports in memory: made in a moment, forgotten in a moment, with the same answers as the other back ends.

For tests and for servers that need not remember anything. One store may be used by any number of threads of one
process; each method of each port happens as a whole or not at all, and what one thread did is seen by all at once.
"""

from feedproc.memory.store import MemoryStore

__all__ = ["MemoryStore"]

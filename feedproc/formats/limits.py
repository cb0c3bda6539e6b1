"""Every ceiling on what a feed may hold, with its unit and its reason.

A feed beyond one of them is refused as a whole, with the place in its report, and nothing of it is applied, unless it
says that only the message is; of a flat file, whose rows stand for themselves, only the row is refused.
"""

MAX_PROLOG_BYTES = 1024 * 1024
"""What may stand before the first message. Real headers are below 1 KiB; more would have to be held in memory."""

MAX_PIECE_BYTES = 1024 * 1024
"""One message with all that is in it. The largest real order messages are below 100 KiB. A message is held in memory
as a tree of up to forty times its size, and what libxml2 needs to tell of faults in it grows with the square of their
number, so this bounds a worker's memory and time."""

PIECE_BYTES = 256 * 1024
"""How much of a feed is parsed and validated at a time. Larger pieces gain no speed, smaller ones lose some."""

MAX_PIECE_MESSAGES = 500
"""How many messages are applied in one transaction: enough to spread its cost, few enough to hold no lock for long."""

MAX_DEPTH = 256
"""Elements within elements. The schemas reach 10; libxml2 itself stops here (without its option for huge documents). A
message beyond it is refused alone."""

MAX_NAME = 50_000
"""Bytes of a name; libxml2 itself stops here. A message with a longer one is refused alone."""

MAX_ENVELOPE_FINDINGS = 100
"""How many faults outside of messages are told for one feed, so that a report of a hostile feed stays small."""

MAX_PIECE_FINDINGS = 10_000
"""How many findings are told of one piece, which is at most 1 MiB: they are held in memory, at about 1 KiB each. Beyond
it only the first of each message is, since that decides what becomes of the message and is what its report tells."""

MAX_ROW_BYTES = 64 * 1024
"""One row of a flat file. Real ones are below 1 KiB, and the widest template's fields together allow 4 KiB. A longer
row is refused alone, the others count: as much as this is held in memory of it, however long it goes on."""

MAX_HEADING_ROWS = 5
"""Among so many rows at the beginning of a flat file the headings are looked for. The longest template has three."""

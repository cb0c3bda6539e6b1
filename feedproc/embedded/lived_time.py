"""How long ago something was, counted only in time that the store has lived through.

A clock that is set 100 days ahead makes everything look old, and what is deleted then does not come back. The store
notes now and then what time it is. A step that is longer than a few days, be it the clock's or because nothing ran, is
a gap: whatever happened before it is kept for as much longer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from feedproc.embedded.database import Database
from feedproc.feeds.moments import as_micros, as_moment

LONGEST_STEP = timedelta(days=3)
"""Between two looks at the clock: a weekend counts as lived through."""
_decode = msgspec.json.Decoder(list[tuple[int, int]]).decode


def note_time(database: Database, now: datetime) -> timedelta | None:
    """Note that it is now; return how long the gap since the last time is, if it is one."""
    with database.transaction() as connection:
        facts = dict(connection.execute("SELECT name, value FROM facts WHERE name IN ('seen', 'gaps')"))
        gaps = [one for one in _decode(facts.get("gaps", "[]")) if one[0] <= as_micros(now)]
        step = now - as_moment(facts["seen"]) if "seen" in facts else timedelta(0)
        if step > LONGEST_STEP:
            gaps.append((as_micros(now), step // timedelta(microseconds=1)))
        connection.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)",
            [("seen", as_micros(now)), ("gaps", msgspec.json.encode(gaps).decode())],
        )
    return step if step > LONGEST_STEP else None


def measure_back(database: Database, now: datetime) -> Callable[[timedelta], datetime]:
    """Return what tells the moment from which on the store has lived through a span of time until now."""
    row = database.connection.execute("SELECT value FROM facts WHERE name = 'gaps'").fetchone()
    gaps = sorted(_decode(row[0]) if row else [], reverse=True)

    def measure(span: timedelta) -> datetime:
        moment = now - span
        for at, length in gaps:
            if as_moment(at) > moment:
                moment -= timedelta(microseconds=length)
        return moment

    return measure

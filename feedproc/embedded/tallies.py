"""The metrics' counts in SQLite, kept in step with the orders by the transactions that change them."""

import sqlite3
from datetime import date

from feedproc.embedded.database import Database
from feedproc.embedded.rows import make_rows, name_rows
from feedproc.orders.tally import Fact, Tally, TallyCounts


class SqliteTallies:
    """The port `TallyCounts`."""

    def __init__(self, database: Database) -> None:
        """Use the table `tallies`."""
        self._database = database

    def count(self, seller_id: str, first: date, last: date) -> TallyCounts:
        """Return the counts of the days from `first` to `last`, both included."""
        rows = self._database.connection.execute(
            "SELECT day, fact, reason, orders FROM tallies WHERE seller_id = ? AND day BETWEEN ? AND ? AND orders <> 0",
            (seller_id, first.toordinal(), last.toordinal()),
        )
        return {Tally(date.fromordinal(day), Fact(fact), reason): orders for day, fact, reason, orders in rows}


def add_tallies(connection: sqlite3.Connection, seller_id: str, tallies: TallyCounts) -> None:
    """Count more, or less, within the caller's transaction."""
    if not tallies:
        return
    rows = make_rows((tally.day.toordinal(), tally.fact.value, tally.reason, more) for tally, more in tallies.items())
    connection.execute(_ADD, (rows, seller_id))


_ADD = f"""
INSERT INTO tallies SELECT ?2, day, fact, reason, more FROM {name_rows("day", "fact", "reason", "more")} WHERE true
ON CONFLICT DO UPDATE SET orders = orders + excluded.orders
"""

"""The metrics' counts in DynamoDB: an item a day, kept in step with the orders by the transactions that change them."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.read import query_items
from feedproc.aws.dynamo.tables import TALLIES
from feedproc.aws.dynamo.transaction import Write
from feedproc.orders.tally import Fact, Tally, TallyCounts

_KEY = frozenset({"seller_id", "day"})


def add_counts(clients: Clients, seller_id: str, tallies: TallyCounts) -> Iterator[Write]:
    """Yield the writes that count more, or less: one a day."""
    for day, counted in groupby(sorted(tallies.items()), key=lambda one: one[0].day):
        changes = list(counted)
        names = {f"n{place}": f"{tally.fact}/{tally.reason}" for place, (tally, _) in enumerate(changes)}
        values = {f"v{place}": items.as_number(more) for place, (_, more) in enumerate(changes)}
        sums = ", ".join(f"#n{place} :v{place}" for place in range(len(changes)))
        key = {"seller_id": items.as_text(seller_id), "day": items.as_text(day.isoformat())}
        yield Write("Update", items.update(clients.get_table_name(TALLIES), key, f"ADD {sums}", "", values, names))


class DynamoTallies:
    """The port `Tallies`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `tallies`."""
        self._clients = clients

    def count(self, seller_id: str, first: date, last: date) -> TallyCounts:
        """Return the counts of the days from `first` to `last`, both included."""
        if first > last:
            return {}
        statement = items.query(
            self._clients.get_table_name(TALLIES),
            "#seller_id = :seller AND #day BETWEEN :first AND :last",
            {
                "seller": items.as_text(seller_id),
                "first": items.as_text(first.isoformat()),
                "last": items.as_text(last.isoformat()),
            },
        )
        found: dict[Tally, int] = {}
        for item in query_items(self._clients, statement, ConsistentRead=True):
            for name in item.keys() - _KEY:
                fact, _, reason = name.partition("/")
                found[Tally(date.fromisoformat(item["day"]["S"]), Fact(fact), reason)] = items.as_int(item[name])
        return {tally: number for tally, number in found.items() if number}

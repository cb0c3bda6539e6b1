"""A server with an order book, and answers of the section Orders as a program reads them."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from feedproc.orders.order import Order
from tests.mws.builders import Reply, Server, signed

VERSION = "2013-09-01"
JAPAN = "A1VC38T7YXB528"


@dataclass
class OrderServer(Server):
    """Serves the sections over a whole store."""

    version: str = VERSION

    def load(self, *orders: Order, seller_id: str = "A1SELLER") -> None:
        self.backend.orders.load(seller_id, orders)

    def ask(self, action: str, **given: str) -> "OrderReply":
        """Sign and send a request to the section; dots of names are written as double underscores."""
        seller = self.sellers[0]
        named = {name.replace("__", "."): value for name, value in given.items()}
        params = {**self.common(seller), "Action": action, "Version": self.version, **named}
        path = f"/Orders/{self.version}"
        reply = self.send(signed(params, seller.secret_key, path=path))
        return OrderReply(reply, f"{{https://mws.amazonservices.com/Orders/{self.version}}}")

    def list(self, **given: str) -> "OrderReply":
        known = {"MarketplaceId__Id__1": JAPAN, "CreatedAfter": "2018-01-01"}
        return self.ask("ListOrders", **({} if "NextToken" in given else known) | given)


@dataclass(frozen=True)
class OrderReply:
    """An answer, by its elements."""

    reply: Reply
    namespace: str

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def root(self) -> ElementTree.Element:
        return self.reply.root

    def texts(self, name: str) -> list[str]:
        return [one.text or "" for one in self.root.iter(self.namespace + name)]

    def text(self, name: str) -> str:
        (found,) = self.texts(name)
        return found

    def result(self) -> list[str]:
        """The names of what the result holds."""
        return [self._strip(child) for child in self.root[0]]

    def children(self, name: str) -> list[str]:
        """The names of what the first element of a name holds, in their order."""
        found = next(self.root.iter(self.namespace + name))
        return [self._strip(child) for child in found]

    def one(self, name: str) -> dict[str, Any]:
        """What the first element of a name holds; inner elements as dicts of their own."""
        return self._read(next(self.root.iter(self.namespace + name)))

    @property
    def error(self) -> tuple[int, str, str]:
        return self.status, self.text("Code"), self.text("Message")

    def _read(self, element: ElementTree.Element) -> dict[str, Any]:
        return {self._strip(child): self._read(child) if len(child) else child.text or "" for child in element}

    def _strip(self, element: ElementTree.Element) -> str:
        return element.tag.removeprefix(self.namespace)

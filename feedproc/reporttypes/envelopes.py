"""Reports in XML: an envelope with one message for each order."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from feedproc.formats.characters import drop_forbidden
from feedproc.orders.order import Address
from feedproc.services.read.order_view import OrderView
from feedproc.services.reports.report_type import Layout, ReportScope

Node = tuple[str, "str | Sequence[Node]"]
"""A name, perhaps with attributes behind it, and text or elements."""
_ROOT = (
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">'
)


def lay_out_envelope(
    message_type: str,
    header: Callable[[ReportScope], Sequence[Node]],
    tell: Callable[[OrderView, int], Sequence[Node]],
    encoding: str = "UTF-8",
) -> Layout:
    """Return a layout of messages, in which `tell` gives what one holds, and nothing for an order that is left out."""

    def begin(scope: ReportScope) -> str:
        head: Node = ("Header", header(scope))
        lines = "\n".join((*_write(head, "\t"), *_write(("MessageType", message_type), "\t")))
        return f'<?xml version="1.0" encoding="{encoding}"?>\n{_ROOT}\n{lines}\n'

    def write(view: OrderView, _scope: ReportScope, number: int) -> str:
        message = tell(view, number)
        return "\n".join(_write(("Message", message), "\t")) + "\n" if message else ""

    return Layout(
        begin=begin,
        tell=write,
        end="</AmazonEnvelope>\n",
        # What the encoding cannot write becomes a reference to its character.
        encode=lambda text, _scope: text.encode(encoding, errors="xmlcharrefreplace"),
        name_content_type=lambda _marketplace: "text/xml",
    )


def name_with(name: str, **attributes: str) -> str:
    """Return the name of an element with its attributes."""
    return " ".join((name, *(f"{one}={quoteattr(value)}" for one, value in attributes.items())))


def write_component(kind: str, amount: str, currency: str, name: str = "Component") -> Node:
    """Return what one charge is made of: its type, and an amount with its currency."""
    return (name, (("Type", kind), (name_with("Amount", currency=currency), amount)))


def format_money(amount: Decimal) -> str:
    """Write an amount as order reports in XML have it: two decimals, also of yen."""
    return f"{amount:.2f}"


def drop_empty(*nodes: Node) -> list[Node]:
    """Return those that hold something."""
    return [one for one in nodes if one[1]]


def describe_address(address: Address) -> list[Node]:
    """Return the parts of an address that are known."""
    lines = [
        (f"AddressField{number}", line) for number, line in zip(("One", "Two", "Three"), address.lines, strict=False)
    ]
    return drop_empty(
        ("Name", address.name),
        *lines,
        ("City", address.city),
        ("County", address.county),
        ("StateOrRegion", address.state_or_region),
        ("PostalCode", address.postal_code),
        ("CountryCode", address.country_code),
        ("PhoneNumber", address.phone_number),
    )


def _write(node: Node, indent: str) -> Iterator[str]:
    name, content = node
    closing = name.partition(" ")[0]
    if isinstance(content, str):
        yield f"{indent}<{name}>{escape(drop_forbidden(content))}</{closing}>"
        return
    yield f"{indent}<{name}>"
    for child in content:
        yield from _write(child, indent + "\t")
    yield f"{indent}</{closing}>"

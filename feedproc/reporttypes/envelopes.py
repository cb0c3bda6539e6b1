"""Reports in XML: an envelope with one message for each order.

Elements are written as text at once, a line each, as many tabs in as they are deep. A report may have a million
messages, and elements that are first described and then written take several times as long.
"""

from collections.abc import Callable
from decimal import Decimal

from feedproc.formats.characters import escape_text
from feedproc.orders.money import format_fixed
from feedproc.orders.order import Address
from feedproc.services.read.order_view import OrderView
from feedproc.services.reports.report_type import Layout, ReportScope

_ROOT = (
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">'
)
_LINES = ("AddressFieldOne", "AddressFieldTwo", "AddressFieldThree")
_TABS = tuple("\t" * depth for depth in range(10))


def lay_out_envelope(
    message_type: str,
    describe: Callable[[ReportScope], str],
    write_message: Callable[[OrderView, int], str],
    encoding: str = "UTF-8",
) -> Layout:
    """Return a layout of messages.

    `describe` gives what the header holds, 2 deep, `write_message` a whole message, 1 deep; it is empty for an
    order that is left out.
    """

    def begin(scope: ReportScope) -> str:
        head = write_group(1, "Header", describe(scope)) + write_leaf(1, "MessageType", message_type)
        return f'<?xml version="1.0" encoding="{encoding}"?>\n{_ROOT}\n{head}'

    return Layout(
        begin=begin,
        make_teller=lambda _scope: write_message,
        end="</AmazonEnvelope>\n",
        # What the encoding cannot write becomes a reference to its character.
        encode=lambda text, _scope: text.encode(encoding, errors="xmlcharrefreplace"),
        name_content_type=lambda _marketplace: "text/xml",
    )


def write_header(scope: ReportScope) -> str:
    """Return what the header of order reports holds."""
    return write_leaf(2, "DocumentVersion", "1.01") + write_leaf(2, "MerchantIdentifier", scope.merchant_token)


def write_group(depth: int, name: str, *parts: str) -> str:
    """Return an element that holds others, which are written already."""
    indent = _TABS[depth]
    return f"{indent}<{name}>\n{''.join(parts)}{indent}</{name}>\n"


def write_leaf(depth: int, name: str, text: str) -> str:
    """Return an element that holds a text."""
    return f"{_TABS[depth]}<{name}>{escape_text(text)}</{name}>\n"


def write_known(depth: int, name: str, text: str) -> str:
    """Return an element that holds a text, or nothing when there is none."""
    return write_leaf(depth, name, text) if text else ""


def write_component(depth: int, kind: str, amount: str, currency: str, name: str = "Component") -> str:
    """Return what one charge is made of: its type, and an amount with its currency."""
    indent = _TABS[depth]
    return (
        f"{indent}<{name}>\n{indent}\t<Type>{escape_text(kind)}</Type>\n"
        f'{indent}\t<Amount currency="{currency}">{amount}</Amount>\n{indent}</{name}>\n'
    )


def format_money(amount: Decimal) -> str:
    """Write an amount as order reports in XML have it: two decimals, also of yen."""
    return format_fixed(amount, 2)


def write_address(depth: int, address: Address) -> str:
    """Return the parts of an address that are known."""
    return "".join(
        (
            write_known(depth, "Name", address.name),
            *[write_known(depth, name, line) for name, line in zip(_LINES, address.lines, strict=False)],
            write_known(depth, "City", address.city),
            write_known(depth, "County", address.county),
            write_known(depth, "StateOrRegion", address.state_or_region),
            write_known(depth, "PostalCode", address.postal_code),
            write_known(depth, "CountryCode", address.country_code),
            write_known(depth, "PhoneNumber", address.phone_number),
        )
    )

"""Answers of MWS' Orders API, which are XML, as objects with the names of SP-API: Amazon kept them."""

import re
from typing import Any, BinaryIO

from lxml import etree

from feedproc.imports.api_orders import Answers, Told, tell
from feedproc.imports.order_lines import BadOrder

_LISTS = {"PromotionIds", "PaymentMethodDetails", "PaymentExecutionDetail"}
"""Elements whose children are of one kind."""
_DECLARED = re.compile(rb"(?=<\?xml[ \t\r\n])")
"""Where an answer begins in a file of several."""
_MOST_DEPTH = 12
"""Elements of an order within each other. Real answers reach 5."""


def recognise_mws_answer(begin: bytes) -> bool:
    """Say whether a file that begins with these bytes is an answer of the Orders API, or a refusal."""
    return any(mark in begin for mark in (b"/Orders/201", b"<ListOrder", b"<GetOrder", b"<ErrorResponse"))


def read_mws_answer(name: str, file: BinaryIO, answers: Answers) -> None:
    """Add what a file tells of orders and items: one answer, or several behind each other.

    One that cannot be read is noted among the refused.
    """
    line = 1
    for part in _DECLARED.split(file.read()):
        if part.strip():
            _read_document(name, part, line, answers)
        line += part.count(b"\n")


def _read_document(name: str, document: bytes, line: int, answers: Answers) -> None:
    """Add what an answer tells that begins on a line of the file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(document, parser).getroottree()
    except etree.XMLSyntaxError as error:
        where = f"line {line + error.position[0] - 1}"
        answers.refused.append((name, BadOrder(where, error.msg or "not well-formed")))
        return
    if tree.docinfo.doctype:
        answers.refused.append((name, BadOrder(f"line {line}", "an answer of MWS has no DOCTYPE")))
        return
    found = False
    for element in tree.iter():
        kind = _name(element)
        if kind == "Error":
            refusal = _read_object(element)
            told = f"MWS refused the call: {tell(refusal, 'Code')}: {tell(refusal, 'Message')}"
            answers.refused.append((name, BadOrder(f"line {line + (element.sourceline or 1) - 1}", told)))
            found = True
        elif kind == "Order" and _name(element.getparent()) == "Orders":
            answers.add_order(name, _read_object(element))
            found = True
        elif kind == "OrderItems":
            _add_items(name, element, answers)
            found = True
        found = found or kind == "Orders"
    if not found:
        answers.refused.append((name, BadOrder(f"line {line}", "no Order and no OrderItem stands in it")))


def _add_items(name: str, element: etree._Element, answers: Answers) -> None:
    """Add the items of an answer; their order is named beside them."""
    around = element.getparent()
    order_id = "" if around is None else _find_text(around, "AmazonOrderId")
    if not order_id:
        why = "no AmazonOrderId beside OrderItems says whose they are"
        answers.refused.append((name, BadOrder(f"line {element.sourceline}", why)))
        return
    answers.add_items(order_id, [_read_object(one) for one in element if _name(one) == "OrderItem"])


def _read_object(element: etree._Element, depth: int = 0) -> Told:
    """Return an element's children by name; of one that is there twice the last counts."""
    told: dict[str, Any] = {}
    for child in element.iterchildren(etree.Element):
        name = _name(child)
        if name in _LISTS:
            told[name] = [_read_value(one, depth + 1) for one in child.iterchildren(etree.Element)]
        else:
            told[name] = _read_value(child, depth + 1)
    return told


def _read_value(element: etree._Element, depth: int) -> Any:
    has_children = next(element.iterchildren(etree.Element), None) is not None
    return _read_object(element, depth) if has_children and depth < _MOST_DEPTH else (element.text or "").strip()


def _find_text(element: etree._Element, name: str) -> str:
    return next(((one.text or "").strip() for one in element.iterchildren(etree.Element) if _name(one) == name), "")


def _name(element: etree._Element | None) -> str:
    """Return what an element is called, whatever its namespace."""
    return str(element.tag).rpartition("}")[2] if element is not None else ""

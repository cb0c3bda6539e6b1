"""Where a fault is: message, path, and the place in the feed that a document was cut from."""

import re

import pytest

from feedproc.xerces import StrayText
from tests.xerces.explaining import Origin, explain, scanner_fault
from tests.xerces.seeds import SMALL_ACKNOWLEDGEMENT, envelope, message

_HEAD = (
    "<AmazonEnvelope><Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier/></Header>"
    "<MessageType>OrderAdjustment</MessageType>"
)
_ITEM = "<AdjustedItem><MerchantOrderItemID/><AdjustmentReason>{}</AdjustmentReason></AdjustedItem>"


def _adjustment(number: object, *reasons: str) -> str:
    items = "".join(_ITEM.format(reason) for reason in reasons)
    adjustment = f"<OrderAdjustment><MerchantOrderID/>{items}</OrderAdjustment>"
    return f"<Message><MessageID>{number}</MessageID>{adjustment}</Message>"


def _feed(*messages: str) -> bytes:
    return f"{_HEAD}{''.join(messages)}</AmazonEnvelope>".encode()


def test_the_path_has_an_index_where_the_name_is_not_alone() -> None:
    faults = explain(_feed(_adjustment(1, "Other", "Nope")))
    path = "/AmazonEnvelope/Message/OrderAdjustment/AdjustedItem[2]/AdjustmentReason"
    assert [fault.path for fault in faults] == [path, path]


def test_the_path_has_no_index_where_the_name_is_alone() -> None:
    fault = explain(_feed(_adjustment(1, "Other"), _adjustment(2, "Nope")))[0]
    assert fault.path == "/AmazonEnvelope/Message/OrderAdjustment/AdjustedItem/AdjustmentReason"


def test_a_later_sibling_counts_too() -> None:
    fault = explain(_feed(_adjustment(1, "Nope", "Other")))[0]
    assert fault.path.endswith("/AdjustedItem[1]/AdjustmentReason")


def test_each_fault_knows_its_message() -> None:
    faults = explain(_feed(_adjustment(5, "Other"), _adjustment(" 007 ", "Nope"), _adjustment(9, "No")))
    assert {(fault.ordinal, fault.message_id) for fault in faults} == {(1, "007"), (2, "9")}


def test_an_id_that_is_none_is_not_told() -> None:
    faults = explain(_feed(_adjustment("x", "Nope")))
    assert {(fault.ordinal, fault.message_id) for fault in faults} == {(0, None)}


def test_an_id_that_is_none_but_by_xsi_type_is_not_told() -> None:
    names = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"'
    body = _adjustment("1&lt;/", "Nope").replace("<MessageID>", f'<MessageID {names} i:type="s:string">')
    assert {fault.message_id for fault in explain(_feed(body))} == {None}


def test_an_id_behind_the_fault_is_told() -> None:
    body = _adjustment(3, "Other").replace("<Message>", "<Message><Foo/>")
    assert explain(_feed(body))[0].message_id == "3"


def test_a_fault_of_the_envelope_is_in_no_message() -> None:
    fault = explain(b"<AmazonEnvelope><MessageType/></AmazonEnvelope>")[0]
    assert (fault.ordinal, fault.message_id, fault.path) == (None, None, "/AmazonEnvelope")


def test_places_of_a_piece_are_places_of_the_feed() -> None:
    piece = _feed(_adjustment(1, "Nope"), "\n" + _adjustment(2, "Nope"))
    origin = Origin(len(_HEAD), 70_000, 501)
    whole, moved = explain(piece), explain(piece, origin)
    assert [(fault.line, fault.column) for fault in moved] == [
        (70_000, whole[0].column - len(_HEAD) + 500),
        (70_000, whole[1].column - len(_HEAD) + 500),
        (70_001, whole[2].column),
        (70_001, whole[3].column),
    ]
    assert [fault.ordinal for fault in moved] == [0, 0, 1, 1]


def test_the_wrapper_is_not_told_of() -> None:
    wrapper = "<AmazonEnvelope><MessageType>x</MessageType><Message><MessageID/></Message>"
    document = f"{wrapper}{_adjustment(1, 'Nope')}</AmazonEnvelope>".encode()
    faults = explain(document, Origin(len(wrapper), 1, 1))
    assert [(fault.rule, fault.ordinal) for fault in faults] == [("cvc-enumeration-valid", 0), ("cvc-type.3.1.3", 0)]


def test_a_fault_of_the_scanner_is_moved_too() -> None:
    fault = scanner_fault(b"<Header>\n  <SKU></sku>", Origin(9, 12, 1))
    assert fault is not None
    assert (fault.line, fault.column) == (12, 10)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_beyond_65535_are_counted(newline: str) -> None:
    document = newline.join(["<Header>", *[""] * 69_998, "<a/></Header>"]).encode()
    assert explain(document)[0].line == 70_000


def test_columns_beyond_65535_are_counted() -> None:
    assert explain(f"<Header>{' ' * 70_000}<a/></Header>".encode())[0].column == 70_013


def test_columns_are_utf16_units() -> None:
    faults = explain("<Header><DocumentVersion>😀é</DocumentVersion></Header>".encode())
    assert faults[0].column == len("<Header><DocumentVersion>..é</DocumentVersion>") + 1


def test_a_byte_order_mark_takes_no_column() -> None:
    assert explain(b"\xef\xbb\xbf<Envelope/>")[0].column == 12


def test_many_messages_have_their_own_lines() -> None:
    bad = SMALL_ACKNOWLEDGEMENT.replace("Success", "success")
    faults = explain(envelope("OrderAcknowledgement", *(message(n, bad) for n in range(1, 101))).encode())
    firsts = faults[::2]
    assert [fault.ordinal for fault in firsts] == list(range(100))
    assert [fault.line for fault in firsts] == [10 + 3 * n for n in range(100)]


_SMALL = envelope("OrderAcknowledgement", message(1, SMALL_ACKNOWLEDGEMENT), message(2, SMALL_ACKNOWLEDGEMENT))
_GAP = re.compile(r">\s*(?=<)")


@pytest.mark.parametrize("around", ["{}", "<!-- <x> > -->\n {}", "<![CDATA[ {}]]>", "<?p <a> ?>{} <!-- - -->"])
def test_text_between_elements_is_told_with_its_own_place(around: str) -> None:
    gaps = [gap.end() for gap in _GAP.finditer(_SMALL)][1:-1]
    told, true = [], []
    for gap in gaps:
        document = _SMALL[:gap] + around.format("stray 😀") + _SMALL[gap:]
        told += [fault.stray for fault in explain(document.encode()) if fault.stray]
        before = document[: document.index("stray")]
        true.append(StrayText("stray 😀", before.count("\n") + 1, len(before) - before.rfind("\n")))
    assert told == true


def test_of_several_texts_between_elements_the_first_is_told() -> None:
    body = (
        _adjustment(1, "Other")
        .replace("<MessageID>", "one<MessageID>")
        .replace("<OrderAdjustment>", "two<OrderAdjustment>")
    )
    assert [fault.stray.text for fault in explain(_feed(body + "three")) if fault.stray] == ["one", "three"]


@pytest.mark.parametrize("line_end", ["\u2028", "\u0085"])
def test_what_ends_a_line_in_xml_1_1_alone_is_a_text_in_xml_1_0(line_end: str) -> None:
    (fault,) = explain(_feed(f"\n  <!-- -->{line_end}" + _adjustment(1, "Other")))
    assert fault.stray == StrayText(line_end, 2, 11)


def test_the_place_of_a_text_is_one_of_the_feed_that_a_piece_was_cut_from() -> None:
    piece = _feed("\n  stray" + _adjustment(1, "Other"))
    assert explain(piece, Origin(len(_HEAD), 70_000, 501))[0].stray == StrayText("stray", 70_001, 3)

import os
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.cli.builders import ACKNOWLEDGEMENT, SAMPLES, Shell, one_line

GOOD = SAMPLES / "feeds" / "good" / "acknowledgement-success.xml"
FAULTY = SAMPLES / "feeds" / "bad" / "acknowledgement-schema-faults.xml"
CUT_OFF = SAMPLES / "feeds" / "bad" / "acknowledgement-cut-off.xml"
ADJUSTMENTS = SAMPLES / "feeds" / "bad" / "adjustment-schema-faults.xml"
FULFILLMENT = SAMPLES / "feeds" / "good" / "fulfillment-partial.xml"


def test_a_valid_feed_is_said_to_be_valid(feedproc: Shell) -> None:
    ran = feedproc("validate", GOOD)
    assert (ran.code, ran.out) == (0, f"{GOOD}: valid in 2 messages\n")


def test_findings_tell_line_column_and_message(feedproc: Shell) -> None:
    ran = feedproc("validate", FAULTY)
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert lines[0].startswith(
        f"{FAULTY}:18:49: message 2: XML Parsing Error at Line 18, Column 49: cvc-pattern-valid: "
    )
    assert lines[-1] == f"{FAULTY}: 8 findings in 6 messages"


def test_json_is_one_object_a_line_with_these_fields(feedproc: Shell) -> None:
    good, faulty = feedproc("validate", "--format", "json", GOOD, FAULTY).objects
    assert good == {"file": str(GOOD), "valid": True, "messages": 2, "findings": []}
    assert (faulty["file"], faulty["valid"], faulty["messages"]) == (str(FAULTY), False, 6)
    assert list(faulty) == ["file", "valid", "messages", "findings"]
    wanted = ["line", "column", "message_id", "code", "rule", "path", "description"]
    assert all(list(one)[:7] == wanted for one in faulty["findings"])
    assert all(list(one)[7:] in (["reason"], ["reason", "hint"]) for one in faulty["findings"])


def test_one_invalid_file_among_valid_ones_makes_exit_code_1(feedproc: Shell) -> None:
    assert feedproc("validate", GOOD, FAULTY, GOOD).code == 1


def test_standard_input_is_called_as_it_was_given(feedproc: Shell) -> None:
    ran = feedproc("validate", "--format", "json", "-", stdin=GOOD.read_bytes())
    assert (ran.code, ran.json["file"], ran.json["messages"]) == (0, "-", 2)


def test_without_a_feed_type_any_message_type_will_do(feedproc: Shell) -> None:
    assert feedproc("validate", FULFILLMENT).code == 0
    assert feedproc("validate", SAMPLES / "orders-report.xml").code == 0


@pytest.mark.parametrize("spelled", [ACKNOWLEDGEMENT, f"_{ACKNOWLEDGEMENT}_"])
def test_with_a_feed_type_messages_of_another_are_findings(feedproc: Shell, spelled: str) -> None:
    ran = feedproc("validate", "--feed-type", spelled, "--format", "json", FULFILLMENT)
    assert ran.code == 1
    assert [(one["message_id"], one["code"]) for one in ran.json["findings"]] == [("1", 25), ("2", 25), ("3", 25)]
    assert feedproc("validate", "--feed-type", spelled, GOOD).code == 0


def test_the_report_is_what_processing_would_give(feedproc: Shell) -> None:
    ran = feedproc("validate", "--format", "report", FAULTY)
    expected = FAULTY.with_suffix(".report.xml").read_text().replace("50001019793", "1")
    assert (ran.code, ran.out) == (1, expected + "\n")


def test_the_report_of_an_unreadable_feed_holds_one_result(feedproc: Shell) -> None:
    ran = feedproc("validate", "--format", "report", CUT_OFF)
    assert ran.code == 1
    assert ran.out.count("<Result>") == 1
    assert "<MessagesProcessed>0<" in ran.out


def test_the_report_of_a_faulty_header_counts_no_success(feedproc: Shell) -> None:
    path = SAMPLES / "feeds" / "bad" / "acknowledgement-header-fault.xml"
    ran = feedproc("validate", "--format", "report", "--feed-type", ACKNOWLEDGEMENT, path)
    assert ran.out == path.with_suffix(".report.xml").read_text().replace("50001019793", "1") + "\n"


def test_a_missing_file_is_one_line_and_exit_code_2(feedproc: Shell, tmp_path: Path) -> None:
    ran = feedproc("validate", GOOD, tmp_path / "missing.xml")
    assert (ran.code, ran.out) == (2, "")
    assert one_line(ran.err)


def test_a_feed_with_a_fault_in_every_message_is_told_whole(feedproc: Shell, tmp_path: Path) -> None:
    text = FAULTY.read_text()
    start, end = text.index("  <Message>\n    <MessageID>2"), text.index("  <Message>\n    <MessageID>3")
    path = tmp_path / "many.xml"
    path.write_text(text[:start] + text[start:end] * 2000 + text[start:end] + "</AmazonEnvelope>\n")
    ran = feedproc("validate", "--format", "json", path)
    assert (ran.json["messages"], len(ran.json["findings"])) == (2002, 4002)


def test_with_a_feed_type_what_no_order_could_allow_is_told_with_its_reason(feedproc: Shell) -> None:
    refused = SAMPLES / "feeds" / "bad" / "adjustment-refused.xml"

    ran = feedproc("validate", "--feed-type", "_POST_PAYMENT_ADJUSTMENT_DATA_", refused)

    assert ran.code == 1
    assert "message 2: Adjustment amount for item price is a negative value." in ran.out
    assert "       = Principal of item 10000000000601 is negative\n" in ran.out


def test_without_a_feed_type_the_content_says_which_it_is(feedproc: Shell) -> None:
    refused = SAMPLES / "feeds" / "bad" / "adjustment-refused.xml"
    untold = feedproc("validate", refused)
    assert untold.code == 1
    assert untold.out == feedproc("validate", refused, "--feed-type", "POST_PAYMENT_ADJUSTMENT_DATA").out


def test_a_ship_date_in_the_future_is_told_without_any_order(feedproc: Shell) -> None:
    refused = SAMPLES / "feeds" / "bad" / "fulfillment-refused.xml"
    (found,) = feedproc("validate", "--feed-type", "POST_ORDER_FULFILLMENT_DATA", "--format", "json", refused).objects
    assert [(one["message_id"], one["code"]) for one in found["findings"]] == [("5", 5002)]


def test_under_each_finding_stand_its_path_its_line_and_what_is_said_of_it(feedproc: Shell) -> None:
    lines = feedproc("validate", FAULTY).out.splitlines()
    assert lines[1].startswith(f"{FAULTY}:18:49: message 2: XML Parsing Error at Line 18, Column 49: cvc-type.3.1.3: ")
    assert lines[2:7] == [
        "      --> /AmazonEnvelope/Message/OrderAcknowledgement/AmazonOrderID",
        "    18 |       <AmazonOrderID>250-1000002</AmazonOrderID>",
        "       |                      ^^^^^^^^^^^",
        "       = `AmazonOrderID` must be Amazon's number of the order: 3, 7 and 7 letters or digits with hyphens"
        " between them, such as `250-1234567-1234567`; this is `250-1000002`.",
        "       = hint: If this is your own number of the order: an acknowledgement takes Amazon's, and yours"
        " beside it.",
    ]


def test_a_finding_is_one_line_that_can_be_searched_for_whatever_its_value_holds(
    feedproc: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(GOOD.read_text().replace("250-1000001-0000001", "\n250-1000001-0000001\x9b31m\u202e"))
    out = feedproc("validate", path).out
    assert len([line for line in out.splitlines() if line.startswith(f"{path}:")]) == 3
    assert not set(out) & {"\x9b", "\u202e"}


def test_an_empty_feed_has_no_line_to_show(feedproc: Shell, tmp_path: Path) -> None:
    path = tmp_path / "empty.xml"
    path.touch()
    assert feedproc("validate", path).out.splitlines()[1:3] == [
        "       = The feed is empty.",
        "       = hint: Look whether the program that wrote it came to its end.",
    ]


def test_of_a_feed_that_is_cut_off_the_last_line_is_shown(feedproc: Shell, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(GOOD.read_text().partition("  </Message>")[0])
    lines = feedproc("validate", path).out.splitlines()
    assert lines[1].endswith(" |     </OrderAcknowledgement>")


def test_standard_input_is_shown_too(feedproc: Shell) -> None:
    out = feedproc("validate", "-", stdin=FAULTY.read_bytes()).out
    assert "\n    18 |       <AmazonOrderID>250-1000002</AmazonOrderID>\n" in out


def test_a_wrong_feed_type_is_told_with_the_right_one(feedproc: Shell) -> None:
    out = feedproc("validate", "--feed-type", ACKNOWLEDGEMENT, FULFILLMENT).out
    assert out.splitlines()[1:6] == [
        "      --> /AmazonEnvelope/Message/OrderFulfillment",
        "    10 |     <OrderFulfillment>",
        "       |     ^^^^^^^^^^^^^^^^^^",
        "       = This feed type takes OrderAcknowledgement messages; this one is `OrderFulfillment`.",
        "       = hint: Send it as `POST_ORDER_FULFILLMENT_DATA`.",
    ]


_OF_TERMINALS = {"NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR"}


def on_a_terminal(*arguments: object, columns: int = 80, rows: int = 24, **environment: str) -> str:
    """What the command shows on a terminal of so many columns and rows."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (rows, columns))
    command = [sys.executable, "-m", "feedproc", "validate", *map(str, arguments)]
    around = {name: value for name, value in os.environ.items() if name not in _OF_TERMINALS}
    ran = subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=around | {"TERM": "xterm"} | environment)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    _, errors = ran.communicate(timeout=60)
    assert not errors
    return shown.decode().replace("\r\n", "\n")


def test_on_a_terminal_it_reads_as_a_compilers_words_do() -> None:
    shown = on_a_terminal(ADJUSTMENTS)
    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert plain.startswith(
        f"{ADJUSTMENTS}:18:52: error[5002 cvc-fractionDigits-valid] message 1: Value '100.005' has 3 fraction digits,"
        " but the number of fraction digits has been limited to 2.\n"
    )
    assert (
        '    18 |             <Amount currency="JPY">100.005</Amount>\n'
        "       |                                    ^^^^^^^\n"
        "       = `Amount` may have at most 2 decimals; `100.005` has 3.\n"
        "       = hint: Round where the amount is worked out; sums of money in a program\n"
        "         should be decimals, not floats.\n"
        "\n"
    ) in plain


def test_without_colour_where_that_is_wished() -> None:
    assert "\x1b[" not in on_a_terminal(FAULTY, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(FAULTY, TERM="dumb")


@pytest.mark.parametrize("columns", [30, 60, 200])
def test_excerpts_and_reasons_fit_the_terminal(columns: int) -> None:
    shown = on_a_terminal(FAULTY, "--all", columns=columns, NO_COLOR="1")
    drawn = [line for line in shown.splitlines() if re.match(r" +\d* [|=] ", line)]
    assert len(drawn) > 10
    assert all(len(line) <= columns or "`" in line for line in drawn)


@pytest.mark.parametrize("rows", [5, 24, 40, 60, 200])
@pytest.mark.parametrize("columns", [60, 120])
def test_findings_are_told_as_far_as_they_fit_on_the_terminal_and_counted_beyond(columns: int, rows: int) -> None:
    shown = on_a_terminal(FAULTY, columns=columns, rows=rows, NO_COLOR="1")
    all_of_them = on_a_terminal(FAULTY, "--all", columns=columns, rows=rows, NO_COLOR="1")
    more = re.search(r"… and (\d+) more; `--all` shows them", shown)
    taken = sum(max(1, -(-len(line) // columns)) for line in shown.split("\n"))
    assert taken <= rows or len(re.findall("-->", shown)) == 1, "the first is told however small the terminal is"
    assert shown.count(" error[") + int(more[1] if more else 0) == all_of_them.count(" error[")
    assert more is not None or shown == all_of_them

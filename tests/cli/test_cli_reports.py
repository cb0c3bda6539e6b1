from feedproc.feeds.feed_type import FeedTypes
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_store
from tests.cli.builders import SAMPLES, Shell, one_line

ORDERS, ALL = "GET_FLAT_FILE_ORDERS_DATA", "GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE"
SAMPLE_ORDERS = len((SAMPLES / "orders.jsonl").read_text("utf-8").splitlines())
DATES = ("--start", "2024-03-01", "--end", "2024-04-01")


def work(shop: Shell) -> None:
    with open_store(Place(data_dir=shop.data_dir)) as backend:
        while process_next(Processing(backend, FeedTypes([]), "w", Policy(), read_clock, load_report_types())):
            pass


def test_a_report_is_asked_for_listed_and_printed_to_the_byte(shop: Shell) -> None:
    asked = shop("reports", "request", f"_{ALL}_", *DATES).out.strip()
    assert shop("reports", "list").rows[0][:3] == [asked, ALL, "SUBMITTED"]
    work(shop)
    (row,) = shop("reports", "list", "--status", "done").rows
    assert (row[0], row[4:6]) == (asked, ["2024-03-01 00:00:00", "2024-04-01 00:00:00"])
    printed = shop("reports", "get", asked).out
    assert printed.startswith('<?xml version="1.0" encoding="ISO-8859-1"?>\n<AmazonEnvelope')
    assert printed.count("<AmazonOrderID>250-10000") == SAMPLE_ORDERS
    assert printed.endswith("</AmazonEnvelope>\n")


def test_a_report_is_asked_for_with_the_sales_channel_and_by_sp_apis_name(shop: Shell) -> None:
    name = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
    shop("reports", "request", name, "--sales-channel", *DATES)
    (told,) = shop("reports", "list", "--format", "json").objects
    assert (told["report_type"], told["asked"]["spelled_type"]) == (ORDERS, name)
    assert told["asked"]["options"] == {"ShowSalesChannel": "true"}


def test_what_cannot_be_asked_for_or_printed_is_said_in_one_line(shop: Shell) -> None:
    waiting = shop("reports", "request", ORDERS).out.strip()
    for arguments in (("request", "GET_NOTHING"), ("request", "GET_ORDERS_DATA"), ("get", waiting), ("get", "../x")):
        refused = shop("reports", *arguments)
        assert refused.code == 1
        assert one_line(refused.err)


def test_an_empty_report_says_that_there_is_none(shop: Shell) -> None:
    asked = shop("reports", "request", ORDERS, "--start", "2001-01-01", "--end", "2001-01-02").out.strip()
    work(shop)
    assert "DONE_NO_DATA" in shop("reports", "get", asked).err

import re

import pytest

from tests.cli.builders import Shell


def test_orders_come_in_while_it_runs(feedproc: Shell) -> None:
    run = feedproc("simulate", "--rate", "600/m", "--for", "2s", "--pending-for", "0s", "--regretted", "100")
    assert run.code == 0
    assert len(re.findall(r"^250-\d{7}-\d{7}  placed$", run.out, re.MULTILINE)) >= 5
    assert "  released" in run.out
    listed = feedproc("orders", "list", "--format", "json").objects
    assert {one["status"] for one in listed} <= {"Pending", "Unshipped"}


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--rate", "often", "is no rate"), ("--rate", "0/m", "is no rate"), ("--for", "long", "is no length of time")],
)
def test_what_is_no_rate_or_time_is_told_in_one_line(feedproc: Shell, option: str, value: str, says: str) -> None:
    run = feedproc("simulate", option, value)
    assert run.code == 2
    assert says in run.err


def test_an_order_that_was_not_confirmed_is_cancelled_by_a_feed(feedproc: Shell) -> None:
    feedproc("orders", "generate", "3")
    run = feedproc("simulate", "--rate", "1/h", "--for", "1s", "--cancelled-after", "0s")
    late = re.findall(r"^(250-\S+)  cancelled automatically$", run.out, re.MULTILINE)
    assert late
    (feed,) = feedproc("feeds", "list", "--format", "json").objects
    assert feed["feed_type"] == "POST_ORDER_ACKNOWLEDGEMENT_DATA"

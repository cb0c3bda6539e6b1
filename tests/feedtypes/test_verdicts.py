"""The table of verdicts."""

from string import Formatter

import pytest

from feedproc.feedtypes.verdicts import VERDICTS
from feedproc.orders.rules import Rule
from feedproc.wiring.machine import load_feed_types


def test_every_rule_has_a_verdict() -> None:
    assert set(VERDICTS) == set(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_a_verdict_asks_for_nothing_that_is_not_known(rule: Rule) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(VERDICTS[rule].text) if field}

    assert fields <= {"host", "amazon_order_id"}
    assert VERDICTS[rule].code in {18021, 18028, 5002}


def test_every_feed_type_is_declared() -> None:
    assert load_feed_types().offered == (
        "POST_FLAT_FILE_FULFILLMENT_DATA",
        "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
        "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
        "POST_ORDER_ACKNOWLEDGEMENT_DATA",
        "POST_ORDER_FULFILLMENT_DATA",
        "POST_PAYMENT_ADJUSTMENT_DATA",
    )

"""What changes do to a level."""

import pytest

from feedproc.stock.change import By, Movement, StockChange, To, measure


def test_a_level_is_moved_or_set() -> None:
    assert By(3).apply_to(4) == 7
    assert By(-3).apply_to(4) == 1
    assert To(3).apply_to(4) == 3


def test_a_level_is_never_set_below_zero() -> None:
    with pytest.raises(ValueError, match="-1 units"):
        To(-1)


def test_what_is_set_to_the_level_it_has_moves_nothing() -> None:
    to, by = StockChange("A", To(7), "Set"), StockChange("A", By(2), "BuyerCanceled")
    changes = [("1", to), ("2", to), ("3", by), ("4", to)]
    assert measure(changes, {"A": 10}) == [Movement("1", to, -3), Movement("3", by, 2), Movement("4", to, -2)]


def test_changes_of_several_skus_do_not_disturb_each_other() -> None:
    a, b = StockChange("A", To(7), "Set"), StockChange("B", To(1), "Set")
    assert [one.units for one in measure([("1", a), ("2", b), ("3", a)], {"A": None, "B": 3})] == [7, -2]

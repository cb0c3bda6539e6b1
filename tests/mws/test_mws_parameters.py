"""Parameters: from bytes to names and values, and the values in their types."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.mws.parameters import MOST_PARAMETERS, Parameters, parse_pairs
from feedproc.mws.refusals import DateMalformed, MemberMissing, ParameterInvalid, QueryMalformed


def parameters(query: str) -> Parameters:
    return Parameters(parse_pairs(query.encode()))


@pytest.mark.parametrize("query", ["&a=1&b=2", "a=1&&b=2&", "a=1&b=2&a=1"])
def test_empty_and_repeated_parts_do_not_count(query: str) -> None:
    assert parameters(query).pairs == (("a", "1"), ("b", "2"))


@pytest.mark.parametrize("value", ["x+y", "x%20y"])
def test_a_plus_and_a_percent_twenty_are_blanks(value: str) -> None:
    assert parameters(f"a={value}").get("a") == "x y"


def test_a_name_without_a_value_is_absent_but_signed() -> None:
    given_names = parameters("MWSAuthToken=&flag")
    assert given_names.get("MWSAuthToken") is None
    assert "flag" in given_names
    assert given_names.pairs == (("MWSAuthToken", ""), ("flag", ""))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("a=b=c", "a=b=c is not valid; the value of a query string parameter may not contain a '=' delimiter"),
        ("ContentMD5Value=abc==", "ContentMD5Value=abc== is not valid; the value of a query string parameter"),
        ("<a>=1", "Keys may not contain <"),
        ("%3Ca=1", "Keys may not contain <"),
        ("a=1&a=2", "a is given twice"),
    ],
)
def test_a_malformed_query_is_refused_and_says_why(query: str, fault: str) -> None:
    with pytest.raises(QueryMalformed, match="Invalid query string provided - ") as refusal:
        parameters(query)
    assert fault in str(refusal.value)


def test_too_many_parameters_are_refused() -> None:
    assert len(parse_pairs(b"&".join(b"p%d=" % n for n in range(MOST_PARAMETERS)))) == MOST_PARAMETERS
    with pytest.raises(QueryMalformed):
        parse_pairs(b"a=1&" * (MOST_PARAMETERS + 1))


def test_a_list_is_ordered_by_number_whatever_its_gaps() -> None:
    query = "L.Id.10=c&L.Id.2=b&L.Id.1=a&L.Id.11=&L.Id.x=no&L.Idle.1=no&L.Id.12=a"
    assert parameters(query).list_values("L.Id") == ("a", "b", "c")


def test_a_list_of_one_needs_no_number() -> None:
    assert parameters("L.Id=50001").list_values("L.Id") == ("50001",)


def test_a_name_is_not_a_pattern() -> None:
    assert parameters("LxId.1=no").list_values("L.Id") == ()


def test_a_required_parameter_that_is_empty_is_missing() -> None:
    with pytest.raises(MemberMissing, match="Value null at 'nextToken'"):
        parameters("NextToken=").require("NextToken")


def test_a_time_is_read_in_utc() -> None:
    read = parameters("t=2018-04-27T23%3A46%3A36%2B09%3A00").read_time("t")
    assert read == datetime(2018, 4, 27, 14, 46, 36, tzinfo=UTC)
    assert parameters("").read_time("t") is None


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(DateMalformed, match="timestamp must follow ISO8601"):
        parameters("t=yesterday").read_time("t")


@pytest.mark.parametrize("value", ["0", "101", "-1", "1.0", "ten", "%EF%BC%91", "9" * 5000])
def test_a_number_outside_its_range_is_refused(value: str) -> None:
    with pytest.raises(ParameterInvalid, match="from 1 to 100"):
        parameters(f"n={value}").read_number("n", 10, 1, 100)


@pytest.mark.parametrize(("query", "number"), [("", 10), ("n=", 10), ("n=1", 1), ("n=100", 100), ("n=007", 7)])
def test_a_number_in_its_range_is_taken(query: str, number: int) -> None:
    assert parameters(query).read_number("n", 10, 1, 100) == number


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    try:
        read = Parameters(parse_pairs(noise))
    except QueryMalformed:
        return
    for name, _ in read.pairs:
        read.list_values(name)
        read.get(name)


@given(st.lists(st.text("ab1", min_size=1, max_size=3), unique=True, max_size=30), st.randoms(use_true_random=False))
def test_a_list_comes_back_in_order_however_it_was_sent(items: list[str], random: Random) -> None:
    pairs = [(f"L.{number}", item) for number, item in enumerate(items, 1)]
    random.shuffle(pairs)
    assert Parameters(pairs).list_values("L") == tuple(items)

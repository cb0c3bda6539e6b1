"""What guards the console under load: from many threads, and with many names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count

from feedproc.console.attempts import MOST_OF_BOTH, MOST_OF_SELLER, WINDOW, Attempts
from feedproc.console.form_guard import FormGuard
from tests.builders import NOON


class Watch:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_one_form_sent_from_many_threads_acts_once() -> None:
    guard, numbers = FormGuard(), count(1)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: guard.act_once("A2SHOP", "form-1", lambda: str(next(numbers))), range(100)))
    assert set(done) == {"1"}


def test_two_sellers_may_send_forms_of_the_same_id() -> None:
    guard = FormGuard()
    assert guard.act_once("A2SHOP", "form-1", lambda: "one") == "one"
    assert guard.act_once("A3RIVAL", "form-1", lambda: "another") == "another"


def test_a_form_without_an_id_is_sent_each_time() -> None:
    guard, numbers = FormGuard(), count(1)
    assert [guard.act_once("A2SHOP", "", lambda: str(next(numbers))) for _ in range(3)] == ["1", "2", "3"]


def test_of_many_forms_the_last_thousand_are_remembered() -> None:
    guard, numbers = FormGuard(), count(1)

    def send(form: int) -> str:
        return guard.act_once("A2SHOP", f"form-{form}", lambda: str(next(numbers)))

    first = [send(form) for form in range(1_500)]
    assert [send(form) for form in range(500, 1_500)] == first[500:]
    assert send(499) == "1501"


def test_only_so_many_names_that_were_tried_are_remembered() -> None:
    attempts = Attempts(Watch())
    for number in range(20_000):
        assert attempts.begin(f"A9NOBODY{number}", f"10.0.{number // 250}.{number % 250}")
    assert attempts.remembered <= 10_000
    for _ in range(MOST_OF_BOTH - 1):
        assert attempts.begin("A9NOBODY19999", "10.0.79.249")
    assert not attempts.begin("A9NOBODY19999", "10.0.79.249")


def test_names_whose_window_has_passed_are_forgotten_before_those_that_still_count() -> None:
    watch = Watch()
    attempts = Attempts(watch)
    for number in range(4_000):
        attempts.begin(f"A9OLD{number}", "10.0.0." + str(number))
    watch.now += WINDOW - timedelta(seconds=1)
    for _ in range(MOST_OF_BOTH):
        attempts.begin("A2SHOP", "10.1.0.1")
    watch.now += timedelta(seconds=1)
    for number in range(3_000):
        attempts.begin(f"A9NEW{number}", "10.2.0." + str(number))
    assert attempts.remembered == 3 * 3_000 + 3
    assert not attempts.begin("A2SHOP", "10.1.0.1")


def test_attempts_from_many_threads_cannot_race_past_the_limit() -> None:
    attempts = Attempts(Watch())
    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(lambda _: attempts.begin("A2SHOP", "10.0.0.1"), range(200)))
    assert sum(allowed) == MOST_OF_BOTH


def test_a_seller_is_guarded_from_a_guesser_with_many_addresses() -> None:
    attempts = Attempts(Watch())
    allowed = [attempts.begin("A2SHOP", f"10.0.{number // 250}.{number % 250}") for number in range(300)]
    assert sum(allowed) == MOST_OF_SELLER


def test_attempts_are_forgotten_when_the_window_has_passed() -> None:
    watch = Watch()
    attempts = Attempts(watch)
    for _ in range(MOST_OF_BOTH):
        assert attempts.begin("A2SHOP", "10.0.0.1")
    watch.now += WINDOW - timedelta(seconds=1)
    assert not attempts.begin("A2SHOP", "10.0.0.1")
    watch.now += timedelta(seconds=1)
    assert attempts.begin("A2SHOP", "10.0.0.1")

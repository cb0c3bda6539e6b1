"""The feeds that were handed in, and what became of each message."""

import pytest

from feedproc.feeds.submission import Door, NewSubmission, ProcessingStatus
from feedproc.ports import Filter
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    OTHER_SELLER,
    SELLER,
    a_feed,
    a_seller,
    cancels,
    order_id,
    orders,
    refunds,
    ships,
    told_by,
)
from tests.console.builders import Visitor, with_password
from tests.console.feeds import BAD, ESCAPED, FLAT_CANCELLATION, SCRIPT, bytes_of, follow, last, send
from tests.services.faults import after_commits

UNKNOWN = 9_000_000
MIXED = a_feed(cancels(1), cancels(UNKNOWN), cancels(2), cancels(UNKNOWN + 1))


@pytest.fixture
def seller(seller: Visitor) -> Visitor:
    seller.shop.stocked(*orders(200))
    return seller


def done(seller: Visitor, feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> str:
    """Send a feed, let it be processed, and return the address of its page, already seen."""
    path = send(seller, feed, feed_type)
    seller.shop.work()
    seller.get(path)
    return path


def verdicts(seller: Visitor) -> list[str]:
    return [part.partition("<")[0] for part in seller.page.split('<td data-label="Verdict"><span class="badge ')[1:]]


def test_each_message_stands_beside_its_line_and_verdict(seller: Visitor) -> None:
    done(seller, MIXED)
    assert [one.partition('"')[0] for one in verdicts(seller)] == ["successful", "error", "successful", "error"]
    source = MIXED.decode().split("\n")
    for number in (1, 2, 3, 4):
        line = source.index(f"    <MessageID>{number}</MessageID>")
        assert f'class="num">{line}</td>' in seller.page
    assert "The order book has no order" in seller.text
    assert "2 of 4 succeeded 2 failed" in seller.text


@pytest.mark.parametrize("door", [Door.SP_API, Door.MWS, None])
def test_a_feed_tells_through_which_api_it_came(seller: Visitor, door: Door | None) -> None:
    handed_in = seller.shop.submit(MIXED)
    given = {name: getattr(handed_in, name) for name in NewSubmission.__struct_fields__}
    submission = seller.shop.backend.submissions.add(NewSubmission(**(given | {"door": door})))
    page = seller.get(f"/feeds/{submission.submission_id}").text
    assert (f"<dt>Came through</dt><dd>{door}</dd>" in page) is (door is not None)
    assert ("Came through" in page) is (door is not None)


def test_a_feed_of_a_page_came_through_these_pages(seller: Visitor) -> None:
    assert "<dt>Came through</dt><dd>these pages</dd>" in seller.get(send(seller, MIXED)).text


def test_only_the_failed_messages_can_be_looked_at(seller: Visitor) -> None:
    path = done(seller, MIXED)
    seller.get(f"{path}?which=failed")
    assert [one.partition('"')[0] for one in verdicts(seller)] == ["error", "error"]


def test_a_long_feed_is_shown_in_pages_of_fifty(seller: Visitor) -> None:
    path = done(seller, a_feed(*[cancels(number) for number in range(1, 121)]))
    assert len(verdicts(seller)) == 50
    assert "of 3" in seller.text
    seller.get(f"{path}?page=3")
    assert len(verdicts(seller)) == 20
    assert f"AmazonOrderID&gt;{order_id(120)}&lt;" in seller.page
    for page in ("4", "999999999", "0", "-1", "x", "٣", ""):
        assert seller.get(f"{path}?page={page}").status_code == 200


def test_a_feed_that_is_no_xml_tells_why_and_where_and_can_be_mended_whole(seller: Visitor) -> None:
    path = done(seller, BAD.replace(b"</AmazonEnvelope>", b""))
    assert "About the feed as a whole" in seller.text
    assert "50001 · The XML you submitted is ill-formed" in seller.text
    follow(seller, seller.post(f"{path}/failed"))
    assert "Check: failed messages of" in seller.text


def test_a_feed_of_anothers_tells_whose_it_must_be(seller: Visitor) -> None:
    done(seller, a_feed(cancels(1), merchant="M_OTHER"))
    assert f"write {SELLER} or M_{SELLER}_1." in seller.text


def test_only_the_failed_messages_are_sent_again_byte_for_byte(seller: Visitor) -> None:
    odd = MIXED.replace(b"  <Message>\n    <MessageID>4", b"<!-- </Message> --><Message >\r\n <MessageID> 4 ")
    odd = odd.replace(b"</AmazonEnvelope>", b"<!-- end --></AmazonEnvelope>")
    path = done(seller, odd)
    draft = follow(seller, seller.post(f"{path}/failed"))
    assert "Messages looked at: 2." in seller.text
    follow(seller, seller.post(f"{draft}/send", type=ACKNOWLEDGEMENT))
    again = bytes_of(seller, last(seller))
    head, second, *_ = odd.partition(b"  <Message>")
    first = odd.split(b"  <Message>")[2].partition(b"</Message>")[0]
    fourth = odd[odd.index(b"<Message >") :].partition(b"</Message>")[0]
    assert again == (head + second + first + b"</Message>\n  " + fourth + b"</Message>\n</AmazonEnvelope>\n")
    seller.shop.work()
    assert seller.shop.report(last(seller)).codes == [("2", 18028), ("4", 18028)]


def test_failed_rows_of_a_text_file_are_sent_again_under_their_headings(seller: Visitor) -> None:
    heading = "order-id\tcancellation-reason-code\tamazon-order-item-code\r\n"
    rows = [f"{order_id(number)}\tNoInventory\t{number:014}\r\n" for number in (1, UNKNOWN, 2)]
    bad = f"{order_id(3)}\tGrößer\t{3:014}\r\n"
    path = done(seller, "".join((heading, *rows, bad)).encode("cp1252"), FLAT_CANCELLATION)
    assert "2 of 4 succeeded 2 failed" in seller.text
    assert "Größer" in seller.text
    draft = follow(seller, seller.post(f"{path}/failed"))
    follow(seller, seller.post(f"{draft}/send", type=FLAT_CANCELLATION))
    assert bytes_of(seller, last(seller)) == (heading + rows[1] + bad).encode("cp1252")


def test_a_feed_in_shift_jis_is_shown_in_its_characters_and_sent_again_in_utf8(seller: Visitor) -> None:
    text = MIXED.decode().replace("UTF-8", "Shift_JIS").replace("BuyerCanceled", "在庫切れ", 1)
    path = done(seller, text.encode("shift_jis"))
    assert "在庫切れ" in seller.page
    follow(seller, seller.post(f"{path}/failed"))
    assert "encoding=&#34;UTF-8&#34;" in seller.page
    assert "在庫切れ" in seller.page


def test_nothing_is_sent_again_when_nothing_failed(seller: Visitor) -> None:
    path = done(seller, a_feed(cancels(1)))
    assert f'{path}/failed"' not in seller.page
    assert seller.post(f"{path}/failed").status_code == 400


def test_feed_and_report_come_back_to_the_byte_and_never_as_a_page(seller: Visitor) -> None:
    path = done(seller, MIXED)
    feed, report = seller.get(f"{path}/feed"), seller.get(f"{path}/report")
    assert feed.data == MIXED
    assert feed.content_length == len(MIXED)
    assert report.data == seller.shop.raw_report(last(seller))
    assert told_by(report.data).counts == (4, 2, 2, 0)
    for answer, kind, name in ((feed, "text/xml", "feed"), (report, "text/xml;charset=UTF-8", "report")):
        assert answer.headers["Content-Type"] == kind
        assert (
            answer.headers["Content-Disposition"] == f'attachment; filename="{name}-{last(seller).submission_id}.xml"'
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_submitted_as_a_feed_comes_back_as_a_text_to_be_saved(seller: Visitor) -> None:
    path = done(seller, f"x\t{SCRIPT}".encode(), FLAT_CANCELLATION)
    answer = seller.get(f"{path}/feed")
    assert answer.mimetype == "text/tab-separated-values"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert seller.get(f"{path}/report").headers["Content-Type"] == "text/plain;charset=windows-1252"


def test_a_waiting_feed_can_be_cancelled_and_a_done_one_not(seller: Visitor) -> None:
    path = send(seller, a_feed(cancels(1)))
    assert "It waits for its turn." in seller.text
    follow(seller, seller.post(f"{path}/cancel"))
    assert "cancelled by the seller" in seller.text
    assert seller.shop.work() == 0
    path = done(seller, a_feed(cancels(1)))
    assert f"{path}/cancel" not in seller.page
    follow(seller, seller.post(f"{path}/cancel"))
    assert last(seller).status is ProcessingStatus.DONE


def test_there_is_no_report_before_the_end(seller: Visitor) -> None:
    path = send(seller, a_feed(cancels(1)))
    assert seller.get(f"{path}/report").status_code == 404
    assert seller.get(f"{path}/feed").status_code == 200


def test_a_running_feed_shows_how_far_it_is(seller: Visitor) -> None:
    submission = seller.shop.submit(a_feed(*[cancels(number) for number in range(1, 201)] * 4))

    def stop() -> None:
        raise KeyboardInterrupt

    seller.shop.backend = after_commits(seller.shop.backend, stop)
    with pytest.raises(KeyboardInterrupt):
        seller.shop.work()
    seller.get(f"/feeds/{submission.submission_id}/status")
    assert '<progress max="800" value="500"' in seller.page
    assert "data-poll" in seller.page
    seller.get("/feeds/live")
    assert "500 of 800" in seller.text
    assert "data-running" in seller.page


def test_the_list_is_newest_first_and_goes_on(seller: Visitor) -> None:
    sent = [seller.shop.submit(a_feed(cancels(1))).submission_id for _ in range(60)]
    seen: list[str] = []
    path: str | None = "/feeds"
    while path:
        seller.get(path)
        seen += [part.partition('"')[0] for part in seller.page.split('class="id" href="/console/feeds/')[1:]]
        found = seller.page.partition('rel="next" href="/console')[2].partition('"')[0]
        path = found.replace("&amp;", "&") or None
    assert seen == sent[::-1]


def test_the_list_can_be_narrowed_to_a_status(seller: Visitor) -> None:
    done(seller, a_feed(cancels(1)))
    send(seller, a_feed(cancels(2)))
    for status, rows in (("DONE", 1), ("SUBMITTED", 1), ("CANCELLED", 0), ("", 2), ("<x>", 2)):
        seller.get("/feeds/live?status=" + status)
        assert seller.page.count("</tr>") - (1 if rows else 0) == rows


def test_a_feed_full_of_script_stays_text_in_every_place(seller: Visitor) -> None:
    hostile = [cancels(number, ESCAPED) for number in (1, 2)]
    feed = a_feed(*hostile, refunds(1, currency=ESCAPED))
    path = done(seller, feed.replace(b"<MessageID>2", b"<MessageID>&lt;script&gt;"))
    for page in ("", "?which=failed", "/status"):
        seller.get(path + page)
        assert "<script>" not in seller.page
    seller.get(path)
    assert "alert(1)" in seller.page
    path = done(seller, f"order-id\t{SCRIPT}\n{SCRIPT}\t{SCRIPT}\n".encode(), FLAT_CANCELLATION)
    assert SCRIPT not in seller.page
    assert ESCAPED in seller.page


def test_another_sellers_submission_is_not_found(seller: Visitor) -> None:
    path = done(seller, MIXED)
    seller.shop.stocked(seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER, "the rival's password")
    rival = Visitor(seller.shop)
    rival.sign_in(OTHER_SELLER, "the rival's password")
    rival.get("/feeds")
    for page in ("", "/status", "/feed", "/report"):
        assert rival.get(path + page).status_code == 404
    rival.get("/feeds")
    for act in ("/cancel", "/failed"):
        assert rival.post(path + act).status_code == 404
    rival.get("/feeds")
    assert last(seller).submission_id not in rival.page


@pytest.mark.parametrize("name", ["1", "x", "50001019786x", "%00", "あ", "..", "0" * 400])
def test_a_submission_that_there_is_not_is_not_found(seller: Visitor, name: str) -> None:
    for page in ("", "/status", "/feed", "/report"):
        assert seller.get(f"/feeds/{name}{page}").status_code == 404


def test_verdicts_are_shown_when_the_feed_is_no_longer_kept(seller: Visitor) -> None:
    path = done(seller, MIXED)
    seller.shop.backend.documents.delete(last(seller).document)
    seller.get(path)
    assert len(verdicts(seller)) == 4
    assert seller.get(f"{path}/feed").status_code == 404
    seller.get(path)
    assert seller.post(f"{path}/failed").status_code == 404


def test_a_form_without_the_pages_token_changes_nothing(seller: Visitor) -> None:
    path = send(seller, a_feed(cancels(1)))
    for act in ("/cancel", "/failed"):
        assert seller.post(path + act, token="x").status_code == 403
    assert last(seller).status is ProcessingStatus.SUBMITTED
    assert len(seller.shop.backend.submissions.find(SELLER, Filter(), 9)) == 1


def test_the_pages_speak_japanese(seller: Visitor) -> None:
    path = done(seller, MIXED)
    for page, words in (
        (path, "失敗のみ（2件）"),
        ("/feeds", "フィードのアップロード"),
        ("/feeds/live", "4件中2件成功"),
    ):
        seller.get(page, headers={"Accept-Language": "ja"})
        assert words in seller.page


def test_a_refund_that_failed_can_be_sent_again_without_paying_the_others_twice(seller: Visitor) -> None:
    seller.shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    thrice = [refunds(1, amount) for amount in (100, 999_999, 100)]
    path = done(seller, a_feed(*thrice, feed_type=ADJUSTMENT), ADJUSTMENT)
    paid = seller.shop.order(1).items[0].refunded
    draft = follow(seller, seller.post(f"{path}/failed"))
    follow(seller, seller.post(f"{draft}/send", type=ADJUSTMENT))
    seller.shop.work()
    assert seller.shop.report(last(seller)).counts == (1, 0, 1, 0)
    assert seller.shop.order(1).items[0].refunded == paid == {"Principal": 200}

"""Notifications as they lie in a queue (schemas of notifications; JSON without an envelope around it)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from feedproc.feeds.report_request import read_request
from feedproc.feeds.submission import FeedSubmission
from feedproc.feeds.subscription import NotificationType
from feedproc.orders.news import NewsKind, OrderNews
from feedproc.orders.order import Order
from feedproc.orders.standing import PENDING
from feedproc.ports import Seller
from feedproc.services.read.order_view import OrderView, view_order
from feedproc.services.reports.report_type import ReportTypes
from feedproc.services.send.targets import Notice
from feedproc.spapi.spelling import name_feed_status, name_report_status, name_type, write_report_id, write_result_id

_SCHEMA = "2020-09-04"
"""Of what tells of feeds and reports, whichever version was asked for."""
_APPLICATIONS = UUID("3b1f4c52-8f0f-4f63-9a53-7d0d8f5a1c27")
_REASONS = {NewsKind.STATUS: "Order Status Change", NewsKind.BUYERS_WISH: "Buyer Requested Cancel"}


def write_notice(report_types: ReportTypes, notice: Notice) -> str:
    """Return the text of a notification; that of a test is about a submission, or an order, that never was."""
    kind = notice.subscription.notification_type
    told = _tell_order_change(notice) if kind is NotificationType.ORDER_CHANGE else _tell_end(notice, report_types)
    return msgspec.json.encode(told).decode()


def _tell_end(notice: Notice, report_types: ReportTypes) -> dict[str, Any]:
    kind, seller, submission = notice.subscription.notification_type, notice.event.seller, notice.event.submission
    at = notice.published_at if submission is None else submission.completed_at or submission.submitted_at
    is_feed = kind is NotificationType.FEED_PROCESSING_FINISHED
    part = _tell_feed(seller, submission) if is_feed else _tell_report(seller, submission, report_types)
    name = "feedProcessingFinishedNotification" if is_feed else "reportProcessingFinishedNotification"
    account = {"sellerId": seller.seller_id, "accountId": f"amzn1.merchant.o.{seller.seller_id}"}
    return {
        "notificationVersion": _SCHEMA,
        "notificationType": kind,
        "payloadVersion": _SCHEMA,
        "eventTime": _write_time(at),
        "payload": {name: account | part},
        "notificationMetadata": {
            "applicationId": _name_application(notice),
            "subscriptionId": notice.subscription.subscription_id,
            "publishTime": _write_time(notice.published_at),
            "notificationId": notice.notice_id,
        },
    }


def _tell_feed(seller: Seller, submission: FeedSubmission | None) -> dict[str, Any]:
    if submission is None:
        return {"feedId": "0", "feedType": "POST_ORDER_FULFILLMENT_DATA", "processingStatus": "DONE"}
    result = write_result_id(seller, submission)
    return {
        "feedId": submission.submission_id,
        "feedType": submission.feed_type,
        "processingStatus": name_feed_status(submission),
        **({"resultFeedDocumentId": result} if result else {}),
    }


def _tell_report(seller: Seller, submission: FeedSubmission | None, report_types: ReportTypes) -> dict[str, Any]:
    if submission is None:
        return {"reportId": "0", "reportType": "GET_FLAT_FILE_PENDING_ORDERS_DATA", "processingStatus": "DONE"}
    request = read_request(submission)
    document = write_report_id(seller, request)
    return {
        "reportId": request.request_id,
        "reportType": name_type(report_types, request.report_type, request.asked.spelled_type),
        "processingStatus": name_report_status(request),
        **({"reportDocumentId": document} if document else {}),
    }


def _tell_order_change(notice: Notice) -> dict[str, Any]:
    order, news = notice.event.order, notice.event.news
    at = notice.published_at if news is None else news.at
    kind = NewsKind.STATUS if news is None else news.kind
    return {
        "NotificationVersion": "1.0",
        "NotificationType": NotificationType.ORDER_CHANGE,
        "PayloadVersion": "1.0",
        "EventTime": _write_time(at),
        "Payload": {
            "OrderChangeNotification": {
                "NotificationLevel": "OrderLevel",
                "SellerId": notice.event.seller.seller_id,
                "AmazonOrderId": "250-0000000-0000000" if order is None else order.amazon_order_id,
                "OrderChangeType": kind,
                "OrderChangeTrigger": {"TimeOfOrderChange": _write_time(at), "ChangeReason": _REASONS[kind]},
                "Summary": _summarize(notice.event.seller, order, news),
            }
        },
        "NotificationMetadata": {
            "ApplicationId": _name_application(notice),
            "SubscriptionId": notice.subscription.subscription_id,
            "PublishTime": _write_time(notice.published_at),
            "NotificationId": notice.notice_id,
        },
    }


def _summarize(seller: Seller, order: Order | None, news: OrderNews | None) -> dict[str, Any]:
    """Return how an order stood when it changed; what never changes of it is told as it is now."""
    if order is None or news is None:
        return {
            "MarketplaceId": seller.marketplace.marketplace_id,
            "OrderStatus": "Unshipped",
            "PurchaseDate": None,
            "DestinationPostalCode": None,
            "FulfillmentType": "MFN",
            "OrderType": "StandardOrder",
            "OrderPrograms": [],
            "ShippingPrograms": [],
            "OrderItems": [],
        }
    view = view_order(order)
    is_pending = news.status in PENDING
    shipped = sum(one.quantity_shipped for one in news.items)
    return {
        "MarketplaceId": order.marketplace_id or seller.marketplace.marketplace_id,
        "OrderStatus": news.status,
        "PurchaseDate": _write_time(order.purchased_at),
        "DestinationPostalCode": None if is_pending else order.ship_to.postal_code or None,
        "FulfillmentType": "AFN" if order.fulfilled_by_amazon else "MFN",
        "OrderType": view.order_type,
        "NumberOfItemsShipped": 0 if is_pending else shipped,
        "NumberOfItemsUnshipped": 0 if is_pending else sum(one.quantity for one in news.items) - shipped,
        **({} if order.fulfilled_by_amazon else _tell_dates(view)),
        "OrderPrograms": [],
        "ShippingPrograms": [],
        "OrderItems": _list_items(order, news),
    }


def _tell_dates(view: OrderView) -> dict[str, str]:
    found = {
        "EarliestShipDate": view.ship.earliest,
        "LatestShipDate": view.ship.latest,
        "EarliestDeliveryDate": view.delivery.earliest,
        "LatestDeliveryDate": view.delivery.latest,
    }
    return {name: _write_time(at) for name, at in found.items() if at is not None}


def _list_items(order: Order, news: OrderNews) -> list[dict[str, Any]]:
    skus = {item.order_item_code: item.sku for item in order.items}
    wish = {"IsBuyerRequestedCancel": True} if news.kind is NewsKind.BUYERS_WISH else {}
    return [
        {
            "OrderItemId": one.order_item_code,
            "SellerSKU": skus.get(one.order_item_code, ""),
            "SupplySourceId": None,
            "Quantity": one.quantity,
            "QuantityShipped": one.quantity_shipped,
            **wish,
        }
        for one in news.items
    ]


def _name_application(notice: Notice) -> str:
    """Return the id of the application, which is another than its client id: always the same for the same one."""
    return f"amzn1.sp.solution.{uuid5(_APPLICATIONS, notice.subscription.client_id)}"


def _write_time(moment: datetime) -> str:
    """Return a time in milliseconds: `2026-11-21T05:00:03.120Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

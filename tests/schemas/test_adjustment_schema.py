"""What an OrderAdjustment may hold, and its amounts, as published."""

from lxml import etree

from tests.schemas.documents import (
    ITEM,
    ORDER,
    OUR_ITEM,
    OUR_ORDER,
    REASON,
    Case,
    adjust,
    assert_verdict,
    component,
    each,
    refund,
)

ADJUSTMENTS = (
    Case("an item and a reason suffice", adjust(ITEM + REASON)),
    Case("the merchant's ids stand alone", adjust(OUR_ITEM + REASON, order=OUR_ORDER)),
    Case("the two order ids exclude each other", adjust(ITEM + REASON, order=ORDER + OUR_ORDER), "MerchantOrderID"),
    Case("the two item ids exclude each other", adjust(ITEM + OUR_ITEM + REASON), "MerchantOrderItemID"),
    Case("a reason is required", adjust(ITEM), "AdjustedItem"),
    *(
        Case(f"the reason {reason} is known", adjust(f"{ITEM}<AdjustmentReason>{reason}</AdjustmentReason>"))
        for reason in ("CustomerCancel", "PriceError", "ProductOutofStock", "CouldNotShip", "RefusedDelivery")
    ),
    *(
        Case(
            f"the reason {reason} is not",
            adjust(f"{ITEM}<AdjustmentReason>{reason}</AdjustmentReason>"),
            "AdjustmentReason",
        )
        for reason in ("BuyerCanceled", "PricingError", "ProductOutOfStock", "CustomerCancelled")
    ),
    Case(
        "action and collection method stand before the items",
        adjust(
            ITEM + REASON,
            before_item="<ActionType>Refund</ActionType><CODCollectionMethod>DirectPayment</CODCollectionMethod>",
        ),
    ),
    Case(
        "an action does not stand after the items",
        adjust(ITEM + REASON, after_item="<ActionType>Refund</ActionType>"),
        "ActionType",
    ),
    Case(
        "an action does not stand in an item",
        adjust(f"{ITEM}<ActionType>Refund</ActionType>{REASON}"),
        "ActionType",
    ),
    Case("prices may hold several components", refund(component("Principal", "10"), component("Shipping", "5"))),
    Case(
        "prices stand once",
        adjust(
            f"{ITEM}{REASON}<ItemPriceAdjustments>{component('Principal', '1')}</ItemPriceAdjustments>"
            f"<ItemPriceAdjustments>{component('Shipping', '1')}</ItemPriceAdjustments>"
        ),
        "ItemPriceAdjustments",
    ),
    Case(
        "there are no separate shipping prices",
        adjust(f"{ITEM}{REASON}<ShippingPriceAdjustments/>"),
        "ShippingPriceAdjustments",
    ),
    Case(
        "quantities come last, the cancelled one first",
        adjust(
            f"{ITEM}{REASON}<ItemPriceAdjustments>{component('Principal', '1')}</ItemPriceAdjustments>"
            f"<PromotionAdjustments>{component('Principal', '-1')}</PromotionAdjustments>"
            f"<DirectPaymentAdjustments>{component('anything', '1')}</DirectPaymentAdjustments>"
            "<QuantityCancelled>1</QuantityCancelled><Quantity>1</Quantity>"
        ),
    ),
    Case(
        "the cancelled quantity does not follow the other",
        adjust(f"{ITEM}{REASON}<Quantity>1</Quantity><QuantityCancelled>1</QuantityCancelled>"),
        "QuantityCancelled",
    ),
    Case(
        "the cancelled quantity does not precede the prices",
        adjust(
            f"{ITEM}{REASON}<QuantityCancelled>1</QuantityCancelled>"
            f"<ItemPriceAdjustments>{component('Principal', '1')}</ItemPriceAdjustments>"
        ),
        "ItemPriceAdjustments",
    ),
    Case(
        "QuantityCanceled is no element",
        adjust(f"{ITEM}{REASON}<QuantityCanceled>1</QuantityCanceled>"),
        "QuantityCanceled",
    ),
    Case("an amount needs no currency", refund(component("Principal", "10", None))),
    Case("a currency is one of the list", refund(component("Principal", "10", "PLN"))),
    Case("the won is not in the list", refund(component("Principal", "10", "KRW")), "Amount"),
    Case("a currency is not in small letters", refund(component("Principal", "10", "jpy")), "Amount"),
    Case(
        "the type stands before the amount",
        refund("<Component><Amount>1</Amount><Type>Principal</Type></Component>"),
        "Amount",
    ),
    Case("a collection fee is not refunded by CODFee", refund(component("CODFee", "10")), "Type"),
    Case("a type is not VatExclusiveItemPrice", refund(component("VatExclusiveItemPrice", "10")), "Type"),
    Case(
        "a promotion has its claim code before its id",
        adjust(
            f"{ITEM}{REASON}<PromotionAdjustments><PromotionClaimCode>_SITE_WIDE_</PromotionClaimCode>"
            f"<MerchantPromotionID>p</MerchantPromotionID>{component('Shipping', '-1')}</PromotionAdjustments>"
        ),
    ),
    Case(
        "a promotion's id does not precede its claim code",
        adjust(
            f"{ITEM}{REASON}<PromotionAdjustments><MerchantPromotionID>p</MerchantPromotionID>"
            f"<PromotionClaimCode>_SITE_WIDE_</PromotionClaimCode>{component('Shipping', '-1')}</PromotionAdjustments>"
        ),
        "PromotionClaimCode",
    ),
    *(
        Case(
            f"a claim code does not have {len(code)} characters",
            adjust(
                f"{ITEM}{REASON}<PromotionAdjustments><PromotionClaimCode>{code}</PromotionClaimCode>"
                f"{component('Shipping', '-1')}</PromotionAdjustments>"
            ),
            "PromotionClaimCode",
        )
        for code in ("12345", "1234567890123")
    ),
    Case(
        "a promotion applies to principal and shipping only",
        adjust(f"{ITEM}{REASON}<PromotionAdjustments>{component('Tax', '-1')}</PromotionAdjustments>"),
        "Type",
    ),
    Case(
        "the merchant's adjustment id may not be empty",
        adjust(f"{ITEM}<MerchantAdjustmentItemID/>{REASON}"),
        "MerchantAdjustmentItemID",
    ),
)

AMOUNTS = (
    *(
        Case(f"the amount {amount!r} is one", refund(component("Principal", amount)))
        for amount in ("150", "100.50", "20.0000", "-3.900000", ".50", "5.", "+4.00", " 10.00\n", "1" * 20)
    ),
    *(
        Case(f"the amount {amount!r} is none", refund(component("Principal", amount)), "Amount")
        for amount in ("10.125", "1,000.00", "1e2", "¥100", "１００", "", "1" * 19 + ".25")
    ),
)


@each(ADJUSTMENTS)
def test_an_adjustment_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)


@each(AMOUNTS)
def test_an_amount_is_limited_by_value_and_not_by_spelling(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)

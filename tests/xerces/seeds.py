"""Documents to make faulty ones of: every message type, full and minimal, in several layouts; all are valid."""

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd"'


def envelope(kind: str, *messages: str, root: str = XSI, header: str = "", declaration: str = "") -> str:
    """Return a feed of `messages`."""
    return (
        (declaration or '<?xml version="1.0" encoding="UTF-8"?>\n') + f"<AmazonEnvelope {root}>\n"
        "  <Header>\n    <DocumentVersion>1.01</DocumentVersion>\n"
        f"    <MerchantIdentifier>M_SELLER_1234</MerchantIdentifier>\n{header}  </Header>\n"
        f"  <MessageType>{kind}</MessageType>\n" + "".join(messages) + "</AmazonEnvelope>\n"
    )


def message(number: int, body: str, operation: str = "") -> str:
    """Return one message."""
    return f"  <Message>\n    <MessageID>{number}</MessageID>\n{operation}{body}  </Message>\n"


ADJUSTMENT = """    <OrderAdjustment>
      <AmazonOrderID>503-1234567-7654321</AmazonOrderID>
      <ActionType>Refund</ActionType>
      <CODCollectionMethod>DirectPayment</CODCollectionMethod>
      <AdjustedItem>
        <AmazonOrderItemCode>12345678901234</AmazonOrderItemCode>
        <MerchantAdjustmentItemID>adj-1</MerchantAdjustmentItemID>
        <AdjustmentReason>CustomerReturn</AdjustmentReason>
        <ItemPriceAdjustments>
          <Component>
            <Type>Principal</Type>
            <Amount currency="JPY">1200</Amount>
          </Component>
          <Component>
            <Type>Shipping</Type>
            <Amount currency="USD">-3.900000</Amount>
          </Component>
        </ItemPriceAdjustments>
        <PromotionAdjustments>
          <PromotionClaimCode>ABC123</PromotionClaimCode>
          <MerchantPromotionID>promo 9</MerchantPromotionID>
          <Component>
            <Type>Principal</Type>
            <Amount>-1.00</Amount>
          </Component>
        </PromotionAdjustments>
        <DirectPaymentAdjustments>
          <Component>
            <Type>Bank &amp; more</Type>
            <Amount currency='EUR'> +4.00 </Amount>
          </Component>
        </DirectPaymentAdjustments>
        <QuantityCancelled>1</QuantityCancelled>
        <Quantity>2</Quantity>
      </AdjustedItem>
      <AdjustedItem>
        <MerchantOrderItemID>item two</MerchantOrderItemID>
        <AdjustmentReason>NoInventory</AdjustmentReason>
      </AdjustedItem>
    </OrderAdjustment>
"""
SMALL_ADJUSTMENT = (
    "<OrderAdjustment><MerchantOrderID>A1</MerchantOrderID><AdjustedItem><MerchantOrderItemID/>"
    "<AdjustmentReason>Other</AdjustmentReason></AdjustedItem></OrderAdjustment>"
)
FULFILLMENT = """    <OrderFulfillment>
      <MerchantOrderID>注文 1234</MerchantOrderID>
      <MerchantFulfillmentID>00012</MerchantFulfillmentID>
      <FulfillmentDate> 2021-09-14T10:11:12.345+09:00
      </FulfillmentDate>
      <FulfillmentData>
        <CarrierCode>YamatoTransport</CarrierCode>
        <CarrierName>ヤマト運輸</CarrierName>
        <ShippingMethod>宅急便</ShippingMethod>
        <ShipperTrackingNumber>1234-5678-9012</ShipperTrackingNumber>
      </FulfillmentData>
      <CODCollectionMethod>DirectPayment</CODCollectionMethod>
      <Item>
        <AmazonOrderItemCode>12345678901234</AmazonOrderItemCode>
        <MerchantFulfillmentItemID>7</MerchantFulfillmentItemID>
        <Quantity>3</Quantity>
        <TransparencyCode>AZ:1</TransparencyCode>
        <TransparencyCode>AZ:2</TransparencyCode>
        <TransparencyCode/>
      </Item>
      <Item><MerchantOrderItemID>x</MerchantOrderItemID></Item>
      <ShipFromAddress>
        <Name>倉庫 😀</Name>
        <FormalTitle>様</FormalTitle>
        <GivenName>太郎</GivenName>
        <FamilyName>山田</FamilyName>
        <AddressFieldOne>1-2-3</AddressFieldOne>
        <AddressFieldTwo>Chuo</AddressFieldTwo>
        <AddressFieldThree>5F</AddressFieldThree>
        <City>Osaka</City>
        <County>-</County>
        <StateOrRegion>Osaka</StateOrRegion>
        <PostalCode>530-0001</PostalCode>
        <CountryCode>JP</CountryCode>
        <PhoneNumber Type="Voice" Description="day">06</PhoneNumber>
        <PhoneNumber Type="Fax">07</PhoneNumber>
        <PhoneNumber>08</PhoneNumber>
        <isDefaultShipping>true</isDefaultShipping>
        <isDefaultBilling>0</isDefaultBilling>
        <isDefaultOneClick> 1 </isDefaultOneClick>
      </ShipFromAddress>
    </OrderFulfillment>
"""
SMALL_FULFILLMENT = (
    "<OrderFulfillment><AmazonOrderID>AbC-1234567-7654321</AmazonOrderID>"
    "<FulfillmentDate>2021-09-14T24:00:00Z</FulfillmentDate></OrderFulfillment>"
)
ACKNOWLEDGEMENT = """    <OrderAcknowledgement>
      <!-- an order -->
      <AmazonOrderID>503-1234567-7654321</AmazonOrderID>
      <MerchantOrderID>A&#x26;1</MerchantOrderID>
      <StatusCode>Failure</StatusCode>
      <Item>
        <AmazonOrderItemCode>12345678901234</AmazonOrderItemCode>
        <MerchantOrderItemID>one</MerchantOrderItemID>
        <CancelReason>BuyerCanceled</CancelReason>
        <Quantity>1</Quantity>
      </Item>
      <Item>
        <AmazonOrderItemCode>１２３４５６７８９０１２３４</AmazonOrderItemCode><?pi some?>
        <CancelReason><![CDATA[NoInventory]]></CancelReason>
      </Item>
    </OrderAcknowledgement>
"""
SMALL_ACKNOWLEDGEMENT = (
    "<OrderAcknowledgement><AmazonOrderID>503-1234567-7654321</AmazonOrderID>"
    "<StatusCode>Success</StatusCode></OrderAcknowledgement>"
)
_EXTRAS = (
    "    <OverrideReleaseId>10.25</OverrideReleaseId>\n",
    "  <MarketplaceName>Amazon.co.jp</MarketplaceName>\n  <PurgeAndReplace>false</PurgeAndReplace>\n"
    "  <EffectiveDate>2020-02-29T00:00:00-14:00</EffectiveDate>\n",
)
_REPORT = """    <ProcessingReport>
      <DocumentTransactionID>42</DocumentTransactionID>
      <StatusCode>Complete</StatusCode>
      <ProcessingSummary>
        <MessagesProcessed>1</MessagesProcessed><MessagesSuccessful>0</MessagesSuccessful>
        <MessagesWithError>1</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning>
      </ProcessingSummary>
      <Result>
        <MessageID>0</MessageID><ResultCode>Error</ResultCode><ResultMessageCode>5000</ResultMessageCode>
        <ResultDescription>XML Parsing Error at Line 1, Column 2</ResultDescription>
        <AdditionalInfo><SKU>s</SKU><AmazonOrderID>503-1234567-7654321</AmazonOrderID></AdditionalInfo>
      </Result>
    </ProcessingReport>
"""


def _commented(text: str) -> str:
    """Put comments and processing instructions between all tags."""
    return text.replace(">\n", "><!-- a > b -->\n\t<?go on?>").replace("<?go on?><?xml", "<?xml")


def _one_line(text: str) -> str:
    return "".join(line.strip() for line in text.split("\n"))


def _prefixed(text: str) -> str:
    return text.replace("<AmazonEnvelope ", '<AmazonEnvelope xmlns:unused="urn:u" ').replace("?>\n", "?>\n\n\n", 1)


def seeds() -> list[str]:
    """Return the seeds; each is valid."""
    update = "    <OperationType>Update</OperationType>\n"
    full = [
        envelope("OrderAdjustment", message(1, ADJUSTMENT, update), message(2, SMALL_ADJUSTMENT), header=_EXTRAS[0]),
        envelope("OrderFulfillment", message(1, FULFILLMENT), message(2, SMALL_FULFILLMENT)),
        envelope("OrderAcknowledgement", _EXTRAS[1], message(7, ACKNOWLEDGEMENT, update)),
        envelope("ProcessingReport", message(1, _REPORT)),
    ]
    small = [
        envelope("OrderAdjustment", message(1, SMALL_ADJUSTMENT)),
        envelope("OrderFulfillment", message(1, SMALL_FULFILLMENT), root="", declaration="\n"),
        envelope("OrderAcknowledgement", *(message(n, SMALL_ACKNOWLEDGEMENT) for n in range(1, 6))),
    ]
    layouts = [
        *(each.replace("\n", "\r\n") for each in full[:2]),
        full[2].replace("\n", "\r"),
        *(_one_line(each) for each in full[:3]),
        *(each.replace("  ", "\t") for each in full[:2]),
        _prefixed(full[1]),
        _commented(small[2]),
        full[0].replace("><", ">\n\n<").replace("<Type>", "<Type\n  >").replace("</Type>", "</Type\n>"),
    ]
    return [*full, *small, *layouts]

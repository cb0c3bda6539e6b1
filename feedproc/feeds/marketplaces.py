"""Amazon's marketplaces, one row each: what of a feed, a report, a page or a letter depends on where the seller sells.

Ids and hosts are those of the MWS developer guide (endpoints and marketplace ids). What Amazon's texts say of a
marketplace that is not in the table is what they say in the United States.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_ANYWHERE = (14, -12)
_MIDDLE_EUROPE = (2, 1)
_EUROPE = "sellercentral-europe.amazon.com"
_MWS_EUROPE = "mws-eu.amazonservices.com"
_JAPANESE_TIME = timezone(timedelta(hours=9), "JST")


class Region(StrEnum):
    """Parts of the world in which an account, an endpoint and its tokens are good (SP-API, endpoints)."""

    NORTH_AMERICA = "na"
    EUROPE = "eu"
    FAR_EAST = "fe"
    CHINA = "cn"


class Marketplace(Struct, frozen=True, kw_only=True):
    """One of Amazon's shops, and how it deals with its sellers."""

    marketplace_id: str
    country: str
    """Its name in English."""
    country_code: str
    """Of two letters (ISO 3166; Sellers API, DefaultCountryCode)."""
    sales_channel: str
    """As orders name it, `Amazon.co.jp`: `www.` and this in lower case is the shop's own host."""
    locale: str
    """Sellers API, DefaultLanguageCode."""
    region: Region
    """Whose sellers may sell there with one account."""
    currency: str
    """In which its orders are paid (ISO 4217)."""
    mws_hosts: tuple[str, ...]
    """Endpoints of MWS; behind the first come older ones, which clients still carry."""
    seller_central: str = "sellercentral.amazon.com"
    """The host to which Amazon's texts send a seller for help."""
    hours: tuple[int, int] = _ANYWHERE
    """Hours ahead of UTC where its day begins first and where it ends last, in summer or winter."""
    zone: tzinfo = UTC
    """In which times are shown: its own where the clocks never change, UTC elsewhere."""
    language: str = "en"
    """Of the reports of its flat files, and of letters to its buyers (ISO 639): `ja` or `en`."""

    @property
    def is_japanese(self) -> bool:
        """Whether it speaks Japanese to its sellers."""
        return self.language == "ja"

    @property
    def codec(self) -> str:
        """The codec of flat files that do not say theirs: Shift_JIS in Japan, windows-1252 elsewhere (SubmitFeed)."""
        return "cp932" if self.is_japanese else "cp1252"

    @property
    def report_charset(self) -> str:
        """What Amazon calls that encoding on its reports."""
        return "windows-31j" if self.is_japanese else "windows-1252"


def marketplace_of(marketplace_id: str) -> Marketplace:
    """Return the marketplace with this id; one that is like the United States, but anywhere, for an unknown id."""
    return MARKETPLACES.get(marketplace_id) or replace(_ELSEWHERE, marketplace_id=marketplace_id)


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts in a currency are written with (ISO 4217)."""
    return 0 if currency in _WITHOUT_CENTS else 2


_WITHOUT_CENTS = frozenset({"CLP", "JPY", "KRW", "VND"})
JAPAN = "A1VC38T7YXB528"
_ELSEWHERE = Marketplace(
    marketplace_id="",
    country="",
    country_code="US",
    sales_channel="Amazon.com",
    locale="en_US",
    region=Region.NORTH_AMERICA,
    currency="USD",
    mws_hosts=(),
)


NON_RETAIL = Marketplace(
    marketplace_id="A6W85IYQ5WB1C",
    country="IBA",
    country_code="US",
    sales_channel="iba.login.amazon.com",
    locale="en_US",
    region=Region.NORTH_AMERICA,
    currency="USD",
    mws_hosts=(),
)
"""No shop, but every account takes part in it (recorded, ListMarketplaceParticipations)."""


def _index_by_id(marketplaces: Iterable[Marketplace]) -> Mapping[str, Marketplace]:
    return {one.marketplace_id: one for one in marketplaces}


MARKETPLACES: Mapping[str, Marketplace] = _index_by_id(
    (
        Marketplace(
            marketplace_id="ATVPDKIKX0DER",
            country="United States",
            country_code="US",
            sales_channel="Amazon.com",
            locale="en_US",
            region=Region.NORTH_AMERICA,
            currency="USD",
            mws_hosts=("mws.amazonservices.com",),
            hours=(-4, -10),
        ),
        Marketplace(
            marketplace_id="A2Q3Y263D00KWC",
            country="Brazil",
            country_code="BR",
            sales_channel="Amazon.com.br",
            locale="pt_BR",
            region=Region.NORTH_AMERICA,
            currency="BRL",
            mws_hosts=("mws.amazonservices.com", "mws.amazonservices.com.br"),
        ),
        Marketplace(
            marketplace_id="A2EUQ1WTGCTBG2",
            country="Canada",
            country_code="CA",
            sales_channel="Amazon.ca",
            locale="en_CA",
            region=Region.NORTH_AMERICA,
            currency="CAD",
            mws_hosts=("mws.amazonservices.ca",),
            seller_central="sellercentral.amazon.ca",
            hours=(-2, -8),
        ),
        Marketplace(
            marketplace_id="A1AM78C64UM0Y8",
            country="Mexico",
            country_code="MX",
            sales_channel="Amazon.com.mx",
            locale="es_MX",
            region=Region.NORTH_AMERICA,
            currency="MXN",
            mws_hosts=("mws.amazonservices.com.mx",),
            seller_central="sellercentral.amazon.mx",
            hours=(-5, -8),
        ),
        Marketplace(
            marketplace_id="A1PA6795UKMFR9",
            country="Germany",
            country_code="DE",
            sales_channel="Amazon.de",
            locale="de_DE",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE, "mws.amazonservices.de"),
            seller_central="sellercentral.amazon.de",
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A1RKKUPIHCS9HS",
            country="Spain",
            country_code="ES",
            sales_channel="Amazon.es",
            locale="es_ES",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE, "mws.amazonservices.es"),
            seller_central="sellercentral.amazon.es",
            hours=(2, 0),
        ),
        Marketplace(
            marketplace_id="A13V1IB3VIYZZH",
            country="France",
            country_code="FR",
            sales_channel="Amazon.fr",
            locale="fr_FR",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE, "mws.amazonservices.fr"),
            seller_central="sellercentral.amazon.fr",
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A1F83G8C2ARO7P",
            country="United Kingdom",
            country_code="GB",
            sales_channel="Amazon.co.uk",
            locale="en_GB",
            region=Region.EUROPE,
            currency="GBP",
            mws_hosts=(_MWS_EUROPE, "mws.amazonservices.co.uk"),
            seller_central="sellercentral.amazon.co.uk",
            hours=(1, 0),
        ),
        Marketplace(
            marketplace_id="APJ6JRA9NG5V4",
            country="Italy",
            country_code="IT",
            sales_channel="Amazon.it",
            locale="it_IT",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE, "mws.amazonservices.it"),
            seller_central="sellercentral.amazon.it",
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A1805IZSGTT6HS",
            country="Netherlands",
            country_code="NL",
            sales_channel="Amazon.nl",
            locale="nl_NL",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="AMEN7PMS3EDWL",
            country="Belgium",
            country_code="BE",
            sales_channel="Amazon.com.be",
            locale="fr_BE",
            region=Region.EUROPE,
            currency="EUR",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A1C3SOZRARQ6R3",
            country="Poland",
            country_code="PL",
            sales_channel="Amazon.pl",
            locale="pl_PL",
            region=Region.EUROPE,
            currency="PLN",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A2NODRKZP88ZB9",
            country="Sweden",
            country_code="SE",
            sales_channel="Amazon.se",
            locale="sv_SE",
            region=Region.EUROPE,
            currency="SEK",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
            hours=_MIDDLE_EUROPE,
        ),
        Marketplace(
            marketplace_id="A33AVAJ2PDY3EV",
            country="Turkey",
            country_code="TR",
            sales_channel="Amazon.com.tr",
            locale="tr_TR",
            region=Region.EUROPE,
            currency="TRY",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
        ),
        Marketplace(
            marketplace_id="ARBP9OOSHTCHU",
            country="Egypt",
            country_code="EG",
            sales_channel="Amazon.eg",
            locale="ar_EG",
            region=Region.EUROPE,
            currency="EGP",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
        ),
        Marketplace(
            marketplace_id="A17E79C6D8DWNP",
            country="Saudi Arabia",
            country_code="SA",
            sales_channel="Amazon.sa",
            locale="ar_SA",
            region=Region.EUROPE,
            currency="SAR",
            mws_hosts=(_MWS_EUROPE,),
            seller_central=_EUROPE,
        ),
        Marketplace(
            marketplace_id="A2VIGQ35RCS4UG",
            country="United Arab Emirates",
            country_code="AE",
            sales_channel="Amazon.ae",
            locale="en_AE",
            region=Region.EUROPE,
            currency="AED",
            mws_hosts=("mws.amazonservices.ae",),
        ),
        Marketplace(
            marketplace_id="A21TJRUUN4KGV",
            country="India",
            country_code="IN",
            sales_channel="Amazon.in",
            locale="en_IN",
            region=Region.EUROPE,
            currency="INR",
            mws_hosts=("mws.amazonservices.in",),
        ),
        Marketplace(
            marketplace_id=JAPAN,
            country="Japan",
            country_code="JP",
            sales_channel="Amazon.co.jp",
            locale="ja_JP",
            region=Region.FAR_EAST,
            currency="JPY",
            mws_hosts=("mws.amazonservices.jp",),
            seller_central="sellercentral.amazon.co.jp",
            hours=(9, 9),
            zone=_JAPANESE_TIME,
            language="ja",
        ),
        Marketplace(
            marketplace_id="A39IBJ37TRP1C6",
            country="Australia",
            country_code="AU",
            sales_channel="Amazon.com.au",
            locale="en_AU",
            region=Region.FAR_EAST,
            currency="AUD",
            mws_hosts=("mws.amazonservices.com.au",),
        ),
        Marketplace(
            marketplace_id="A19VAU5U5O7RUS",
            country="Singapore",
            country_code="SG",
            sales_channel="Amazon.sg",
            locale="en_SG",
            region=Region.FAR_EAST,
            currency="SGD",
            mws_hosts=("mws-fe.amazonservices.com",),
        ),
        Marketplace(
            marketplace_id="AAHKV2X7AFYLW",
            country="China",
            country_code="CN",
            sales_channel="Amazon.cn",
            locale="zh_CN",
            region=Region.CHINA,
            currency="CNY",
            mws_hosts=("mws.amazonservices.com.cn",),
        ),
    )
)
"""Every marketplace, by its id."""
MWS_HOSTS = tuple(dict.fromkeys(host for one in MARKETPLACES.values() for host in one.mws_hosts))
"""All endpoints, under which a client may believe to reach this server."""

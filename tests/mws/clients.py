"""What real clients put on the wire, quirk by quirk, each written from that client's own habits.

Nothing here uses the server's code for signatures: every client builds its own text to sign.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlencode, urlsplit

Params = Mapping[str, str]
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass
class Wire:
    """One HTTP request as it leaves a client."""

    method: str
    path: str
    query: str = ""
    host: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """What a client is configured with."""

    endpoint: str
    access_key: str
    secret: str
    timestamp: str


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def mac(secret: str, text: str, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


def strict(params: Params) -> str:
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(params.items()))


def no_tilde(params: Params) -> str:
    return strict(params).replace("~", "%7E")


def whatwg(params: Params) -> str:
    return no_tilde(params).replace("%2A", "*")


def javascript(params: Params) -> str:
    """Encode as encodeURIComponent does."""
    return "&".join(f"{quote(k, safe=_JS)}={quote(v, safe=_JS)}" for k, v in sorted(params.items()))


_JS = "!'()*~"


def full(account: Account, params: Params, method: str = "HmacSHA256") -> dict[str, str]:
    return {
        "AWSAccessKeyId": account.access_key,
        "SignatureMethod": method,
        "SignatureVersion": "2",
        "Timestamp": account.timestamp,
        "Version": "2009-01-01",
        **params,
    }


def _sent(account: Account, path: str, query: str, feed: bytes | None, **headers: str) -> Wire:
    """Post a feed with its parameters in the query, or a form."""
    parts = urlsplit(account.endpoint)
    if feed is None:
        return Wire("POST", path, "", parts.netloc, query.encode(), {"Content-Type": FORM})
    return Wire("POST", path, query, parts.netloc, feed, {"Content-Type": "application/octet-stream", **headers})


def _php_rename(params: Params) -> Params:
    return {("Merchant" if name == "SellerId" else name): value for name, value in params.items()}


def amazon_php(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Sign path `/` whatever the URL's path is, and the host as configured with its port."""
    given = full(account, _php_rename(params))
    host = urlsplit(account.endpoint).netloc
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/\n{strict(given)}")
    digest = {"Content-MD5": md5(feed)} if feed is not None else {}
    return _sent(account, "/Feeds/2009-01-01", strict(given), feed, **digest)


def amazon_csharp(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Lower the path for the signature, and upload to the URL and `/?`."""
    given = full(account, _php_rename(params))
    host = urlsplit(account.endpoint).netloc.lower()
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/feeds/2009-01-01\n{strict(given)}")
    digest = {"Content-MD5": md5(feed)} if feed is not None else {}
    path = "/Feeds/2009-01-01/" if feed is not None else "/Feeds/2009-01-01"
    return _sent(account, path, strict(given), feed, **digest)


def amazon_java(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Send what URLEncoder writes, with a plus for a blank and %7E, and sign another spelling of it."""
    given = full(account, _php_rename(params), "HmacSHA1")
    host = urlsplit(account.endpoint).netloc.lower()
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/feeds/2009-01-01\n{strict(given)}", "sha1")
    query = urlencode(given).replace("~", "%7E").replace("%2A", "*")
    digest = {"Content-MD5": md5(feed)} if feed is not None else {}
    return _sent(account, "/Feeds/2009-01-01", query, feed, **digest)


def boto(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Put everything in the query, and sign the host without its port."""
    given = full(account, _php_rename(params))
    parts = urlsplit(account.endpoint)
    signature = mac(account.secret, f"POST\n{parts.hostname}\n/\n{strict(given)}")
    query = f"{strict(given)}&Signature={quote_plus(signature)}"
    headers = {"Content-Type": "text/plain"}
    if feed is not None:
        headers = {"Content-Type": "text/xml", "Content-MD5": md5(feed)}
    return Wire("POST", "/", query, parts.netloc, feed or b"", headers)


def python_mws(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Sign `http://` and all when the domain is not https; send a timestamp without a zone, by GET."""
    given = full(account, _php_rename(params))
    given["Timestamp"] = given["Timestamp"].rstrip("Z")
    method = "GET" if feed is None else "POST"
    signed_host = account.endpoint.replace("https://", "").lower()
    signature = mac(account.secret, f"{method}\n{signed_host}\n/\n{strict(given)}")
    query = f"{strict(given)}&Signature={quote(signature)}"
    headers = {} if feed is None else {"Content-MD5": md5(feed), "Content-Type": "text/xml"}
    return Wire(method, "/", query, urlsplit(account.endpoint).netloc, feed or b"", headers)


def peddler(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Never sign a port."""
    given = full(account, params)
    host = urlsplit(account.endpoint).hostname
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/Feeds/2009-01-01\n{strict(given)}")
    return _sent(account, "/Feeds/2009-01-01", strict(given), feed)


def mws_simple(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Send the Host header without a port, an empty MWSAuthToken and a parameter of its own."""
    given = full(account, {**params, "MWSAuthToken": "", "responseFormat": "xml"})
    host = urlsplit(account.endpoint).hostname or ""
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/\n{strict(given)}")
    wire = _sent(account, "/", strict(given), feed)
    wire.host = host
    return wire


def scaleleap(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Encode as WHATWG forms do, in signature and wire alike; keep port and case of the host."""
    given = full(account, params)
    host = account.endpoint.replace("https://", "").replace("http://", "")
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/Feeds/2009-01-01\n{whatwg(given)}")
    wire = _sent(account, "/Feeds/2009-01-01", whatwg(given), feed)
    wire.host = wire.host.lower()
    return wire


def bhushankumarl(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Begin the query with `&`, replace three characters in the signed text, and send an MD5 of something else."""
    given = full(account, params)
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    signed = javascript(given).replace("'", "%27").replace("*", "%2A").replace("(", "%28")
    host = urlsplit(account.endpoint).hostname
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/Feeds/2009-01-01\n{signed}")
    query = "&" + javascript(given)
    wire = _sent(account, "/Feeds/2009-01-01", query, feed)
    wire.headers["Content-Type"] = "x-www-form-urlencoded"
    if feed is None:
        wire.headers["Content-MD5"] = md5(query.encode())
    return wire


def cpigroup(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Encode the tilde, label a feed as a form, and sign a time two minutes ago with an offset."""
    given = full(account, params)
    given["Timestamp"] = given["Timestamp"].rstrip("Z") + "+00:00"
    host = urlsplit(account.endpoint).hostname
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/Feeds/2009-01-01\n{no_tilde(given)}")
    digest = {"Content-MD5": md5(feed)} if feed is not None else {}
    wire = _sent(account, "/Feeds/2009-01-01", no_tilde(given), feed, **digest)
    wire.headers["Content-Type"] = "application/x-www-form-urlencoded"
    return wire


def perl(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Send SellerId and Merchant, and a plus where a blank was signed."""
    given = full(account, {**params, "Merchant": params["SellerId"]})
    host = urlsplit(account.endpoint).netloc
    method = "GET" if feed is None else "POST"
    given["Signature"] = mac(account.secret, f"{method}\n{host}\n/\n{strict(given)}")
    headers = {} if feed is None else {"Content-Type": "text/plain", "Content-MD5": md5(feed)}
    return Wire(method, "/", urlencode(given), host, feed or b"", headers)


def meertensm(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Post an empty body with all parameters in the query, an unknown one among them."""
    extra = {"MarketplaceId.Id.1": "A1VC38T7YXB528"} if feed is None else {}
    given = full(account, {**(params if feed is None else _php_rename(params)), **extra})
    host = urlsplit(account.endpoint).netloc
    given["Signature"] = mac(account.secret, f"POST\n{host}\n/\n{strict(given)}")
    headers = {} if feed is None else {"Content-Type": "text/xml; charset=iso-8859-1", "Content-MD5": md5(feed)}
    return Wire("POST", "/", strict(given), host, feed or b"", headers)


def sellerworks(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Sign Amazon's American host, whatever the endpoint."""
    given = full(account, {**params, "MWSAuthToken": ""})
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    text = f"POST\nmws.amazonservices.com\n/Feeds/2009-01-01\n{strict(given)}"
    given["Signature"] = mac(account.secret, text)
    return _sent(account, "/Feeds/2009-01-01", strict(given), feed)


def pymws(account: Account, params: Params, feed: bytes | None) -> Wire:
    """Send microseconds without a zone, the MD5 in the query alone, and an empty MWSAuthToken."""
    given = full(account, {**params, "MWSAuthToken": ""})
    given["Timestamp"] = given["Timestamp"].rstrip("Z") + ".123456"
    if feed is not None:
        given["ContentMD5Value"] = md5(feed)
    method = "GET" if feed is None else "POST"
    host = urlsplit(account.endpoint).netloc
    given["Signature"] = mac(account.secret, f"{method}\n{host}\n/Feeds/2009-01-01\n{strict(given)}")
    return Wire(method, "/Feeds/2009-01-01", strict(given), host, feed or b"", {"Content-Type": "text/xml"})


CLIENTS: Mapping[str, Callable[[Account, Params, bytes | None], Wire]] = {
    one.__name__: one
    for one in (
        amazon_php,
        amazon_csharp,
        amazon_java,
        boto,
        python_mws,
        peddler,
        mws_simple,
        scaleleap,
        bhushankumarl,
        cpigroup,
        perl,
        meertensm,
        sellerworks,
        pymws,
    )
}

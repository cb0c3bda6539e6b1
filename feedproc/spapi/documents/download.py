"""What is answered to whoever asks where a document is to be had."""

from msgspec.structs import replace

from feedproc.ports import Link
from feedproc.spapi.call import Call


def tell_download(call: Call, link: Link) -> dict[str, str]:
    """Return the address, and that the document is compressed where it is.

    Such a one says so itself, by its Content-Encoding, only when the call asks for that (models,
    `enableContentEncodingUrlHeader`).
    """
    links = call.services.links
    if not call.services.packs_documents:
        return {"url": links.link_download(link, call.now)}
    encoding = "gzip" if call.query.get("enableContentEncodingUrlHeader") == "true" else "identity"
    packed = replace(link, encoding=encoding, is_packed=True)
    return {"url": links.link_download(packed, call.now), "compressionAlgorithm": "GZIP"}

"""What a flat file takes from its seller's marketplace: language and encoding (MWS developer guide, SubmitFeed)."""

JAPAN = "A1VC38T7YXB528"


def is_japanese(marketplace_id: str) -> bool:
    """Say whether reports for the marketplace are in Japanese."""
    return marketplace_id == JAPAN


def codec_of(marketplace_id: str) -> str:
    """Return the codec of flat files that do not say theirs: Shift_JIS in Japan, windows-1252 elsewhere."""
    return "cp932" if is_japanese(marketplace_id) else "cp1252"


def report_charset(marketplace_id: str) -> str:
    """Return what Amazon calls that encoding on its reports."""
    return "windows-31j" if is_japanese(marketplace_id) else "windows-1252"

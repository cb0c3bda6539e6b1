"""What Amazon's reports say of order feeds that break their schema or are not well-formed.

The parser's place and sentence, which reports of listings feeds tell, stand beside it for people (`Result.located`).
Sources: public reports of order feeds, all of them 50001 under the largest 64-bit number, and help page 22971.
"""

from msgspec.structs import replace

from feedproc.feeds.report import NO_ENVELOPE, Result
from feedproc.feeds.result_codes import FATAL_XML, ILL_FORMED_ENVELOPE, MALFORMED, PLACE_ALONE, XML_IN_MESSAGE


def say_as_amazon(result: Result, host: str) -> Result:
    """Return a result that the parser led to in Amazon's words for an order feed; any other as it is.

    `host` is Seller Central's, for the links in Amazon's texts.
    """
    found = result.located
    if found is None:
        return result
    if result.code in {FATAL_XML.code, ILL_FORMED_ENVELOPE.code}:
        text = ILL_FORMED_ENVELOPE.fill(line=found.reported_line, column=found.reported_column)
        return replace(result, message_id=NO_ENVELOPE, code=ILL_FORMED_ENVELOPE.code, description=text)
    if result.code == XML_IN_MESSAGE.code:
        return replace(result, code=MALFORMED.code, description=MALFORMED.fill(host=host))
    if result.code == PLACE_ALONE.code:
        return replace(result, description=PLACE_ALONE.fill(line=found.line, column=found.column))
    return result

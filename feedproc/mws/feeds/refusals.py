"""Requests that the section Feeds declines, each in the words that are sent."""

from feedproc.errors import Refusal


class IdentifierInvalid(Refusal):
    """A submission id cannot be one: it is not made of digits."""

    def __init__(self, value: str) -> None:
        """`value` is the id as it was sent."""
        super().__init__(f"{value} failed a validation check: {value} is not a valid identifer.")


class NextTokenCorrupted(Refusal):
    """The NextToken is not one that this seller was given; the list must be asked for anew."""

    def __init__(self) -> None:
        super().__init__("The NextToken is corrupted; call GetFeedSubmissionList again")


class DigestMissing(Refusal):
    """A feed came without its MD5."""

    def __init__(self) -> None:
        super().__init__(
            "you must pass a Content-MD5 HTTP header for your feed so we can be sure it was not corrupted "
            "(e.g. dropped a 0 from a price) before we process it"
        )


class DigestsDiffer(Refusal):
    """A feed came with two MD5s that are not the same."""

    def __init__(self) -> None:
        super().__init__("The ContentMD5Value parameter and the Content-MD5 header have different values")


class MarketplaceInvalid(Refusal):
    """What stands as a marketplace id is none of Amazon's, nor one of the seller's."""

    def __init__(self) -> None:
        super().__init__("Feed rejected")

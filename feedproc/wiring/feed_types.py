"""Every feed type there is, and what their XML is judged by, as the environment says."""

from pathlib import Path
from typing import TYPE_CHECKING

from feedproc import feedtypes
from feedproc.feeds.feed_type import DeferredFeedTypes, FeedTypes
from feedproc.settings import feed_type_folders

if TYPE_CHECKING:
    from feedproc.formats.xml.schemas import Schemas


def load_schemas(place: Path | None) -> "Schemas":
    """Return what XML feeds are judged by: the schemas in a folder, or feedproc's own.

    Raises:
        Unusable: the folder holds no schemas that can be used.

    """
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - lxml takes time to load, and few commands need it

    folders = feed_type_folders()
    if place is None:
        return catalogue.load_own_schemas(folders)
    from feedproc.formats.xml.folder import load_folder  # noqa: PLC0415 - most judge by feedproc's own

    return load_folder(place, catalogue.gather(folders))


def load_feed_types(schemas: "Schemas | None" = None) -> FeedTypes:
    """Return every feed type there is; XML feeds are judged by `schemas`, or by feedproc's own.

    Where nothing is anybody's but feedproc's, they are loaded when the first is asked for.

    Raises:
        Unusable: a folder of feed types cannot be used.

    """
    if schemas is None and not feed_type_folders():
        return DeferredFeedTypes(_declare, list_feed_type_places())
    return _declare(schemas)


def _declare(schemas: "Schemas | None" = None) -> FeedTypes:
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - as above

    folders = feed_type_folders()
    return catalogue.declare(schemas if schemas is not None else catalogue.load_own_schemas(folders), folders)


def list_feed_type_places() -> tuple[Path, ...]:
    """Return where the folders of feed types stand, with what is said of them in each language."""
    return (*map(Path, feedtypes.__path__), *feed_type_folders())

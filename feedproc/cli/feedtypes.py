"""Feed types on the command line."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from feedproc.wiring.feed_types import load_feed_types

_Command = TypeVar("_Command", bound=Callable[..., Any])


charset_option = click.option(
    "--charset", metavar="NAME", help="The encoding of a flat file, such as Shift_JIS, as its content type tells it."
)


def make_flat_content_type(charset: str | None) -> str:
    """Return the content type of flat files (MWS developer guide, SubmitFeed)."""
    return "text/tab-separated-values" + (f"; charset={charset}" if charset else "")


def feed_type_option(*, required: bool) -> Callable[[_Command], _Command]:
    """Return the option `--feed-type`, which takes the spelling of SP-API and that of MWS, with underscores around."""
    help_text = "Such as POST_ORDER_FULFILLMENT_DATA." if required else "Check this feed type's rules, too."
    return click.option("--feed-type", required=required, callback=_check_feed_type, metavar="NAME", help=help_text)


def _check_feed_type(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    name = value.strip("_")
    known = load_feed_types().offered
    if name not in known:
        raise click.BadParameter(f"{value!r} is no feed type; there are {', '.join(known)}")
    return name

"""The `feedproc` command: parse arguments, call, print.

Each command is a module of its own, imported only when it is asked for, so that none waits for what another needs.
"""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from feedproc import __version__
from feedproc.errors import FeedprocError

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""

COMMANDS = {
    "backup": "Copy the store of a data directory into FOLDER, whoever is at work there.",
    "convert": "Print a feed of XML as JSON, or one written as JSON as XML.",
    "calls": "List the calls that a controlled server answered.",
    "demo": "Show it all in a few seconds: serve, submit feeds, print reports.",
    "feeds": "List, show and cancel the submissions of a data directory.",
    "inventory": "Load, list and show the stock of a seller, SKU by SKU.",
    "metrics": "Tell a seller's orders, cancellations by reason, refunds and cancel rate, day by day.",
    "orders": "Load, make to fit a feed, generate, list and show the orders of a seller.",
    "outbox": "List what buyers and the seller were told by e-mail and notification, and what became of it.",
    "reports": "Ask for reports of orders, list what was asked for, and print reports.",
    "reset": "Let a controlled server forget all that happened.",
    "restore": "Make a data directory from FOLDER, a copy that `feedproc backup` has made.",
    "schemas": "Check schemas, and tell what a message may hold.",
    "scenario": "Save the state of a controlled server as a file that another begins with.",
    "sellers": "Add and list those who may submit; set their passwords and queues.",
    "serve": "Serve MWS and SP-API on this machine until Ctrl-C.",
    "simulate": "Let orders come in by themselves, beside a running server or without one.",
    "submit": "Sign a feed and send it.",
    "validate": "Say what is wrong with feeds, applying nothing.",
    "wait": "Wait until a controlled server is ready.",
}
"""Each command, and what its help says of it in one line."""


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        """Name all commands."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"feedproc.cli.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; for one that does not exist, name what it may have been."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not context.resilient_parsing:
            close = [repr(one) for one in get_close_matches(name.lower(), COMMANDS)]
            meant = f" Did you mean {' or '.join(close)}?" if close else " `feedproc --help` lists all."
            context.fail(f"No such command {name!r}.{meant}")
        return super().resolve_command(context, args)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedproc")
def feedproc() -> None:
    """Stand in for Amazon's order side on your own machine, over SP-API and MWS."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; what goes wrong is one line on standard error."""
    _prepare_streams()
    try:
        code: Any = feedproc.main(args=arguments, prog_name="feedproc", standalone_mode=False)
    except click.ClickException as error:
        return _report_misuse(error)
    except FeedprocError as error:
        return _report_failure(str(error))
    except OSError as error:
        return _report_system_error(error)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _prepare_streams() -> None:
    """Let every text be printed, whatever the terminal's encoding, and let closed descriptors be as good as none.

    What a stream's encoding does not have is printed with its number. The number of a closed descriptor is taken here,
    so that no file of the store gets it and is written to by mistake.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - until the process ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _report_misuse(error: click.ClickException) -> int:
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show()
        return error.exit_code
    return _report_failure(error.format_message(), error.exit_code)


def _report_system_error(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has seen enough; what is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return _report_failure(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _report_failure(line: str, code: int = 1) -> int:
    click.echo(f"feedproc: {line}", err=True)
    return code

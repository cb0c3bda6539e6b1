"""The `feedproc` command: parse arguments, call, print.

Each command is a module of its own, imported only when it is asked for, so that none waits for what another needs.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from feedproc import __version__
from feedproc.errors import FeedprocError

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""

COMMANDS = {
    "backup": "Copy the store of a data directory into FOLDER, whoever is at work there.",
    "demo": "Show it all in a few seconds: serve, submit feeds, print reports.",
    "feeds": "List, show and cancel the submissions of a data directory.",
    "inventory": "Load, list and show the stock of a seller, SKU by SKU.",
    "metrics": "Tell a seller's orders, cancellations by reason, refunds and cancel rate, day by day.",
    "orders": "Load, generate, list and show the orders of a seller.",
    "restore": "Make a data directory from FOLDER, a copy that `feedproc backup` has made.",
    "sellers": "Add and list those who may submit; set their passwords and queues.",
    "serve": "Serve MWS on this machine until Ctrl-C.",
    "simulate": "Let orders come in by themselves, beside a running server or without one.",
    "submit": "Sign a feed and send it.",
    "validate": "Say what is wrong with feeds, applying nothing.",
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

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedproc")
def feedproc() -> None:
    """Process Amazon MWS order feeds on your own machine."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; what goes wrong is one line on standard error."""
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

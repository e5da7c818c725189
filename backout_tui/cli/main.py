"""The entry point: the commands there are, the global options, and how every error ends."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from backout_tui import __version__
from backout_tui.cli import speech
from backout_tui.cli.anywhere import with_global_options
from backout_tui.cli.speech import complain
from backout_tui.errors import EXIT_BUG, EXIT_DONE, EXIT_OUTSIDE, EXIT_REFUSED, BackoutError, Refused

COMMANDS = {
    "demo": "backout_tui.cli.dashboard:demo",
    "do": "backout_tui.cli.do:do",
    "list": "backout_tui.cli.reading:list_",
    "log": "backout_tui.cli.reading:log",
    "open": "backout_tui.cli.dashboard:open_",
    "plan": "backout_tui.cli.plan:plan",
    "report": "backout_tui.cli.reading:report",
    "show": "backout_tui.cli.reading:show",
    "start": "backout_tui.cli.start:start",
    "verify": "backout_tui.cli.verify:verify",
}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are named: start-up pays for one of them only."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return with_global_options(getattr(importlib.import_module(module), name))


@click.command(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", metavar="PATH", help="The file that holds the log (BACKOUT_DATABASE).")
@click.option("--config", metavar="FILE", help="The settings (BACKOUT_CONFIG).")
@click.option("--as", "claimed", metavar="NAME", help="Who you are in the log (BACKOUT_AS); your login otherwise.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, database: str | None, config: str | None, claimed: str | None) -> int:
    """Take a bad release back out of production, from one screen, with a log of what was done, why and by whom.

    Without a command: the dashboard of the one open backout, or the list.
    """
    from backout_tui.cli.surroundings import Surroundings

    for option, value in (("--database", database), ("--config", config)):
        if value is not None and not value.strip():
            raise click.UsageError(f"{option} is blank")
    named = database if database is not None else os.environ.get("BACKOUT_DATABASE")
    ctx.obj = Surroundings(database=named, config=Path(config) if config else None, claimed=claimed)
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand is None:
        from backout_tui.cli.dashboard import open_or_list

        return open_or_list(ctx.obj)
    return EXIT_DONE


def main() -> NoReturn:
    """Run the command line and exit as contract.md section 8 says."""
    # What is made at the start stays: to look for garbage in it would take a fifth of the time to the first picture.
    gc.disable()
    speech.never_stumble()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code."""
    try:
        code: Any = cli.main(arguments, prog_name="backout-tui", standalone_mode=False)
        speech.flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.ClickException as error:
        complain(error.format_message(), hint=_usage(error))
        code = EXIT_OUTSIDE
    except Refused as refused:
        complain(refused.reason, hint=_lift(refused))
        code = EXIT_REFUSED
    except BackoutError as error:
        complain(str(error))
        if isinstance(error, speech.NobodyListens):
            speech.let_go()
        code = EXIT_OUTSIDE
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted; what was recorded stays, and what runs goes on")
        code = 128 + signal.SIGINT
    except speech.EnoughRead:
        speech.let_go()
        code = EXIT_DONE
    except UnicodeEncodeError as error:
        code = _not_text(error, arguments)
    except Exception as error:  # noqa: BLE001 - the last place: our own bug, told without local variables
        code = _bug(error)
    return int(code or 0)


def _lift(refused: Refused) -> str:
    lifts = {"reason": "--reason T", "break-glass": "--break-glass with --reason T", "note": "--note T"}
    lift = lifts.get(refused.lifted_by)
    return f"It is lifted by {lift}." if lift else ""


def _usage(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"Try '{error.ctx.command_path} --help'."
    return ""


def _not_text(error: UnicodeEncodeError, arguments: list[str]) -> int:
    """An argument that is not UTF-8 reaches the log or a query; a file's name may be of such bytes."""
    if not any(map(_holds_bytes, arguments)):
        return _bug(error)
    complain("an argument is not UTF-8 text", hint="Type it in a UTF-8 terminal.")
    return EXIT_OUTSIDE


def _holds_bytes(argument: str) -> bool:
    """Whether it holds bytes that could not be read as UTF-8."""
    return any("\udc80" <= char <= "\udcff" for char in argument)


def _bug(error: BaseException) -> int:
    from backout_tui.crash import write_report

    try:
        where = f" A report is in {write_report(error)}."
    except OSError:
        where = ""
    complain(f"this is a bug in backout-tui ({type(error).__name__}); what was recorded is safe.{where}")
    return EXIT_BUG

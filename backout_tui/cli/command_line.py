"""All commands except the direct way to the dashboard; click parses them, and each is imported when it is named."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import click

from backout_tui import __version__
from backout_tui.cli.anywhere import with_global_options
from backout_tui.cli.speech import complain
from backout_tui.domain.text import clean_line
from backout_tui.errors import EXIT_DONE, EXIT_OUTSIDE
from backout_tui.local_zone import why_utc

COMMANDS = {
    "demo": "backout_tui.cli.open_commands:demo",
    "do": "backout_tui.cli.do.do_group:do",
    "help": "backout_tui.cli.read.help_command:help_",
    "list": "backout_tui.cli.read.read_commands:list_",
    "log": "backout_tui.cli.read.read_commands:log",
    "open": "backout_tui.cli.open_commands:open_",
    "output": "backout_tui.cli.read.output_command:output",
    "plan": "backout_tui.cli.plan.plan_group:plan",
    "rebuild": "backout_tui.cli.rebuild:rebuild",
    "report": "backout_tui.cli.read.read_commands:report",
    "show": "backout_tui.cli.read.read_commands:show",
    "start": "backout_tui.cli.start:start",
    "verify": "backout_tui.cli.read.verify_command:verify",
}


class LazyCommands(click.Group):
    """A group that imports a command only when it is named, so start-up pays for one command only."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command with that name."""
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

    Without a command, open the dashboard of the one open backout, or the list. `backout-tui help` explains topics.
    """
    from backout_tui.cli.surroundings import Surroundings

    if words := why_utc():
        complain(clean_line(words))
    for option, value in (("--database", database), ("--config", config)):
        if value is not None and not value.strip():
            raise click.UsageError(f"{option} is blank")
    named = database if database is not None else os.environ.get("BACKOUT_DATABASE")
    ctx.obj = Surroundings(database=named, config=Path(config) if config else None, claimed=claimed)
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand is None:
        from backout_tui.cli.dashboards import open_or_list

        return open_or_list(ctx.obj)
    return EXIT_DONE


def obeyed(arguments: list[str]) -> int:
    """Run one command line and return its exit code. Usage errors are printed here, with the right usage."""
    try:
        return int(cli.main(arguments, prog_name="backout-tui", standalone_mode=False) or EXIT_DONE)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except click.ClickException as error:
        complain(" ".join(error.format_message().split()), hint=_usage(error))
        return EXIT_OUTSIDE


def _usage(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"Try '{error.ctx.command_path} --help'."
    return ""

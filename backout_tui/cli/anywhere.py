"""Accepts the global options after a command too: at three in the morning people add `--as NAME` at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backout_tui.cli.surroundings import Surroundings


def with_global_options(command: click.Command) -> click.Command:
    """Make `command`, and all commands below it, accept `--database`, `--config` and `--as` as the program does."""
    if not any(param.name == "global_as" for param in command.params):
        command.params += [_option("database"), _option("config"), _option("as")]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_global_options(inner)
    return command


def _option(name: str) -> click.Option:
    return click.Option(
        [f"--{name}", f"global_{name}"], metavar="X", hidden=True, expose_value=False, is_eager=True, callback=_given
    )


def _given(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is None:
        return
    if not value.strip():
        raise click.UsageError(f"{param.opts[0]} is blank")
    surroundings = _surroundings(ctx)
    if param.name == "global_database":
        surroundings.database = value
    elif param.name == "global_config":
        surroundings.config = Path(value)
    else:
        surroundings.claimed = value


def _surroundings(ctx: click.Context) -> Surroundings:
    found = ctx.find_root().obj
    assert isinstance(found, Surroundings)
    return found

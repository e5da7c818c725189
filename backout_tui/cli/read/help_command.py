"""`backout-tui help`: shows the topics that ship with the program, and the `--help` of a command by its name."""

from __future__ import annotations

import difflib
import shutil
import sys

import click

from backout_tui.cli.speech import say
from backout_tui.errors import EXIT_DONE, BackoutError
from backout_tui.help.layout import WIDE, page
from backout_tui.help.topics import TOPICS, listed, text_of


@click.command("help")
@click.argument("words", metavar="[TOPIC]", nargs=-1)
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> int:
    """Explain TOPIC, or list the topics.

    TOPIC may also be a command or a verb of `do`: `help start`, `help plan check`, `help step-run`.
    """
    _show(_explained(ctx, words))
    return EXIT_DONE


def _explained(ctx: click.Context, words: tuple[str, ...]) -> str:
    if not words:
        return listed()
    topic = "-".join(words).lower()
    if topic in TOPICS:
        return page(text_of(topic), min(WIDE, shutil.get_terminal_size((WIDE, 24)).columns))
    found = _help_of(ctx, words)
    if found is None:
        raise _unknown(ctx, " ".join(words))
    return found


def _help_of(ctx: click.Context, words: tuple[str, ...]) -> str | None:
    """Return the `--help` of the command with this name, None if there is none; a verb needs no `do` before it."""
    root = ctx.find_root()
    return _below(root, words) or _below(root, ("do", *words))


def _below(root: click.Context, words: tuple[str, ...]) -> str | None:
    ctx = root
    for word in words:
        group = ctx.command
        command = group.get_command(ctx, word) if isinstance(group, click.Group) else None
        if command is None:
            return None
        ctx = type(ctx)(command, info_name=word, parent=ctx)
    return ctx.get_help()


def _unknown(ctx: click.Context, named: str) -> BackoutError:
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    known = [*TOPICS, *root.command.list_commands(root), *_names_in(root, "do")]
    known += [f"plan {name}" for name in _names_in(root, "plan")]
    near = difflib.get_close_matches(named.lower(), known, n=3)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return BackoutError(f'there is no help on "{named}"', todo=f"{meant}`backout-tui help` lists the topics.")


def _names_in(root: click.Context, name: str) -> list[str]:
    assert isinstance(root.command, click.Group)
    group = root.command.get_command(root, name)
    assert isinstance(group, click.Group)
    return group.list_commands(root)


def _show(text: str) -> None:
    """Print the text, through the reader's pager (PAGER, else less) when the terminal is too short for it."""
    if sys.stdout is not None and sys.stdout.isatty() and text.count("\n") + 2 > shutil.get_terminal_size().lines:
        click.echo_via_pager(text + "\n")
    else:
        say(text)

"""The palette (Ctrl+P): every command of the table by its name."""

from __future__ import annotations

from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from backout_tui.ui.board import Board
from backout_tui.ui.commands import Command, by_id, subject_of


class Commands(Provider):
    """Gives the palette the table."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._all():
            yield DiscoveryHit(_name(command), self._run(command), help=self._help(command))

    async def search(self, query: str) -> Hits:
        """Those whose name or sentence holds what was typed."""
        matcher = self.matcher(query)
        for command in self._all():
            name = _name(command)
            if (score := max(matcher.match(name), matcher.match(command.help) / 2)) > 0:
                yield Hit(score, matcher.highlight(name), self._run(command), text=name, help=self._help(command))

    def _all(self) -> list[Command]:
        return [command for command in by_id().values() if command.id not in ("palette", "back")]

    def _run(self, command: Command) -> partial[None]:
        return partial(self._board.action_command, command.id)

    def _help(self, command: Command) -> str:
        """Fixed words only: the palette reads markup in them. The reason of a refusal is said when it is chosen."""
        subject = subject_of(command)
        return subject if command.is_lit(self._board.situation) else f"{subject}, not now"

    @property
    def _board(self) -> Board:
        assert isinstance(self.screen, Board)
        return self.screen


class Palette(CommandPalette):
    """Textual's palette over the table, without anything that blinks."""

    def __init__(self) -> None:
        """Offer the commands of the table only."""
        super().__init__(providers=[Commands], placeholder="What do you want to do?")

    def on_mount(self) -> None:
        """Nothing blinks: an idle screen sends nothing."""
        self.query_one(Input).cursor_blink = False


def _name(command: Command) -> str:
    return f"{command.help.rstrip('.')}  {command.key}".rstrip()

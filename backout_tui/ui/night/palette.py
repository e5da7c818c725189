"""The palette (Ctrl+P): finds every command of the table by its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.dialogs.inputs import LineInput
from backout_tui.ui.night.commands import Command, by_id
from backout_tui.ui.night.situation import Situation
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.row_list import RowList

COLUMNS = (Column(9), Column(13), Column(0))
_HIDDEN = ("palette", "back")


def found(words: str, situation: Situation) -> list[Row]:
    """The commands that contain every one of `words`; those that do not apply now are dim."""
    commands = (command for command in by_id().values() if command.id not in _HIDDEN)
    holding = [command for command in commands if _holds(command, words)]
    holding.sort(key=lambda command: _far_from(command, words.casefold()))
    return [_row(command, situation) for command in holding]


def _holds(command: Command, words: str) -> bool:
    text = f"{command.key} {command.label} {command.help}".casefold()
    return all(word in text for word in words.casefold().split())


def _far_from(command: Command, words: str) -> tuple[bool, bool]:
    """Sort key: a match in the name beats one in the help, and the start of a word beats its middle."""
    label, text = command.label.casefold(), f" {command.help}".casefold()
    return words not in label, f" {words}" not in text


def _row(command: Command, situation: Situation) -> Row:
    tone = "" if command.is_lit(situation) else "dim"
    return Row(command.id, (Cell(command.key, tone or "strong"), command.label, command.help), tone)


class Palette(Dialog[str]):
    """Type a few letters, choose with the arrows; the result is the command's id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", show=False, priority=True),
        Binding("down", "move(1)", "Next", show=False, priority=True),
        Binding("up", "move(-1)", "Before", show=False, priority=True),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True),
    ]

    def __init__(self, situation: Situation) -> None:
        """Offer all commands; those that do not apply in `situation` are dim."""
        super().__init__("What do you want to do?", "↑↓ move   Enter do it   Esc leave")
        self.situation = situation
        self.typed = LineInput(TextField("words", "words", hint="a few letters of it"))
        self.typed.add_class("-first")
        self.list = RowList(COLUMNS, found("", situation), empty="No command holds these words.", classes="found")
        self.list.can_focus = False

    def body(self) -> Iterable[Widget]:
        """The field over the commands."""
        yield self.typed
        yield self.list

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the commands that match the new words."""
        self.list.show(found(event.value, self.situation))
        self.list.action_move_to(0)

    def action_move(self, rows: int) -> None:
        """Move the cursor; the field keeps the focus."""
        self.list.action_move(rows)

    def action_choose(self) -> None:
        """Close with the command under the cursor, once the field has taken in what was typed before."""
        self.hold_keys()
        self.typed.call_later(self.call_later, self._close)

    def _close(self) -> None:
        if self.list.cursor_key is None:
            self.release_keys()
        else:
            self.close(self.list.cursor_key)

"""The confirmation of a first step: what must hold before it is ticked there, or one reason says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.domain.text import clean_line
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.dialogs.inputs import KeysInOrder, LineInput
from backout_tui.ui.widgets.inert import shown

_ROWS, _TICKS, _TO_TYPE = 14, 4, 2
"""The rows that text and ticks share, the most that the ticks get of them, and what the number to type takes."""


class ToTick(Struct, frozen=True):
    """One line to tick: its number, its text, and whether it is ticked already."""

    number: int
    text: str
    ticked: bool = False


class Tick(KeysInOrder, can_focus=True):
    """A line with a box. Space ticks it and goes on, or takes the tick back; no other key does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", "Tick", show=False)]
    ticked: reactive[bool] = reactive(False)
    """Whether it holds."""

    def __init__(self, line: ToTick) -> None:
        """Begin as the line was ticked before."""
        super().__init__(classes="tick")
        self.line = line
        self.set_reactive(Tick.ticked, line.ticked)

    def render(self) -> Content:
        """The box and the text, folded to the width."""
        box = shown(f"[{'x' if self.ticked else ' '}] ", "bold" if self.has_focus else "")
        return box + shown(clean_line(self.line.text), "bold" if self.has_focus else "")

    def action_tick(self) -> None:
        """Tick the line, or take the tick back."""
        self.ticked = not self.ticked
        if self.ticked:
            self.screen.focus_next()


class ConfirmTicked(Confirm):
    """A `Confirm` with lines to tick. Enter confirms once all are ticked, or a reason says why they need not be.

    Space ticks the line with the cursor and goes on to the next one; the arrows and Tab move, the page keys scroll.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "move_on(1)", "Next", show=False, priority=True),
        Binding("shift+tab", "move_on(-1)", "Before", show=False, priority=True),
        Binding("up", "move_on(-1)", "Up", show=False, priority=True),
        Binding("down", "move_on(1)", "Down", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        sections: Sequence[Section],
        lines: Sequence[ToTick],
        *,
        verb: str = "run",
        type_this: str = "",
        why: str = "",
    ) -> None:
        """Ask for the ticks of `lines` below `sections`; `why` is a reason that was given before."""
        super().__init__(title, sections, verb=verb, type_this=type_this)
        self.keys = f"Space tick   {self.keys.replace('↑↓ scroll', 'PgUp PgDn scroll')}"
        self.ticks = [Tick(line) for line in lines]
        self.began_with = why
        self.why = _why(why)
        self.text.remove_class("-first")
        self.text.styles.max_height = _ROWS - min(len(lines), _TICKS) - (_TO_TYPE if type_this else 0)
        self.number.remove_class("-first")
        next((one for one in self.ticks if not one.ticked), self.ticks[0]).add_class("-first")

    def body(self) -> Iterable[Widget]:
        """What will happen, the lines to tick, the reason, and the field for the text to type."""
        text, *typed = super().body()
        yield text
        yield Static(shown("Before you start, tick what holds:"), classes="heading")
        ticks = VerticalScroll(*self.ticks, classes="ticks")
        ticks.can_focus = False
        yield ticks
        yield Horizontal(Static(shown("or why not"), classes="label"), self.why, classes="why")
        yield from typed

    @property
    def answers(self) -> dict[int, bool]:
        """Whether each line is ticked, by number."""
        return {one.line.number: one.ticked for one in self.ticks}

    @property
    def to_keep(self) -> dict[str, str]:
        """What differs from what the dialog began with: ticks by their numbers, and the reason."""
        ticks = {str(one.line.number): str(one.ticked) for one in self.ticks if one.ticked != one.line.ticked}
        return ticks | ({"why": self.why.answer} if self.why.answer != self.began_with else {})

    def refill(self, answers: Mapping[str, str]) -> None:
        """Begin with what was said here before, and is not recorded, before the dialog is shown."""
        for one in self.ticks:
            said = answers.get(str(one.line.number))
            one.set_reactive(Tick.ticked, one.line.ticked if said is None else said == str(True))
        self.why = _why(answers.get("why", self.began_with))

    def admits(self, key: events.Key) -> bool:
        """Admit Enter as a `Confirm` does, and no tick that was typed before the line could be read."""
        if key.key == "space" and isinstance(self.focused, Tick):
            return self.settled(key)
        return super().admits(key)

    def keys_left_out(self) -> None:
        """Say why a key did nothing."""
        self.tell("That key came too soon or with other keys. Press it again.", warning=True)

    def action_move_on(self, step: int) -> None:
        """Go to another line or field, in a circle."""
        stops = [*self.ticks, self.why, *([self.number] if self.type_this else [])]
        at = next((index for index, one in enumerate(stops) if one is self.focused), -step)
        self.set_focus(stops[(at + step) % len(stops)])

    def _decide(self) -> None:
        """Confirm only what is ticked or explained; otherwise go where the reason belongs."""
        left = [str(number) for number, ticked in self.answers.items() if not ticked]
        if left and not self.why.answer:
            self.tell(f"Not ticked: {', '.join(left)}. Tick with space, or say why it starts.", warning=True)
            self.set_focus(self.why)
            self.release_keys()
        else:
            super()._decide()


def _why(begin: str) -> LineInput:
    return LineInput(TextField("why", "or why not", begin, hint="needed when not everything is ticked"))

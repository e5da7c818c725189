"""The widget for one of a few choices. Text that was meant for another field chooses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from backout_tui.ui.dialogs.fields import ChoiceField
from backout_tui.ui.widgets.inert import shown

TEXT_S = 1.0
"""Seconds between two letters within which they are a text, and choose nothing."""
MOST_LINES = 3
"""Lines that all choices may take together; if they need more, only the current one is shown."""
HOW = "arrows, space or an underlined letter choose"


class ChoiceInput(Widget, can_focus=True):
    """One of a few choices: arrows and space step through them, the underlined letter of each chooses it.

    Several letters one after the other are a text that somebody types into the wrong field: they change nothing.
    """

    own_keys = frozenset({"left", "right", "up", "down", "space"})
    """The keys that it deals with itself."""
    takes_letters = True
    """Whether it deals with every letter, also with one that chooses nothing."""

    index: reactive[int] = reactive(0)
    """The index of the current choice."""
    refused: reactive[str] = reactive("", repaint=False)
    """Why the last letters chose nothing; "" if they did."""

    def __init__(self, field: ChoiceField) -> None:
        """Begin with the field's default."""
        super().__init__()
        self.field = field
        self.marks = marked_letters(field.choices)
        self._letter_at, self._before = float("-inf"), 0
        self.set_reactive(ChoiceInput.index, field.choices.index(field.default) if field.default else 0)

    @property
    def answer(self) -> str:
        """The current choice."""
        return self.field.choices[self.index]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as the choices take at this width."""
        return len(self._lines(width) or [0])

    def render(self) -> Content:
        """All choices with the current one marked; only that one when there is no room for all."""
        lines = self._lines(self.size.width)
        if not lines:
            return shown(f"< {self.answer} >  {self.index + 1} of {len(self.field.choices)}", "bold")
        return Content("\n").join(Content("  ").join(map(self._choice, line)) for line in lines)

    def _choice(self, index: int) -> Content:
        """One choice with its mark; the letter that chooses it is underlined."""
        tone, choice, at = "bold" if index == self.index else "", self.field.choices[index], self.marks[index]
        said = shown(f"({'x' if index == self.index else ' '}) {choice}", tone)
        return said if at is None else said.stylize("underline", 4 + at, 5 + at)

    def _lines(self, width: int) -> list[list[int]]:
        """The choices by line; none when they need too many lines."""
        lines: list[list[int]] = [[]]
        left = width
        for index, choice in enumerate(self.field.choices):
            wide = cell_len(choice) + 4
            if lines[-1] and wide > left:
                lines.append([])
                left = width
            if wide > left:
                return []
            lines[-1].append(index)
            left -= wide + 2
        return lines if len(lines) <= MOST_LINES else []

    def on_key(self, event: events.Key) -> None:
        """Step through the choices, or go to the one with that letter."""
        in_text = event.time - self._letter_at < TEXT_S
        if event.key in ("right", "down") or (event.key == "space" and not in_text):
            self._choose(self.index + 1)
        elif event.key in ("left", "up"):
            self._choose(self.index - 1)
        elif event.is_printable and event.character:
            self._letter(event, in_text=in_text)
        else:
            return
        event.stop()
        event.prevent_default()

    def _letter(self, event: events.Key, *, in_text: bool) -> None:
        letter = (event.character or "").casefold()
        self._before = self._before if in_text else self.index
        self._letter_at = event.time
        chosen = next((at for at, place in enumerate(self.marks) if self._letter_of(at, place) == letter), None)
        if in_text:
            self.index, self.refused = self._before, f"Text chooses nothing here: {HOW}."
        elif chosen is None or not self._lines(self.size.width):
            self.refused = f"{event.character} chooses nothing here: {HOW}."
        else:
            self._choose(chosen)

    def _letter_of(self, index: int, place: int | None) -> str:
        return self.field.choices[index][place].casefold() if place is not None else ""

    def _choose(self, index: int) -> None:
        self.index, self.refused = index % len(self.field.choices), ""


def marked_letters(choices: Sequence[str]) -> list[int | None]:
    """For each choice the place of the letter that chooses it: its first one that no other has; None if it has none."""
    taken: set[str] = set()
    return [_free(choice, taken) for choice in choices]


def _free(choice: str, taken: set[str]) -> int | None:
    letters: Iterable[tuple[int, str]] = enumerate(choice.casefold())
    place = next((at for at, letter in letters if letter.isalnum() and letter not in taken), None)
    if place is not None:
        taken.add(choice.casefold()[place])
    return place

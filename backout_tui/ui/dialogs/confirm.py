"""The one dialog before something runs or is sent: it shows exactly what will happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.dialogs.inputs import LineInput
from backout_tui.ui.terminal.keys import key_stands_alone
from backout_tui.ui.widgets.inert import shown
from backout_tui.ui.widgets.text_view import Line, TextView, marked


class Section(Struct, frozen=True):
    """A heading ("" for none) and the lines below it; `tone` is a word of the text view's style classes.

    In a `difference` the lines start with their signs, `- ` and `+ `, and get the tones of these.
    """

    heading: str
    lines: tuple[str, ...]
    tone: str = ""
    difference: bool = False


def as_lines(sections: Sequence[Section]) -> list[Line]:
    """The sections as lines to show, with an empty line between them."""
    lines: list[Line] = []
    for section in sections:
        if lines:
            lines.append(Line(""))
        if section.heading:
            lines.append(Line(section.heading, "heading"))
        indent = "  " if section.heading else ""
        if section.difference:
            lines.extend(marked(section.lines, indent))
            continue
        lines.extend(Line(indent + part, section.tone) for line in section.lines for part in line.split("\n"))
    return lines


class Confirm(Dialog[bool]):
    """Shows `sections`; the result is True when confirmed, None when the person left.

    Enter confirms only if it came alone in its read and at least 150 ms after the dialog was painted, so that neither a
    paste nor a key meant for another screen confirms. What cannot be undone needs `type_this` typed first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "confirm", "Confirm", show=False, priority=True),
        Binding("up", "scroll(-1)", "Up", show=False, priority=True),
        Binding("down", "scroll(1)", "Down", show=False, priority=True),
        Binding("pageup", "scroll_page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "scroll_page(1)", "Page down", show=False, priority=True),
    ]

    def __init__(
        self, title: str, sections: Sequence[Section], *, verb: str = "run", type_this: str = "", back: str = "leave"
    ) -> None:
        """Ask under `title` whether to `verb`; with `type_this`, that text must be typed before Enter counts.

        `back` says what Esc does instead.
        """
        typing = f"Type {type_this} and Enter" if type_this else "Enter"
        super().__init__(title, f"{typing} to {verb}   Esc {back}   ↑↓ scroll")
        self.type_this = type_this
        self.text = TextView(as_lines(sections), classes="text" if type_this else "text -first")
        self.number = LineInput(TextField("number", "number"))
        self.number.add_class("-first")
        self._typed_label = f"This cannot be undone. Type {type_this} to {verb}:"

    def body(self) -> Iterable[Widget]:
        """What will happen, and the field for the text to type."""
        yield self.text
        if self.type_this:
            yield Horizontal(Static(shown(self._typed_label), classes="label"), self.number, classes="typed")

    def admits(self, key: events.Key) -> bool:
        """Admit any key except an Enter that may not have been meant."""
        return key.key != "enter" or (key_stands_alone(key) and self.settled(key))

    def keys_left_out(self) -> None:
        """Say why Enter did nothing."""
        self.tell("Enter came too soon or with other keys. Press it again.", warning=True)

    def action_scroll(self, lines: int) -> None:
        """Scroll what will happen."""
        self.text.action_scroll_lines(lines)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll what will happen by a page."""
        self.text.action_scroll_pages(pages)

    def action_confirm(self) -> None:
        """Decide once the field has taken in what was typed before."""
        self.hold_keys()
        target = self.number if self.type_this else self.text
        target.call_later(self._decide)

    def _decide(self) -> None:
        if self.type_this and self.number.answer != self.type_this:
            self.tell(f"That is not {self.type_this}. Nothing was done.", warning=True)
            self.release_keys()
        else:
            self.close(True)

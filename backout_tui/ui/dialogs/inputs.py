"""The widgets that fields are typed into. Each handles its keys in the order they came, however fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea

from backout_tui.domain.text import clean, clean_line
from backout_tui.ui.dialogs.choice_input import ChoiceInput
from backout_tui.ui.dialogs.fields import ChoiceField, TextField, next_suggestion


class KeysInOrder(Widget):
    """Handles bound keys (backspace, arrows) in turn with the typed ones.

    Textual sends them on a round trip through the app, and in `ab⌫c` typed in one read the `c` would be deleted.
    """

    async def on_key(self, event: events.Key) -> None:
        """Run the widget's own binding for the key, now."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.app.run_action(binding.action, self)
            return


class LineInput(Input, KeysInOrder):
    """One line of text."""

    def __init__(self, field: TextField) -> None:
        """Begin with the field's default, the cursor at its end."""
        super().__init__(
            value=clean_line(field.default),
            password=field.password,
            placeholder=clean_line(field.hint),
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False
        self.field = field
        self._typed: str | None = None

    @property
    def answer(self) -> str:
        """What was typed; surrounding blanks count only in a password."""
        return self.value if self.field.password else self.value.strip()

    async def on_key(self, event: events.Key) -> None:
        """Walk through the suggestions with up and down."""
        step = {"down": 1, "up": -1}.get(event.key)
        if step is None or not self.field.suggestions:
            self._typed = None
            return
        event.stop()
        event.prevent_default()
        self._typed = self.value if self._typed is None else self._typed
        self.value = next_suggestion(self._typed, self.value, self.field.suggestions, step)
        self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """Insert all that was pasted, on one line and without control characters."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(clean_line(_with_line_feeds(event.text).replace("\n", " ")))


class LinesInput(TextArea, KeysInOrder):
    """Several lines of text; Enter starts a new line."""

    def __init__(self, field: TextField) -> None:
        """Begin with the field's default."""
        super().__init__(clean(field.default), compact=True, soft_wrap=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.styles.height = field.lines
        self.field = field

    @property
    def answer(self) -> str:
        """What was typed, without blanks at the end."""
        return self.text.rstrip()

    async def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, without control characters."""
        event.prevent_default()
        event.stop()
        self.insert(clean(_with_line_feeds(event.text)))


FieldInput = LineInput | LinesInput | ChoiceInput


def _with_line_feeds(pasted: str) -> str:
    """End the pasted lines with line feeds, because terminals send a carriage return for each."""
    return pasted.replace("\r\n", "\n").replace("\r", "\n")


def input_for(field: TextField | ChoiceField) -> FieldInput:
    """The widget for `field`."""
    if isinstance(field, ChoiceField):
        return ChoiceInput(field)
    return LineInput(field) if field.lines == 1 else LinesInput(field)


def when_taken_in(inputs: Sequence[Widget], then: Callable[[], object]) -> None:
    """Call `then` once each of `inputs` has taken in what was typed before."""
    if not inputs:
        then()
    else:
        inputs[0].call_later(when_taken_in, inputs[1:], then)

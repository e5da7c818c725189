"""A dialog that asks for one thing or for a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.domain.values import replace
from backout_tui.ui.dialogs.choice_input import ChoiceInput
from backout_tui.ui.dialogs.fields import Field, complaint
from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.dialogs.inputs import FieldInput, LinesInput, input_for, when_taken_in
from backout_tui.ui.widgets.inert import shown, shown_lines

KEPT = "What you typed before is here again. Ctrl+U empties a line."
"""Stands in a dialog that was left, or whose answers were not recorded."""


class FieldLine(Vertical):
    """A label, its field, and below them what is wrong with the answer."""

    def __init__(self, field: Field, label_width: int) -> None:
        """Ask for `field`; all labels of a dialog are `label_width` cells wide."""
        super().__init__()
        self.field = field
        self.input: FieldInput = input_for(field)
        self.began_with = self.input.answer
        self._label = Static(shown(field.label), classes="label")
        self._label.styles.width = label_width
        self._wrong = Static("", classes="wrong")

    def compose(self) -> ComposeResult:
        """Label and field side by side."""
        yield Horizontal(self._label, self.input)
        yield self._wrong

    def on_descendant_focus(self) -> None:
        """Make the label stand out."""
        self.add_class("-active")

    def on_descendant_blur(self) -> None:
        """Make the label plain again, and remark on the answer."""
        self.remove_class("-active")
        remark = getattr(self.field, "remark", None)
        if remark is not None and not complaint(self.field, self.input.answer):
            self.say_wrong(remark(self.input.answer))

    def begin_with(self, answer: str) -> None:
        """Begin with `answer` instead of the field's default, and go on at its end."""
        is_first = self.input.has_class("-first")
        self.input = input_for(replace(self.field, default=answer))
        if isinstance(self.input, LinesInput):
            self.input.move_cursor(self.input.document.end)
        self.input.set_class(is_first, "-first")

    def on_mount(self) -> None:
        """Say at once when letters choose nothing."""
        if isinstance(self.input, ChoiceInput):
            self.watch(self.input, "refused", self.say_wrong, init=False)

    def complain(self) -> bool:
        """Say below the field what is wrong with its answer; return whether anything is."""
        wrong, remark = complaint(self.field, self.input.answer), getattr(self.field, "remark", None)
        self.say_wrong(wrong or (remark(self.input.answer) if remark is not None else ""))
        return bool(wrong)

    def complain_of_text(self) -> bool:
        """Return whether text was just typed into a choice, once: the Enter after it was meant for a text."""
        refused = self.input.refused if isinstance(self.input, ChoiceInput) else ""
        if isinstance(self.input, ChoiceInput):
            self.input.set_reactive(ChoiceInput.refused, "")
        return bool(refused)

    def say_wrong(self, words: str) -> None:
        """Say `words` below the field; "" takes back what was said."""
        self._wrong.update(shown(words))
        self._wrong.set_class(bool(words), "-shown")


class Ask(Dialog[dict[str, str]]):
    """Asks for `fields`; the result is the answers by the fields' names, or None when the person left.

    Enter goes to the next field, unless the answer in this one is missing or wrong: then it says so and stays. It
    submits on the last field and on one that says so; in a field of several lines it starts a new line. Ctrl+S submits
    anywhere. Keys typed before the dialog is painted go into its first field.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_or_submit", "Next", show=False, priority=True),
        Binding("ctrl+s", "submit", "Submit", show=False, priority=True),
        Binding("tab", "move_on(1)", "Next field", show=False, priority=True),
        Binding("shift+tab", "move_on(-1)", "Field before", show=False, priority=True),
    ]

    def __init__(
        self, title: str, fields: Sequence[Field], *, banner: str = "", note: str = "", verb: str = "save"
    ) -> None:
        """Ask under `title`; `banner`, which nobody may miss, and `note` stand above the fields.

        `verb` says what submitting does. Set `refuses` to keep the dialog open on answers that would be refused: it
        returns the name of the field to change, and why.
        """
        super().__init__(title, _keys(fields, verb))
        self.fields, self.banner, self.note = tuple(fields), banner, note
        self.refuses: Callable[[Mapping[str, str]], tuple[str, str] | None] = _refuses_nothing
        width = min(18, max(len(field.label) for field in fields) + 2)
        self.lines = [FieldLine(field, width) for field in fields]
        self.lines[0].input.add_class("-first")

    @property
    def to_keep(self) -> dict[str, str]:
        """What differs from what the dialog began with. Hidden answers are not kept."""
        shown_ones = [line for line in self.lines if not getattr(line.field, "password", False)]
        return {line.field.name: line.input.answer for line in shown_ones if line.input.answer != line.began_with}

    def refill(self, answers: Mapping[str, str]) -> None:
        """Begin with these answers, by the fields' names, before the dialog is shown."""
        for line in self.lines:
            answer, choices = answers.get(line.field.name), getattr(line.field, "choices", None)
            if answer is not None and (choices is None or answer in choices):
                line.begin_with(answer)
        if any(line.input.answer != line.began_with for line in self.lines):
            self.note = "\n".join(filter(None, (KEPT, self.note)))

    def body(self) -> Iterable[Widget]:
        """The banner, the note and the fields, scrolled when there are many."""
        if self.banner:
            yield Static(shown(self.banner), classes="banner")
        if self.note:
            yield Static(shown_lines(self.note), classes="note")
        fields = VerticalScroll(*self.lines, classes="fields")
        fields.can_focus = False
        yield fields

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Leave Enter to a field of several lines."""
        return not (action == "next_or_submit" and isinstance(self.focused, LinesInput))

    def action_next_or_submit(self) -> None:
        """Handle Enter: go to the next field, or submit after the last one or one that says so."""
        line = next((line for line in self.lines if line.input is self.focused), self.lines[0])
        if line.complain_of_text():
            return
        if line is self.lines[-1] or getattr(line.field, "submits", False):
            self.action_submit()
        else:
            self.hold_keys()
            when_taken_in([line.input], lambda: self.call_later(self._go_on, line))

    def _go_on(self, line: FieldLine) -> None:
        """Go to the field after `line`, if its answer will do."""
        if not line.complain():
            self.action_move_on(1)
        self.release_keys()

    def action_move_on(self, step: int) -> None:
        """Handle Tab: go to another field, in a circle."""
        inputs = [line.input for line in self.lines]
        at = next((index for index, one in enumerate(inputs) if one is self.focused), -step)
        self.set_focus(inputs[(at + step) % len(inputs)])

    def action_submit(self) -> None:
        """Wait until every field has taken in what was typed before, then look at the answers."""
        self.hold_keys()
        when_taken_in([line.input for line in self.lines], lambda: self.call_later(self._answer))

    def _answer(self) -> None:
        """Close with the answers, or go to the first wrong one."""
        wrong = [line for line in self.lines if line.complain()]
        answers = {line.field.name: line.input.answer for line in self.lines}
        if not wrong and (refused := self.refuses(answers)) is not None:
            wrong = [line for line in self.lines if line.field.name == refused[0]]
            wrong[0].say_wrong(refused[1])
        if wrong:
            self.set_focus(wrong[0].input)
            self.release_keys()
        else:
            self.close(answers)


def _refuses_nothing(_: Mapping[str, str]) -> None:
    """Accept all answers."""


def _keys(fields: Sequence[Field], verb: str) -> str:
    """The text of the line of keys: what Enter does in the first field, and how to submit everything."""
    one = len(fields) == 1
    if getattr(fields[0], "submits", False):
        return f"Enter {verb}   {'' if one else 'Tab say more   '}Esc leave"
    several_lines = any(getattr(field, "lines", 1) > 1 for field in fields)
    enter = "" if one and several_lines else f"Enter {verb if one else 'next'}   "
    submit = "" if one and not several_lines else f"Ctrl+S {verb}   "
    return f"{enter}{'' if one else 'Tab move   '}{submit}Esc leave"

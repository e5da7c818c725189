"""The nine questions, one at a time, and then a summary of the answers: the start of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from backout_tui.domain.plan.answers import plan_of
from backout_tui.domain.plan.questionnaire import PAGES
from backout_tui.domain.plan.readiness import Question, questions
from backout_tui.planfile.writing.writer import write_plan
from backout_tui.ui.desk.question_page import QuestionPage, marks, page_title
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.inputs import LinesInput, when_taken_in
from backout_tui.ui.terminal.keys import CommandScreen
from backout_tui.ui.widgets.lines import fit
from backout_tui.ui.widgets.one_line import OneLine, Word, wholly
from backout_tui.ui.widgets.sheet import keys_words
from backout_tui.ui.widgets.text_view import Line, TextView
from backout_tui.ui.widgets.title_line import TitleLine

AT_FIRST = (("Ctrl+S", "Next"), ("Esc", "Leave"), ("Tab", "Next field"), ("Ctrl+N", "Begin anew"))
ASKING = (
    ("Ctrl+S", "Next"), ("Alt+←", "Back"), ("Esc", "Leave"), ("Ctrl+L", "Leave open"), ("Tab", "Next field"),
    ("Ctrl+N", "Begin anew"),
)  # fmt: skip
AT_THE_END = (("Enter", "Store"), ("Alt+←", "Back"), ("Esc", "Leave"), ("↑↓", "Scroll"), ("Ctrl+N", "Begin anew"))
"""The keys that the bottom line offers, the most needed first. Ctrl+B goes back too, but tmux keeps it for itself."""


class QuestionsScreen(CommandScreen[dict[str, str]]):
    """Asks the questions; the result is the answers by the names of their blanks, or None when the person left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Next", show=False, priority=True),
        Binding("ctrl+s", "go(1)", "Next question", show=False, priority=True),
        Binding("alt+left,ctrl+b", "go(-1)", "Question before", show=False, priority=True),
        Binding("ctrl+n", "begin_anew", "Begin anew", show=False, priority=True),
        Binding("ctrl+l", "leave_open", "Leave open", show=False, priority=True),
        Binding("tab", "move_on(1)", "Next field", show=False, priority=True),
        Binding("shift+tab", "move_on(-1)", "Field before", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - Textual's own, and never changed
    AUTO_FOCUS = ""

    def __init__(self, answers: Mapping[str, str] | None = None, *, from_the_first: bool = False) -> None:
        """Begin at the summary of the `answers` that were given before.

        Without any, or `from_the_first`, begin at the first question.
        """
        super().__init__()
        self.heading, self.subject = "New plan", (answers or {}).get("release", "")
        self.at = len(PAGES) if answers and not from_the_first else 0
        self.pages = [QuestionPage(page, dict(answers or {})) for page in PAGES]
        self.summary = TextView(classes="rows")
        self.line, self.keys_line = TitleLine(), OneLine(id="keys")

    def compose(self) -> ComposeResult:
        """The title, the question, the keys. The other questions are added when they are asked."""
        yield self.line
        yield Container(self._shown, id="question")
        yield self.keys_line

    def on_mount(self) -> None:
        """Begin."""
        self._show()
        self._go_to_first_field()

    @property
    def answers(self) -> dict[str, str]:
        """What has been typed so far."""
        return {name: answer for page in self.pages for name, answer in page.answers.items()}

    @property
    def to_keep(self) -> dict[str, str]:
        """What is kept when the person leaves, or the terminal is lost."""
        return self.answers

    def refill(self, answers: Mapping[str, str]) -> None:
        """Go on with what was typed before, at the last question that has an answer; before the screen is shown."""
        self.pages = [QuestionPage(page, dict(answers)) for page in PAGES]
        answered = [number for number, page in enumerate(self.pages) if page.answers]
        self.at = answered[-1] if answered else 0

    @property
    def is_at_the_end(self) -> bool:
        """Whether every question was asked, so that the summary is shown."""
        return self.at == len(PAGES)

    @property
    def _shown(self) -> Widget:
        return self.summary if self.is_at_the_end else self.pages[self.at]

    # ── saying ────────────────────────────────────────────────────────────────────────────────────────────────────

    def be_quiet(self) -> None:
        """Offer as many keys as fit."""
        keys = AT_THE_END if self.is_at_the_end else ASKING if self.at else AT_FIRST
        self.keys_line.say(wholly([keys_words([key]) for key in keys], self.app.size.width - 2))

    def on_resize(self) -> None:
        """Fit the keys and the answers to the new width."""
        if self.is_mounted:
            self._show()

    def admits(self, key: events.Key) -> bool:
        """Admit keys like every screen of commands; by now the person has read what was said before."""
        admitted = super().admits(key)
        if admitted:
            self.be_quiet()
        return admitted

    def keys_left_out(self) -> None:
        """Say that several keys which came at once, where Enter stores, did nothing."""
        self._say("Several keys came at once, as in a paste: they were ignored.")

    def say_no_key(self, words: str) -> None:
        """Say it in place of the keys."""
        if words:
            self._say(words)
        else:
            self.be_quiet()

    def _say(self, words: str) -> None:
        self.keys_line.say([Word(words, "warning")])

    # ── from question to question ─────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Leave Enter to a field of several lines."""
        return not (action == "enter" and isinstance(self.focused, LinesInput))

    def action_enter(self) -> None:
        """Go to the next field; after the last one to the next question; at the end store the plan."""
        if self.is_at_the_end:
            self.dismiss(self.answers)
        elif self.focused is self.pages[self.at].inputs[-1]:
            self.action_go(1)
        else:
            self.action_move_on(1)

    def action_move_on(self, step: int) -> None:
        """Go to another field, in a circle; before the first one lies the question before."""
        if step < 0 and (self.is_at_the_end or self.focused is self.pages[self.at].inputs[0]):
            self.action_go(step)
        elif not self.is_at_the_end:
            inputs = self.pages[self.at].inputs
            at = next((index for index, one in enumerate(inputs) if one is self.focused), -step)
            self.set_focus(inputs[(at + step) % len(inputs)])

    def action_go(self, step: int) -> None:
        """Go to the next question or the one before; what was typed stays."""
        self._after_typing(lambda: self._go(step))

    def action_leave_open(self) -> None:
        """Go to the next question if nothing was typed.

        People press this key from habit, so it must not lose anything.
        """
        self._after_typing(self._leave_open)

    def action_leave(self) -> None:
        """Leave without a plan; what was typed is kept for the next time."""
        self._after_typing(self._leave)

    def _after_typing(self, then: Callable[[], object]) -> None:
        """Go on once the fields have taken in what was typed before; keys wait meanwhile."""
        self.hold_keys()
        inputs: Sequence[Widget] = [] if self.is_at_the_end else self.pages[self.at].inputs
        when_taken_in(inputs, lambda: self.call_later(then))

    async def _go(self, step: int) -> None:
        page = None if self.is_at_the_end else self.pages[self.at]
        if page is not None and step > 0 and (wrong := page.first_wrong()) is not None:
            self.set_focus(wrong)
        elif 0 <= self.at + step <= len(PAGES):
            await self._turn_to(self.at + step)
        self.release_keys()

    async def _turn_to(self, at: int) -> None:
        with self.app.batch_update():  # one picture, not a first one without a question
            self._shown.display = False
            self.at = at
            self._shown.display = True
            if not self._shown.is_mounted:
                await self.query_one("#question").mount(self._shown)
            self._show()
            self._go_to_first_field()

    async def _leave_open(self) -> None:
        if not self.is_at_the_end and self.pages[self.at].answers:
            self._say("Something is typed here: Ctrl+S goes on with it. Empty the field to leave it open.")
            self.release_keys()
        else:
            await self._go(0 if self.is_at_the_end else 1)

    def _leave(self) -> None:
        self.dismiss(None)

    def action_begin_anew(self) -> None:
        """Throw away what was typed, after showing it, and begin at the first question."""
        self._after_typing(self._begin_anew)

    def _begin_anew(self) -> None:
        typed = tuple(f"{name}: {' '.join(text.split())}" for name, text in self.answers.items())
        sections = [Section("", ("What you typed is thrown away.",), "warning"), Section("Typed so far", typed)]
        self.app.push_screen(
            Confirm("Begin the questions anew", sections, verb="begin anew", back="stay"), self._begun_anew
        )

    def _begun_anew(self, agreed: bool | None) -> None:
        if agreed:
            self.dismiss({})

    def _show(self) -> None:
        """Show the title and the keys of this place; at the end, the summary."""
        asked = questions(plan_of(self.answers))
        title = "New plan · What it comes to" if self.is_at_the_end else page_title(PAGES[self.at])
        self.line.say(title, marks(one.answered for one in asked))
        if self.is_at_the_end:
            text = write_plan(plan_of(self.answers))
            self.summary.show(summary_lines(asked, text, self.app.size.width - 3))
        self.be_quiet()

    def _go_to_first_field(self) -> None:
        self.set_focus(self.summary if self.is_at_the_end else self.pages[self.at].inputs[0])


def summary_lines(asked: Sequence[Question], text: str, width: int) -> Iterator[Line]:
    """The nine questions with the start of each answer, then the plan that they make, which has them in full."""
    for one in asked:
        answer = f"{one.id} {one.title:<15} {one.answer or 'OPEN'}"
        yield Line(fit(answer, width).rstrip(), "" if one.answered else "warning")
    yield Line("")
    yield Line("The plan", "heading")
    yield Line("")
    yield from (Line(line, "strong" if line.startswith("#") else "") for line in text.split("\n"))

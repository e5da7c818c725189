"""One question on the screen: its text, why it matters, an example, and its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.domain.plan.questionnaire import PAGES, Blank, Page, release_complaint
from backout_tui.ui.dialogs.ask import FieldLine
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.dialogs.inputs import FieldInput
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.inert import shown, shown_lines

LABEL_WIDTH = 2 + max(len(blank.label) for page in PAGES for blank in page.blanks)


class QuestionPage(Vertical):
    """Asks one page of the questionnaire; its fields keep what was typed."""

    def __init__(self, page: Page, answers: dict[str, str]) -> None:
        """Ask `page`; the fields start with `answers`."""
        super().__init__()
        self.page = page
        self.lines = [FieldLine(_field(blank, answers), LABEL_WIDTH) for blank in page.blanks]
        for blank, line in zip(page.blanks, self.lines, strict=True):
            line.set_class(blank.several, "-several")
            line.set_class(all(one.several for one in page.blanks), "-apart")
            if blank.several:
                line.input.styles.height = "1fr"

    def compose(self) -> ComposeResult:
        """The words above the fields."""
        yield Static(shown(self.page.text), classes="text")
        yield Static(shown(self.page.why), classes="why")
        yield Static(shown_lines("\n".join(["For example", *example_lines(self.page)])), classes="example")
        yield Vertical(*self.lines, classes="fields")

    @property
    def inputs(self) -> list[FieldInput]:
        """The fields that people type into."""
        return [line.input for line in self.lines]

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, by the names of the blanks, without the empty ones."""
        return {line.field.name: line.input.answer for line in self.lines if line.input.answer.strip()}

    def first_wrong(self) -> Widget | None:
        """Say below each field what is wrong with it; return the first wrong field."""
        wrong = [line.input for line in self.lines if line.complain()]
        return wrong[0] if wrong else None


def example_lines(page: Page) -> Iterator[str]:
    """Example answers, each aligned with its field below: the fields indent their text by one cell."""
    for blank in page.blanks:
        for number, line in enumerate(blank.example):
            yield f"{'' if number else blank.label:<{LABEL_WIDTH + 1}}{line}"


def _field(blank: Blank, answers: dict[str, str]) -> TextField:
    is_release = blank.name == "release"
    return TextField(
        blank.name,
        blank.label,
        answers.get(blank.name, ""),
        required=is_release,
        lines=2 if blank.several else 1,
        wrong=release_complaint if is_release else None,
    )


def page_title(page: Page) -> str:
    """`New plan · Q3 of 9 · Authoriser`."""
    return f"New plan · {f'{page.id} of 9 · ' if page.id else ''}{page.title}"


def marks(answered: Iterable[bool]) -> str:
    """One sign for each question: answered or open."""
    return "".join(glyph("done" if one else "pending") for one in answered)

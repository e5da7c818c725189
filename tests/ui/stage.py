"""A small screen of commands with all parts of the toolkit on it, for tests; `python -m tests.ui.stage` runs it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from backout_tui.ui.terminal.environment import prepare_environment

if __name__ == "__main__":
    prepare_environment(os.environ)

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from backout_tui.errors import BackoutError
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import ChoiceField, TextField
from backout_tui.ui.dialogs.tell import Tell
from backout_tui.ui.terminal.guard import run_app
from backout_tui.ui.terminal.keys import CommandScreen
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.inert import shown
from backout_tui.ui.widgets.output_view import OutputView
from backout_tui.ui.widgets.row_list import RowList

ROOT = Path(__file__).parents[2]
HOSTILE = "\x1b]52;c;cHduZWQ=\x07\x1b[31mred\x1b[0m\x9b6n\x1b]0;pwned\x07\x08\x7f\r\u202egnp.exe [b]bold[/b] [/x]"
COLUMNS = (Column(1), Column(6, right=True), Column(), Column(5, right=True, drop=1))
PROBLEM = (TextField("title", "Title", required=True),)
FORM = (
    TextField("title", "Title", required=True),
    ChoiceField("severity", "Severity", ("critical", "major", "minor")),
    TextField("by", "Decided by", suggestions=("release manager", "payments lead", "ledger team")),
    TextField("detail", "Detail", lines=3),
)


def stage_rows(count: int, text: str = "Roll the deployment back") -> list[Row]:
    """`count` steps as the plan's list shows them."""
    return [Row(f"k{i}", (Cell("✔", "done"), str(i), f"{text} {i}", Cell("5 min", "dim"))) for i in range(count)]


class Stage(CommandScreen[None]):
    """A list, an output and a line that says what happened last."""

    OPENS_A_FIELD = frozenset({"p"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, priority=True)
        for key, action in {
            "p": "problem",
            "f": "form",
            "r": "run",
            "R": "run_for_good",
            "t": "tell",
            "o": "output",
            "x": "note('x')",
            "!": "crash",
            "@": "trouble",
            "b": "block",
            "F": "flood",
            "q": "leave",
        }.items()
    ]
    DEFAULT_CSS = """
    Stage { RowList { height: 1fr; border: round $border; } OutputView { height: 5; } #said { height: 1; } }
    """

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        """Begin with `rows`."""
        super().__init__()
        self.list = RowList(COLUMNS, rows, empty="Nothing here yet.")
        self.list.border_title = shown("2 Plan [b]")
        self.output = OutputView()
        self.said = Static("ready", id="said")
        self.results: list[Any] = []

    def compose(self) -> ComposeResult:
        """The three of them."""
        yield self.list
        yield self.output
        yield self.said

    def say(self, what: Any) -> None:
        """Show and keep what happened."""
        self.results.append(what)
        self.said.update(shown(f"{len(self.results)}: {what}"))

    def keys_left_out(self) -> None:
        """Say so."""
        self.say("left out")

    def action_note(self, text: str) -> None:
        self.say(f"command {text}")

    def action_problem(self) -> None:
        self.app.push_screen(Ask("Problem", PROBLEM, verb="log"), self.say)

    def action_form(self) -> None:
        self.app.push_screen(Ask("Form", FORM, note="A note."), self.say)

    def action_run(self) -> None:
        sections = [Section("On", ("app-1 as deploy",)), Section("Runs", (f"echo {HOSTILE}",), "strong")]
        self.app.push_screen(Confirm("Run step 4", sections), self.say)

    def action_run_for_good(self) -> None:
        lines = tuple(f"kubectl step {number}" for number in range(40))
        self.app.push_screen(Confirm("Run step 4", [Section("Runs", lines)], type_this="4"), self.say)

    def action_tell(self) -> None:
        self.app.push_screen(Tell(f"Trouble {HOSTILE}", f"The disk is full.\n{HOSTILE}"), self.say)

    def action_output(self) -> None:
        self.output.append(f"output {HOSTILE}\n")

    def action_crash(self) -> None:
        secret = "hunter2-" + "x" * 3
        raise ValueError(f"boom after {len(secret)}")

    def action_trouble(self) -> None:
        raise BackoutError("the disk is full", where="/var/lib/x", todo="Free some space")

    def action_block(self) -> None:
        self.say("blocking")
        self.set_timer(0.1, lambda: time.sleep(60))

    def action_flood(self) -> None:
        def once() -> None:
            self.list.show(stage_rows(30, f"{time.monotonic_ns()} " * 4))

        self.set_interval(0.02, once)

    def action_leave(self) -> None:
        self.app.exit()


def main(arguments: Iterable[str]) -> int:
    """Run the stage with as many rows as the first argument says, reports in the folder of the second."""
    count, reports, *text = [*arguments, "3", "."][:3]
    rows = stage_rows(int(count), HOSTILE) if "hostile" in text else stage_rows(int(count))
    return run_app(BackoutApp(Stage(rows)), reports=Path(reports))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The form of a problem: what is known of it, and a key that attaches the output as evidence."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.backout.choices import ProblemStatus
from backout_tui.domain.backout.state import Problem
from backout_tui.engine.verbs import problem_verbs
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field
from backout_tui.ui.night.actions.verb_form import fields_of, remarks
from backout_tui.ui.night.board import Board, KeptOutput


class ProblemForm(Ask):
    """Asks for everything that is known of a problem. Ctrl+O attaches the output on the dashboard, or takes it off."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+o", "attach", "Attach output", show=False, priority=True)]

    def __init__(self, problem: Problem, fields: list[Field], output: KeptOutput | None) -> None:
        """Begin with what is known of `problem`; `output` is what can be attached."""
        status = "resolved" if problem.status == "resolved" else "open"
        fields = [*fields, ChoiceField("status", "status", ("open", "resolved"), status)]
        super().__init__(f"{problem.id}: what is known", fields)
        self.output, self.attached = output, problem.output
        if output is not None:
            self.keys += f"   Ctrl+O attach the output of {output.label}"

    def action_attach(self) -> None:
        """Attach what the dashboard shows, or take it off again."""
        if self.output is None:
            self.tell("There is no finished output to attach.", warning=True)
        elif self.attached == self.output.sha256:
            self.attached = ""
            self.tell("The output is not attached.   Ctrl+O attach   Ctrl+S save   Esc leave")
        else:
            self.attached = self.output.sha256
            self.tell(f"The output of {self.output.label} is attached.   Ctrl+O take off   Ctrl+S save   Esc leave")

    def close(self, result: dict[str, str] | None) -> None:
        """Close with the answers and what is attached."""
        super().close({**result, "output": self.attached} if result is not None else None)


def change_problem(board: Board) -> None:
    """Edit everything that is known of the problem under the cursor."""
    problem, verb = board.truth.problem(board.situation.target("problem") or ""), verb_of("problem-edit")
    if problem is not None:
        known = {field.name: getattr(problem, field.name) for field in verb.fields}
        form = ProblemForm(problem, fields_of(board, verb, known), board.kept_output)
        board.ask(form, partial(_change, board, problem))


async def _change(board: Board, problem: Problem, answers: dict[str, str]) -> None:
    resolved = answers.pop("status") == "resolved" and problem.status is not ProblemStatus.RESOLVED
    fields = {name: value for name, value in answers.items() if value != getattr(problem, name)}
    if fields and await board.do(lambda op: problem_verbs.change(op, problem.id, **fields)) is None:
        return
    if not resolved:
        remarked = remarks(board, verb_of("problem-edit"), fields)
        board.say(f"{problem.id} is changed.{remarked}" if fields else f"{problem.id} stays as it was.")
    elif await board.do(problem_verbs.resolve, problem.id) is not None:
        board.say(f"{problem.id} is resolved.")

"""The form of a problem: what is known of it, and the output that shows it attached by one key."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.backout import Problem
from backout_tui.engine.verbs import problems
from backout_tui.ui.board import KeptOutput
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField


class ProblemForm(Ask):
    """Asks for everything that is known of a problem. Ctrl+O attaches the output on the dashboard, or takes it off."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+o", "attach", "Attach output", show=False, priority=True)]

    def __init__(self, problem: Problem, names: tuple[str, ...], output: KeptOutput | None) -> None:
        """Begin with what is known of `problem`; `output` is what can be attached."""
        fields: list[Field] = [
            TextField("title", "what is wrong", problem.title, required=True),
            ChoiceField("severity", "severity", problems.SEVERITIES, problem.severity),
            ChoiceField("kind", "kind", problems.KINDS, problem.kind),
            ChoiceField("seen", "deployment", problems.SEEN, problem.seen, hint="seen during or after it"),
            TextField("assignee", "assigned to", problem.assignee, suggestions=names, hint="↓ names of the plan"),
            TextField("detail", "detail", problem.detail, lines=3),
            ChoiceField(
                "status", "status", ("open", "resolved"), "resolved" if problem.status == "resolved" else "open"
            ),
        ]
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

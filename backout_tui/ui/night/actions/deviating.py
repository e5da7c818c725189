"""What every deviation asks for: the reason first, then who agreed and which problem it is for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.refusal import Refusal
from backout_tui.engine.verbs.beside import Beside
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why, names_of
from backout_tui.ui.dialogs.fields import Field, TextField

KEPT = "This backout only: the plan stays as it is."
"""The banner wherever something is changed, added or moved."""


def reason_fields(backout: Backout, label: str = "why", *, required: bool = True) -> list[Field]:
    """The field for the reason, whose Enter ends the dialog, and the optional fields that Tab leads to."""
    return [TextField("reason", label, required=required, submits=True), *_beside_fields(backout)]


def _beside_fields(backout: Backout) -> list[Field]:
    """The fields for who agreed and for the problem; both may stay empty."""
    problems = tuple(problem.id for problem in backout.problems)
    which = f"{', '.join(problems)}, when it is for one" if problems else "none is logged"
    names, wrong = names_of(backout), partial(_no_problem, backout)
    return [
        TextField("agreed", "agreed with", hint="a name, if somebody did", suggestions=names, submits=True),
        TextField("problem", "for problem", hint=which, suggestions=problems, wrong=wrong),
    ]


def _no_problem(backout: Backout, typed: str) -> str:
    if backout.problem(typed.strip()) is not None:
        return ""
    known = ", ".join(problem.id for problem in backout.problems)
    return f"There is no problem {typed.strip()}. {f'There are: {known}.' if known else 'Leave it empty.'}"


def beside(answers: Mapping[str, str]) -> Beside:
    """Return who agreed and the problem, as typed beside the reason."""
    return Beside(answers.get("agreed", ""), answers.get("problem", ""))


def ask_deviation(
    backout: Backout, title: str, verb: str, refusal: Refusal | None = None, *, label: str = "why"
) -> Ask:
    """Like `ask_why`, with the optional fields of a deviation."""
    return ask_why(title, verb, refusal, fields=reason_fields(backout, label))

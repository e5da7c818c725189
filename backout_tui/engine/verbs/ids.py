"""Ids that people use: creates the next free one, and finds the item that a typed one means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.state import Backout, Problem
from backout_tui.domain.plan.near_names import remark
from backout_tui.domain.plan.texts import letter_after
from backout_tui.errors import BackoutError

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def step_of(backout: Backout, number: str) -> StepState:
    """The step with that number, typed in upper or lower case. Raises BackoutError when there is none."""
    wanted = number.strip().casefold()
    for step in backout.steps.values():
        if step.number.casefold() == wanted:
            return step
    raise _unknown("step", number, backout.steps)


def check_of(backout: Backout, letter: str) -> CheckState:
    """The check with that letter. Raises BackoutError when there is none."""
    if (check := backout.checks.get(letter.strip().upper())) is None:
        raise _unknown("check", letter, backout.checks)
    return check


def problem_of(backout: Backout, problem_id: str) -> Problem:
    """The problem with that id. Raises BackoutError when there is none."""
    if (problem := backout.problem(problem_id.strip())) is None:
        raise _unknown("problem", problem_id, [one.id for one in backout.problems])
    return problem


def message_of(backout: Backout, title: str) -> MessageState:
    """The message with that title or id. Raises BackoutError when there is none."""
    if (message := backout.message(title)) is None:
        raise _unknown("message", title, [one.title for one in backout.messages.values()])
    return message


def numbered(prefix: str, taken: Iterable[str]) -> str:
    """The next id after all those taken: P1, P2, ... or M1, M2, ..."""
    numbers = [int(one[len(prefix) :]) for one in taken if one[len(prefix) :].isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"


def step_number(backout: Backout, after: str) -> str:
    """The number of a step added after `after`: "4a", "4b"; a plain number when the plan has no steps at all."""
    planned = any(step.origin != "added" for step in backout.steps.values())
    if not after and not planned:
        return numbered("", backout.steps)
    last = [step.number for step in backout.steps.values() if not step.parent][-1]
    stem = (after or last).rstrip("abcdefghijklmnopqrstuvwxyz")
    numbers = [number.casefold() for number in backout.steps]
    taken = {number.removeprefix(stem.casefold()).upper() for number in numbers if number.startswith(stem.casefold())}
    return stem + letter_after(taken).lower()


def said(text: str, what: str) -> str:
    """`text` stripped; raises BackoutError when it is blank: a reason, note or title must not be empty."""
    if not text.strip():
        raise BackoutError(f"{what} is missing", todo="Say it in a few words.")
    return text.strip()


def stranger(backout: Backout, name: str, actor: str) -> dict[str, bool]:
    """The entry of an event that says that `name` is no contact of the plan; nothing for a contact and for oneself."""
    return {"no_contact": True} if remark(backout.plan, name, [actor]) else {}


def variable_name(name: str) -> str:
    """`name` stripped; raises BackoutError when a shell doesn't accept it as the name of a variable."""
    if not _VARIABLE.fullmatch(name.strip()):
        raise BackoutError(f"{name} is not a valid name for a variable", todo="It is made of letters, digits and `_`.")
    return name.strip()


def _unknown(kind: str, named: str, there: Iterable[str]) -> BackoutError:
    known = ", ".join(list(there)[:40])
    return BackoutError(
        f"there is no {kind} {named}", todo=f"There are: {known}." if known else f"There is no {kind} yet."
    )

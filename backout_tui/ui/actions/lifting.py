"""What lifts a refusal: asked for until nothing is left against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backout_tui.domain.refusal import BREAK_GLASS, REASON, Refusal
from backout_tui.engine.verbs.beside import ALONE, Beside
from backout_tui.ui.actions.asking import ask_why
from backout_tui.ui.actions.deviating import reason_fields
from backout_tui.ui.board import Board

NOTE = "note"


@dataclass(frozen=True, slots=True)
class Lift:
    """What the operator offered against refusals."""

    reason: str = ""
    note: str = ""
    beside: Beside = ALONE
    break_glass: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What the gates call it."""
        return frozenset(({REASON} if self.reason else set()) | ({BREAK_GLASS} if self.break_glass else set()))


async def lifted(board: Board, title: str, verb: str, gate: Callable[[Lift], Refusal | None]) -> Lift | None:
    """Ask until `gate` has nothing against it; None when somebody left, or nothing lifts it (that was said)."""
    lift = Lift()
    while (refusal := gate(lift)) is not None:
        if refusal.lifted_by not in (REASON, BREAK_GLASS, NOTE):
            board.say(refusal.words, warning=True)
            return None
        label = "what you know" if refusal.lifted_by == NOTE else "why"
        departs = refusal.lifted_by in (REASON, NOTE)
        fields = reason_fields(board.truth, label) if departs else []
        answers = await board.answer(ask_why(title, verb, refusal, fields=fields))
        if answers is None:
            return None
        lift = _with(lift, refusal, answers)
    return lift


def _with(lift: Lift, refusal: Refusal, answers: Mapping[str, str]) -> Lift:
    words = answers["reason"]
    beside = Beside(answers.get("agreed") or lift.beside.agreed, answers.get("problem") or lift.beside.problem)
    if refusal.lifted_by == NOTE:
        return replace(lift, note=words, beside=beside)
    return replace(lift, reason=words, beside=beside, break_glass=lift.break_glass or refusal.lifted_by == BREAK_GLASS)

"""What several actions ask for: a reason, and what lifts a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from backout_tui.domain.backout import Backout
from backout_tui.domain.gates import BREAK_GLASS, REASON, Refusal
from backout_tui.domain.judgement import authorisers
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField

NOTE = "note"
GLASS = (
    "Breaking the glass is a record of its own, and comes first in the review."
    " A message to the authoriser is prepared; you send it."
)


@dataclass(frozen=True, slots=True)
class Lift:
    """What the operator offered against refusals."""

    reason: str = ""
    note: str = ""
    break_glass: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What the gates call it."""
        return frozenset(({REASON} if self.reason else set()) | ({BREAK_GLASS} if self.break_glass else set()))


def ask_why(title: str, verb: str, refusal: Refusal | None = None, *, label: str = "why") -> Ask:
    """The dialog that asks for one reason; a refusal that it lifts stands above the field."""
    field = TextField("reason", label, required=True)
    if refusal is None:
        return Ask(title, [field], verb=verb)
    if refusal.lifted_by == BREAK_GLASS:
        return Ask(f"Break the glass: {title}", [field], note=f"{refusal.words}\n{GLASS}", verb="break the glass")
    return Ask(title, [field], note=refusal.words, verb=verb)


async def lifted(board: Board, title: str, verb: str, gate: Callable[[Lift], Refusal | None]) -> Lift | None:
    """Ask until `gate` has nothing against it; None when somebody left, or nothing lifts it (that was said)."""
    lift = Lift()
    while (refusal := gate(lift)) is not None:
        if refusal.lifted_by not in (REASON, BREAK_GLASS, NOTE):
            board.say(refusal.words, warning=True)
            return None
        label = "what you know" if refusal.lifted_by == NOTE else "why"
        answers = await board.answer(ask_why(title, verb, refusal, label=label))
        if answers is None:
            return None
        lift = _with(lift, refusal, answers["reason"])
    return lift


def _with(lift: Lift, refusal: Refusal, words: str) -> Lift:
    if refusal.lifted_by == NOTE:
        return replace(lift, note=words)
    return replace(lift, reason=words, break_glass=lift.break_glass or refusal.lifted_by == BREAK_GLASS)


def names_of(backout: Backout) -> tuple[str, ...]:
    """Everybody whom the plan names, for a field that takes a person."""
    return tuple(dict.fromkeys(contact.name for contact in backout.plan.contacts))


def deciders_of(backout: Backout) -> tuple[str, ...]:
    """Who may decide by the plan, then everybody else it names."""
    return tuple(dict.fromkeys((*authorisers(backout.plan), *names_of(backout))))

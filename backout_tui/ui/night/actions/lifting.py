"""Asks for what lifts a refusal until no refusal is left; what the first step needs is ticked in its confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from backout_tui.domain.backout.conditions import open_condition
from backout_tui.domain.backout.prerequisites import Prerequisite, Readiness
from backout_tui.domain.plan.judgement import affects_words
from backout_tui.domain.refusal import BREAK_GLASS, CONDITION, REASON, TICKS, Refusal
from backout_tui.domain.rules.first_step import asked_before
from backout_tui.domain.values import replace
from backout_tui.engine.verbs.beside import ALONE, Beside
from backout_tui.engine.verbs.prerequisite_verbs import Ticked
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.confirm import Section
from backout_tui.ui.dialogs.ticking import ConfirmTicked, ToTick
from backout_tui.ui.night.actions.deviating import reason_fields
from backout_tui.ui.night.actions.options import answer_now, choose_now
from backout_tui.ui.night.board import Board

NOTE = "note"
LIFTABLE = frozenset({REASON, BREAK_GLASS, NOTE, CONDITION})
"""What is asked for here; nothing else that stands against a step can be lifted by its key."""


class Lift(Struct, frozen=True):
    """What the operator offered against refusals."""

    reason: str = ""
    note: str = ""
    beside: Beside = ALONE
    break_glass: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names that the gates use for what was offered."""
        offered = ((REASON, self.reason), (NOTE, self.note), (BREAK_GLASS, self.break_glass))
        return frozenset(name for name, given in offered if given)


async def cleared(
    board: Board, number: str, title: str, verb: str, against: Callable[[], Sequence[Refusal]], *, known: bool = False
) -> Lift | None:
    """Ask for everything that must be said before step `number` starts: the way, its conditions, a reason, a note.

    `against` returns the refusals that stand now; it is called again only after something was recorded. `known` means
    that it was called just now and returned none. Returns None when the person left, or when nothing lifts a refusal,
    which the person was told.
    """
    step = board.truth.steps[number]
    if step.option and not board.truth.chosen_option:
        if await choose_now(board) != step.option:
            return None
        known = False
    lift, left = Lift(), () if known else against()
    # What is to be ticked before the first step is asked in the confirmation of that step.
    while left := tuple(one for one in left if one.lifted_by not in lift.names | {TICKS}):
        hopeless = next((one for one in left if one.lifted_by not in LIFTABLE), None)
        if hopeless is not None:
            board.say(hopeless.words, warning=True)
            return None
        if (asked := open_condition(board.truth, board.truth.steps[number])) is not None:
            if await answer_now(board, number, asked) != "yes":
                return None
            left = against()
            continue
        together = _together(left)
        answers = await board.answer(_asked_for(board, title, verb, together))
        if answers is None:
            return None
        lift = _with(lift, together, answers)
    return lift


def _together(left: Sequence[Refusal]) -> Refusal:
    """The first refusal with all others that the same lifts: nothing is lifted that was not shown."""
    lifted_by = left[0].lifted_by
    return Refusal(" ".join(one.words for one in left if one.lifted_by == lifted_by), lifted_by)


def _asked_for(board: Board, title: str, verb: str, refusal: Refusal) -> Ask:
    """The dialog that asks for what lifts a refusal."""
    label = "what you know" if refusal.lifted_by == NOTE else "why"
    fields = reason_fields(board.truth, label) if refusal.lifted_by in (REASON, NOTE) else []
    return ask_why(title, verb, refusal, fields=fields)


def _with(lift: Lift, refusal: Refusal, answers: Mapping[str, str]) -> Lift:
    words = answers["reason"]
    beside = Beside(answers.get("agreed") or lift.beside.agreed, answers.get("problem") or lift.beside.problem)
    if refusal.lifted_by == NOTE:
        return replace(lift, note=words, beside=beside)
    return replace(lift, reason=words, beside=beside, break_glass=lift.break_glass or refusal.lifted_by == BREAK_GLASS)


def asked_of(board: Board, number: str) -> tuple[Prerequisite, ...]:
    """What has to be ticked in the confirmation of this step; nothing for any but the first."""
    return asked_before(board.truth, board.truth.steps[number])


async def ticked(
    board: Board,
    asked: Sequence[Prerequisite],
    title: str,
    sections: Sequence[Section],
    *,
    verb: str,
    type_this: str = "",
    why: str = "",
) -> Ticked | None:
    """Show `sections` with the lines to tick; what was said there, or None when the person left.

    `why` is a reason that was given already. A line that somebody answered with no stays so, unless it is ticked.
    """
    lines = [ToTick(one.number, one.text, one.holds) for one in asked]
    dialog = ConfirmTicked(title, sections, lines, verb=verb, type_this=type_this, why=why)
    if not await board.answer(dialog):
        return None
    answers = {one.number: _answer(one, ticked=dialog.answers[one.number]) for one in asked}
    return Ticked(answers, dialog.why.answer)


def _answer(one: Prerequisite, *, ticked: bool) -> Readiness:
    if ticked:
        return Readiness.YES
    return Readiness.NO if one.holds else one.tick.answer  # a tick was taken back, or the line stays as it was


def of_a_manual_step(board: Board, number: str) -> list[Section]:
    """What a step by hand says, and whom it affects, for its confirmation."""
    step, hit = board.truth.steps[number], affects_words(board.truth.plan)
    caution = [Section("Caution", (f"affects {hit}",), "warning")] if hit else []
    return [*caution, Section(f"Step {number}: {step.title}", (step.instruction,) if step.instruction else ())]

"""Takes a closed rehearsal's observations into its plan: estimates, expectations, and a line about the rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.experience import rehearsed
from backout_tui.domain.experience.rehearsed import Offer
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_record import PlanRecord
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import rehearsals

NO_PLACE = "the plan has no such step of its own any more"


class Taught(Struct, frozen=True):
    """The plan with the observations: the words for each, by step number. `left` names those without a place in it."""

    plan: Plan
    said: Mapping[str, str] = struct_field(default_factory=dict)
    left: tuple[str, ...] = ()


def observed(desk: Desk, backout: Backout, record: PlanRecord) -> tuple[Offer, ...]:
    """What a closed rehearsal offers and nobody has folded back or dismissed; nothing for a live backout."""
    dealt_with = record.dealt_through(backout.id) >= backout.seq
    if backout.live or backout.closed_at is None or dealt_with:
        return ()
    return rehearsals.offers(desk, backout)


def taught(plan: Plan, backout: Backout, offered: Sequence[Offer], *, is_its_own: bool = True) -> Taught:
    """`plan`, the newest revision, with those offers that still fit it.

    A plan that is not the rehearsal's own was not rehearsed by it, and gets no line that says so.
    """
    if not offered:
        return Taught(plan)
    titles = {step.number: step.title for step in plan.every_step()}
    fitting = [one for one in offered if titles.get(one.number) == one.title]
    left = tuple(f"step {one.number}: {NO_PLACE}" for one in offered if one not in fitting)
    said = rehearsed.rehearsal_of(backout, plan) if is_its_own else None
    made = rehearsed.taught(plan, fitting, said)
    return Taught(made, {one.number: f"{one} in rehearsal {backout.id}" for one in fitting}, left)

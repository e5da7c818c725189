"""What `plan check` would call an error in a command that is about to run: it wants a reason, or another command."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import Any

from backout_tui.domain.backout.items import CheckState, StepState
from backout_tui.domain.damage import DamagedEvent
from backout_tui.domain.plan.plan_record import NOTHING_SAID, PlanRecord, record_of
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator

_NAMED = 3


def mistakes_in(op: Operator, item: StepState | CheckState) -> tuple[str, ...]:
    """A sentence for each error in the item's command that the plan does not silence; of many, the first ones."""
    from backout_tui.domain.checking.check import alone, errors_in_command, not_silenced
    from backout_tui.domain.checking.passages import scripts
    from backout_tui.engine.planning.checking import source_versions, stored_environments
    from backout_tui.engine.planning.shells import about_syntax

    plan, desk, script = op.backout.plan, op.desk, item.command
    by_itself = alone(plan, script, item.language)
    found = errors_in_command(
        by_itself,
        about_syntax(next(scripts(by_itself)), desk.environment),
        foreign=source_versions(desk, plan, _record(op)),
        environments=stored_environments(desk),
    )
    if found:
        found = not_silenced(plan, found, script, _homes(item))
    several = "\n" in script.strip()
    words = [clean_line(f"line {one.line}: {one.message}" if several else one.message) for one in found]
    more = (f"and {len(words) - _NAMED} more",) if len(words) > _NAMED else ()
    return (*dict.fromkeys(words[:_NAMED]), *more)


def despite(wrong: Collection[str], reason: str) -> dict[str, Any]:
    """The entries of a claim that say what was found in its command, and why it was run all the same."""
    return {"despite": list(wrong), "despite_why": reason.strip()} if wrong else {}


def _record(op: Operator) -> PlanRecord:
    """What people said about the plan; nothing if its log is damaged, for no command waits for that."""
    with contextlib.suppress(DamagedEvent):
        return record_of(op.desk.reader.events_after(f"plan:{op.backout.ref.id}", 0) if op.desk.exists else ())
    return NOTHING_SAID


def _homes(item: StepState | CheckState) -> tuple[str, ...]:
    """The items of the plan in which its command may be written: a step, or the step whose fence it was."""
    if isinstance(item, CheckState):
        return (f"check {item.id}",)
    return (f"step {item.number}", *([f"step {item.parent}"] if item.parent else []))

"""What was done after a check passed, and after the verdict: it is said, and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.backout.items import CheckState, StepState
from backout_tui.domain.backout.order import listed
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import CheckVerdict, StepStatus

_GOING_ON = (StepStatus.RUNNING, StepStatus.IN_DOUBT)


def ran_since(backout: Backout, event: int) -> tuple[StepState, ...]:
    """The steps for which something was done after that event, or still is, in the order of the plan."""
    return tuple(step for step in backout.leaves if step.ran > event or step.state in _GOING_ON)


def ran_since_passed(backout: Backout, check: CheckState) -> tuple[StepState, ...]:
    """The steps that ran after the check passed; () if it has not passed, or is looked at before the backout."""
    last = check.observations[-1] if check.observations else None
    if last is None or check.verdict is not CheckVerdict.PASS or check.when == "before":
        return ()
    return ran_since(backout, last.event) if last.event else ()


def ran_since_verdict(backout: Backout) -> tuple[StepState, ...]:
    """The steps that ran after the verdict; () without a verdict."""
    return ran_since(backout, backout.verdict.event) if backout.verdict is not None and backout.verdict.event else ()


def older_words(steps: tuple[StepState, ...]) -> str:
    """`older than step 5`, `older than steps 5 and 6`; "" for none."""
    return f"older than {listed([step.number for step in steps])}" if steps else ""


def verdict_words(backout: Backout) -> Iterator[str]:
    """What whoever judges the backout has to know: checks that are older than a step, steps after the verdict."""
    for check in backout.checks.values():
        if words := older_words(ran_since_passed(backout, check)):
            yield f"check {check.id} passed, and is {words}"
    if after := ran_since_verdict(backout):
        yield f"{listed([step.number for step in after])} {'was' if len(after) == 1 else 'were'} done after the verdict"

"""Runs a step's probe: a recorded act of its own, which never changes the step's state."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.loops import item_of
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates
from backout_tui.domain.values import replace
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.ids import step_of
from backout_tui.engine.verbs.mistakes import despite, mistakes_in
from backout_tui.engine.verbs.step_verbs import lifting
from backout_tui.errors import Refused


def preview(op: Operator, number: str) -> Preview:
    """Exactly what running this step's probe would do. Raises BackoutError when there is no such step."""
    return attempt_verbs.preview(op, _as_command(step_of(op.backout, number)))


def refuse_run(op: Operator, number: str, *, reason: str = "") -> None:
    """Raise what `run` would raise now, except for missing secrets, which can still be asked for."""
    step = step_of(op.backout, number)
    refuse(op.why_not_act())
    refuse(_why_not_run(op, op.backout, step, _mistakes(op, step), reason))


def _mistakes(op: Operator, step: StepState) -> tuple[str, ...]:
    return mistakes_in(op, _as_command(step)) if op.backout.live and step.probe else ()


def _why_not_run(
    op: Operator, backout: Backout, step: StepState, wrong: Collection[str], reason: str
) -> Refusal | None:
    missing = attempt_verbs.gaps(op, backout, step.probe, "sh", item_of(step))
    return gates.why_not_probe(backout, step.number, missing, wrong, lifting(reason, break_glass=False))


def run(op: Operator, number: str, *, reason: str = "", shown: Preview | None = None) -> Receipt:
    """Run the probe: append its intent and hand over to a supervisor. A rehearsal only shows it.

    `shown` is what the operator has agreed to: if a variable has changed since, the run is refused. `reason` lifts an
    error that `plan check` finds in it.
    """
    step, variables = step_of(op.backout, number), op.backout.variables
    wrong = _mistakes(op, step)
    number, script = step.number, shown.command if shown else step.probe

    def drafts(backout: Backout) -> list[Draft]:
        now = step_of(backout, number)
        if now.probe != script or backout.variables != variables:
            raise Refused(f"A variable of the probe of step {number} was changed meanwhile. Look at it again.")
        refuse(_why_not_run(op, backout, now, wrong, reason))
        if backout.live:
            attempt_verbs.refuse_unknown_secrets(op, backout, f"The probe of step {number}", script)
        data: dict[str, Any] = {
            "step": number,
            "attempt": len(now.probes) + 1,
            "machine": op.desk.here.id,
            "command": script,
            "shell": "sh",
            "cwd": backout.cwd or str(op.desk.cwd),
            **despite(wrong, reason),
        }
        return [Draft(EventKind.PROBE_STARTED if backout.live else EventKind.PROBE_SHOWN, data)]

    if not op.backout.live:
        return op.append(drafts)
    drafts(op.refresh())  # checked before anything is prepared, and again in the transaction
    secrets = attempt_verbs.known_secrets(op, op.backout, script)
    request = _request(op, step, script, sorted(secrets))
    return attempt_verbs.begin(op, attempt_verbs.new_id(), request, secrets, drafts)


def _request(op: Operator, step: StepState, script: str, secrets: list[str]) -> dict[str, Any]:
    common = attempt_verbs.command_request(op, op.backout, script=script, language="sh", secrets=secrets)
    return {
        **common,
        "variables": {**common["variables"], **item_of(step)},
        "kind": "probe",
        "subject": step.number,
        "attempt": len(op.backout.steps[step.number].probes) + 1,
        "keep_going": False,
        "timeout_ms": None,
        "expects": [],
    }


def _as_command(step: StepState) -> StepState:
    """The step with its probe in place of its command, so that the same preview shows either."""
    return replace(step, command=step.probe, language="sh", timeout_s=None, expects=())

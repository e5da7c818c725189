"""Running a step's probe: a recorded act of its own, which never changes what is true of the step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Draft
from backout_tui.domain.items import StepState
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import attempts
from backout_tui.engine.verbs.attempts import Preview
from backout_tui.engine.verbs.ids import step_of
from backout_tui.errors import Refused


def preview(op: Operator, number: str) -> Preview:
    """What exactly running this step's probe would do. Raises BackoutError when there is no such step."""
    return attempts.preview(op, _as_command(step_of(op.backout, number)))


def refuse_run(op: Operator, number: str) -> None:
    """Raise what `run` would raise now, but for secrets, which can still be asked for."""
    step = step_of(op.backout, number)
    refuse(op.why_not_act())
    refuse(gates.why_not_probe(op.backout, step.number, attempts.gaps(op.backout, step.probe)))


def run(op: Operator, number: str, *, shown: Preview | None = None) -> Receipt:
    """Run the probe: its intent is appended, and a supervisor takes over. A rehearsal only shows it.

    With `shown`, what the operator has agreed to, a variable that was changed since is refused.
    """
    step, variables = step_of(op.backout, number), op.backout.variables
    number, script = step.number, shown.command if shown else step.probe

    def drafts(backout: Backout) -> list[Draft]:
        now = step_of(backout, number)
        if now.probe != script or backout.variables != variables:
            raise Refused(f"A variable of the probe of step {number} was changed meanwhile. Look at it again.")
        refuse(gates.why_not_probe(backout, number, attempts.gaps(backout, script)))
        if backout.live:
            attempts.refuse_unknown_secrets(op, backout, f"The probe of step {number}", script)
        data: dict[str, Any] = {
            "step": number,
            "attempt": len(now.probes) + 1,
            "command": script,
            "shell": "sh",
            "cwd": backout.cwd or str(op.desk.cwd),
        }
        return [Draft("ProbeStarted" if backout.live else "ProbeShown", data)]

    if not op.backout.live:
        return op.append(drafts)
    drafts(op.refresh())  # asked once before anything is prepared, and again in the transaction
    secrets = attempts.known_secrets(op, op.backout, script)
    request = {
        **attempts.command_request(op, op.backout, script=script, language="sh", secrets=sorted(secrets)),
        "kind": "probe",
        "subject": number,
        "attempt": len(op.backout.steps[number].probes) + 1,
        "keep_going": False,
        "timeout_ms": None,
        "expects": [],
    }
    return attempts.begin(op, attempts.new_id(), request, secrets, drafts)


def _as_command(step: StepState) -> StepState:
    """The step as if its probe were its command: what shows one shows the other."""
    return replace(step, command=step.probe, language="sh", timeout_s=None, expects=())

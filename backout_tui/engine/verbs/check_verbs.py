"""Checks: a supervisor runs a command check, a person records the result of a manual one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import CheckState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.ids import check_of, said
from backout_tui.engine.verbs.mistakes import despite, mistakes_in
from backout_tui.engine.verbs.step_verbs import lifting
from backout_tui.engine.verbs.table.check_table import VERDICTS
from backout_tui.errors import BackoutError, Refused


def preview(op: Operator, letter: str) -> Preview:
    """Exactly what running this check would do."""
    return attempt_verbs.preview(op, check_of(op.backout, letter))


def refuse_run(op: Operator, letter: str, *, reason: str = "") -> None:
    """Raise what `run` would raise now, except for missing secrets, which can still be asked for."""
    check = check_of(op.backout, letter)
    refuse(op.why_not_act())
    refuse(_why_not_run(op, op.backout, check, _mistakes(op, check), reason))


def _mistakes(op: Operator, check: CheckState) -> tuple[str, ...]:
    return mistakes_in(op, check) if op.backout.live and check.kind is CheckKind.COMMAND else ()


def _why_not_run(
    op: Operator, backout: Backout, check: CheckState, wrong: Collection[str], reason: str
) -> Refusal | None:
    missing = attempt_verbs.gaps(op, backout, check.command, check.language) if backout.live else ()
    return gates.why_not_run_check(check, missing, wrong, lifting(reason, break_glass=False))


def run(op: Operator, letter: str, *, reason: str = "") -> Receipt:
    """Run a command check; a rehearsal only shows it. `reason` lifts an error that `plan check` finds in it."""
    check, variables = check_of(op.backout, letter), op.backout.variables
    script, wrong = check.command, _mistakes(op, check)

    def drafts(backout: Backout) -> list[Draft]:
        now = check_of(backout, letter)
        if backout.variables != variables:
            raise Refused(f"A variable of check {now.id} was changed meanwhile. Look at it again.")
        refuse(_why_not_run(op, backout, now, wrong, reason))
        if backout.live:
            attempt_verbs.refuse_unknown_secrets(op, backout, f"Check {now.id}", script)
        data: dict[str, Any] = {"check": now.id, "attempt": len(now.attempts) + 1, "machine": op.desk.here.id}
        data |= {"command": script, "shell": now.language, **despite(wrong, reason)}
        return [Draft(EventKind.CHECK_STARTED if backout.live else EventKind.CHECK_SHOWN, data)]

    if not op.backout.live:
        return op.append(drafts)
    drafts(op.refresh())
    secrets = attempt_verbs.known_secrets(op, op.backout, script)
    request = {
        **attempt_verbs.command_request(
            op, op.backout, script=script, language=check.language, secrets=sorted(secrets)
        ),
        "kind": "check",
        "subject": check.id,
        "attempt": len(op.backout.checks[check.id].attempts) + 1,
        "keep_going": check.says("keep going"),
        "timeout_ms": check.timeout_s * 1000 if check.timeout_s else None,
        "expects": list(check.expects),
    }
    return attempt_verbs.begin(op, attempt_verbs.new_id(), request, secrets, drafts)


def run_all(op: Operator, *, reason: str = "") -> Receipt:
    """Run every command check that is not running; returns the last one's receipt."""
    letters = [one.id for one in op.backout.checks.values() if one.kind is CheckKind.COMMAND and not one.running]
    if not letters:
        raise Refused("There is no command check to run now. Record the manual ones (Enter on them).")
    for letter in letters:  # all or none: a refusal means that none was started
        refuse_run(op, letter, reason=reason)
        if op.backout.live:
            attempt_verbs.refuse_unknown_secrets(op, op.backout, f"Check {letter}", op.backout.checks[letter].command)
    receipts = [run(op, letter, reason=reason) for letter in letters]
    return receipts[-1]


def record(op: Operator, letter: str, verdict: str, note: str) -> Receipt:
    """Record what a person saw."""
    if verdict not in VERDICTS:
        raise BackoutError(f"there is no verdict {verdict}", todo=f"It is one of: {', '.join(VERDICTS)}.")
    note = said(note, "the note")

    def drafts(backout: Backout) -> list[Draft]:
        return [
            Draft(EventKind.CHECK_RECORDED, {"check": check_of(backout, letter).id, "verdict": verdict, "note": note})
        ]

    return op.append(drafts)

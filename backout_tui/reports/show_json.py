"""One backout as one JSON document. contract.md section 9: these keys stay, and more may come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.items import Attempt, CheckState, MessageState, StepState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.prerequisites import Prerequisite, prerequisites
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away, Run
from backout_tui.domain.backout.state import Backout, Deviation, Problem
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.clock.clock_reading import Reading
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.plan.judgement import affected, said_in
from backout_tui.domain.plan.loops import ITEM_FACT
from backout_tui.domain.printed_ends import NO_ENDS, Ends
from backout_tui.domain.rules import authority, when_it_fails
from backout_tui.domain.rules.afterwards import ran_since_passed, ran_since_verdict

if TYPE_CHECKING:
    from backout_tui.store.log.chain import Finding


def show_json(
    backout: Backout,
    reading: Reading | None = None,
    findings: Sequence[Finding] = (),
    away: Away = ALL_IN_REACH,
    ends: Ends = NO_ENDS,
) -> dict[str, Any]:
    """Return the document: text, integers, lists and objects only; times RFC 3339 in UTC; null for what is unknown.

    `reading` is what the clock says now, or None without a clock. `findings` is what is wrong with the log. `away` is
    what runs where it cannot be asked from here. `ends` is what the commands that did not succeed printed last.
    """
    return {
        "id": backout.id,
        "mode": backout.mode,
        "state": backout.phase.value,
        "outcome": backout.verdict.outcome if backout.verdict else None,
        "release": _fields(backout.release, "name", "version", "returns_to", "environment"),
        "plan": _fields(backout.ref, "id", "revision", "sha256", "approved", "approved_by", "despite_why")
        | {"despite": list(backout.ref.despite)}
        | {"handed_over": backout.handed_over or None}
        | {"deployment_plan": backout.plan.fact("deployment plan") or None},
        "opened_at": _time(backout.opened_at),
        "deployed_at": _time(backout.deployed_at),
        "closed_at": _time(backout.closed_at),
        "closed_by": backout.closed_by or None,
        "operator": backout.operator,
        "lease": _lease(backout),
        "clock": _clock(reading) if reading is not None else None,
        "problems": [_problem(problem) for problem in backout.problems],
        "decision": _decision(backout),
        "authority": _authority(backout),
        "contingency": _contingency(backout),
        "option": backout.chosen_option or None,
        "part_conditions": dict(backout.part_conditions),
        "steps": [_step(step, ends) for step in backout.steps.values()],
        "checks": [_check(backout, check, ends) for check in backout.checks.values()],
        "messages": [_message(message) for message in backout.messages.values()],
        "calls": [
            _fields(call, "id", "name", "result", "note", "by") | _times(call, "at", "follow_up")
            for call in backout.calls
        ],
        "out_of_reach": [_beyond(run, away) for run in runs.under_way(backout) if run.attempt.intent in away],
        **_for_judgement(backout),
        "done_after_verdict": [step.number for step in ran_since_verdict(backout)],
        "deviations": [_deviation(one) for one in backout.deviations],
        "break_glass": [_fields(one, "what", "reason", "by", "event") | _times(one, "at") for one in backout.glass],
        "verdict": _verdict(backout),
        "thin_reasons": list(backout.thin),
        "variables": dict(backout.variables),
        "unknown_events": backout.unknown_events,
        "log": {
            "events": backout.seq,
            "head": backout.head,
            "sound": not findings,
            "findings": [_fields(one, "rule", "seq", "message") for one in findings],
        },
    }


def _beyond(run: Run, away: Away) -> dict[str, Any]:
    (kind, name), beyond = run.item, away[run.attempt.intent]
    told = {"kind": "probe" if run.kind == EventKind.PROBE_STARTED else kind, "id": name}
    return told | _fields(beyond, "host", "why") | _times(run.attempt, "started_at")


def _declared(attempt: Attempt) -> dict[str, Any] | None:
    said = attempt.declared
    return None if said is None else _fields(said, "by", "reason", "event") | _times(said, "at")


def _fields(value: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _times(value: Any, *names: str) -> dict[str, str | None]:
    return {name: _time(getattr(value, name)) for name in names}


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment is not None else None


def _deviation(one: Deviation) -> dict[str, Any]:
    told = _fields(one, "kind", "step", "reason", "by", "event")
    beside = {name: getattr(one, name) or None for name in ("agreed", "problem")}
    more = {"first_reason": one.first or None, "ahead_of": list(one.ahead_of)}
    return told | beside | more | _times(one, "at")


def _for_judgement(backout: Backout) -> dict[str, Any]:
    """What the plan says for people to judge by, and what they said of *Before you start*."""
    return {
        "change": backout.plan.fact("change") or None,
        "affects": [one.text for one in affected(backout.plan)],
        "criteria": list(said_in(backout.plan.when)),
        "success": list(said_in(backout.plan.success)),
        "prerequisites": [_prerequisite(one) for one in prerequisites(backout)],
        "started_without": _started_without(backout),
        "components": [_fields(one, "component", "version", "returns_to") for one in backout.plan.components],
        "risks": list(said_in(backout.plan.risks)),
        "after": list(said_in(backout.plan.after)),
    }


def _prerequisite(one: Prerequisite) -> dict[str, Any]:
    tick = one.tick
    told = {"number": one.number, "text": one.text, "state": tick.answer.value, "reason": tick.reason or None}
    return told | {"by": tick.by or None} | _times(tick, "at")


def _started_without(backout: Backout) -> dict[str, Any] | None:
    """Which prerequisites were not ticked when the first step began, and why; null if all were, or none has begun."""
    if (without := backout.started_without) is None:
        return None
    return _fields(without, "reason", "by", "event") | {"left": list(without.left)} | _times(without, "at")


def _lease(backout: Backout) -> dict[str, Any] | None:
    if (lease := backout.lease) is None:
        return None
    handed = lease.handed
    told = {"number": lease.number, "name": lease.actor.name, "host": lease.actor.host} | _times(lease, "since")
    return told | {"handed_to": handed.to if handed else None, "handed_at": _time(handed.at if handed else None)}


def _clock(reading: Reading) -> dict[str, Any]:
    """The moments ahead, the open steps without an estimate, and the mood; null once the backout is closed."""
    way = reading.way_back
    return {
        **_times(reading, "done_by", "done_by_bad", "decide_by"),
        "window_closes": _time(reading.closes),
        "deployed_at": _time(reading.deployed_at),
        "unknown": reading.ahead.unknown,
        "mood": reading.mood.value if not reading.is_over else None,
        "no_way_back": {"step": way.step, "behind": way.behind} if way is not None else None,
    }


def _decision(backout: Backout) -> dict[str, Any] | None:
    if (decision := backout.decision) is None:
        return None
    told = _fields(decision, "kind", "by", "reason", "agreed", "break_glass", "named_authoriser")
    told |= _fields(decision, "question", "recorded_by", "early_s") | {"role": decision.role or None}
    return told | {"problems": list(decision.problems)} | _times(decision, "at")


def _authority(backout: Backout) -> dict[str, Any]:
    now = authority.standing(backout)
    times = {"waiting_since": _time(now.since), "proxy_from": _time(now.proxy_from)}
    return {"authoriser": now.authoriser or None, "proxy": now.proxy or None, **times}


def _contingency(backout: Backout) -> dict[str, Any] | None:
    """What the plan says once a step has failed past the point of no return, else null."""
    if (step := when_it_fails.beyond_return(backout)) is None:
        return None
    names = [contact.name for contact in when_it_fails.people(backout.plan)]
    return {"step": step.number, "text": when_it_fails.words(backout.plan) or None, "call": names}


def _verdict(backout: Backout) -> dict[str, Any] | None:
    verdict = backout.verdict
    return None if verdict is None else _fields(verdict, "outcome", "reason", "by") | _times(verdict, "at")


def _problem(problem: Problem) -> dict[str, Any]:
    told = _fields(problem, "id", "title", "severity", "kind", "seen", "detail", "assignee", "status", "note", "by")
    return told | {"tracker": None, "output": problem.output or None} | _times(problem, "logged_at")


def _step(step: StepState, ends: Ends) -> dict[str, Any]:
    told = _fields(step, "number", "title", "kind", "reason", "by", "origin", "parent", "option", "phase", "command")
    return {
        "id": step.number,
        **told,
        "state": step.state.value,
        "estimate_s": step.estimate.typical_s if step.estimate else None,
        "required": step.says("required"),
        "point_of_no_return": step.no_way_back is not None,
        "condition": step.condition or None,
        "item": step.fact(ITEM_FACT),
        "expected": list(step.expects),
        **_times(step, "ended_at"),
        "attempts": [_attempt(attempt, ends) for attempt in step.attempts],
        "probe": step.probe or None,
        "probes": [_attempt(attempt, ends) for attempt in step.probes],
    }


def _attempt(attempt: Attempt, ends: Ends) -> dict[str, Any]:
    told = _fields(attempt, "number", "state", "exit_code", "expect_met", "duration_ms", "host", "command", "why")
    told |= _fields(attempt, "pid", "still_running") if attempt.state is AttemptStatus.IN_DOUBT else {}
    kept = dict(zip(("name", "value"), attempt.captured, strict=False)) or None
    told |= {"tries": attempt.tries or None, "captured": kept, "declared": _declared(attempt)}
    told |= {"output": attempt.output or None, "last_lines": list(ends.get(attempt.intent, ()))}
    return told | _times(attempt, "started_at", "ended_at")


def _check(backout: Backout, check: CheckState, ends: Ends) -> dict[str, Any]:
    return {
        **_fields(check, "id", "title", "kind", "required", "when", "command"),
        "verdict": check.verdict or None,
        "running": check.running,
        "older_than": [step.number for step in ran_since_passed(backout, check)],
        "observations": [
            _fields(one, "verdict", "note", "by", "attempt") | _times(one, "at") for one in check.observations
        ],
        "attempts": [_attempt(attempt, ends) for attempt in check.attempts],
    }


def _message(message: MessageState) -> dict[str, Any]:
    return {
        **_fields(message, "id", "title", "by", "state", "origin", "text", "when"),
        "to": list(message.to),
        "sent_at": _time(message.last_at),
        "sent_subject": message.sent_subject or None,
        "sent_text": message.sent_text or None,
        "recipients": [_fields(one, "name", "state", "detail") | _times(one, "at") for one in message.recipients],
    }

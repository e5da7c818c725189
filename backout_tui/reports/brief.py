"""The brief: what a person who takes the controls must know, on one screen, at a hand-over or at any time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from backout_tui.domain.backout.choices import CallResult, ProblemStatus
from backout_tui.domain.backout.items import MessageState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import CheckVerdict, RecipientStatus, StepStatus
from backout_tui.domain.clock import clock_reading, forecast
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.rules.next_wish import due_messages, next_wish
from backout_tui.domain.rules.outstanding import in_doubt, under_way, untold
from backout_tui.domain.spans import about, span_words
from backout_tui.domain.text import clean_line
from backout_tui.reports import judgement_words
from backout_tui.reports.clock_words import sayings
from backout_tui.reports.pen import Pen

_LABEL = 11
"""The width of the labels on the left; the text of each section is aligned after them."""


WIDTH = 71
"""The length of a line: what a dialog in the smallest usual terminal shows."""


def brief(backout: Backout, now: datetime, width: int = WIDTH) -> list[str]:
    """Describe the backout and what its plan says for judgement, people by name, times in UTC, as of `now`.

    Text longer than `width` goes on in the next line, aligned after the label.
    """
    sections = (
        ("Release", _release(backout)),
        ("State", _state(backout)),
        ("In doubt", in_doubt(backout) or ["nothing"]),
        ("Running", _running(backout, now)),
        ("Failed", _failed(backout)),
        ("Next", [next_wish(backout, now).words]),
        ("Clock", _clock(backout, now)),
        ("Decision", _decision(backout, now)),
        ("Problems", _problems(backout)),
        ("Told", _told(backout)),
        ("Not told", _not_told(backout)),
        ("Calls due", _calls(backout, now)),
        ("Deviations", _deviations(backout)),
        *((label, lines) for _, label, lines in judgement_words.parts(backout)),
        ("Controls", _controls(backout, now)),
        ("Log head", [backout.head]),
    )
    pen = Pen.of(backout)
    return [line for label, said in sections for line in _section(label, map(pen.masked, said), width)]


def _section(label: str, said: Iterable[str], width: int) -> Iterator[str]:
    for item in map(clean_line, said):
        for part in textwrap.wrap(item, width - _LABEL, break_long_words=False, break_on_hyphens=False):
            yield f"{label:<{_LABEL}}{part}"
            label = ""


def _release(backout: Backout) -> Iterator[str]:
    release = backout.release
    back = f" → {release.returns_to}" if release.returns_to else ""
    where = f" · {release.environment}" if release.environment else ""
    mode = "LIVE" if backout.live else "REHEARSAL: nothing runs, nothing is sent"
    yield f"{release}{back}{where} · {mode}"
    if deployment := backout.plan.fact("deployment plan"):
        yield f"deployed by {deployment}"


def _state(backout: Backout) -> Iterator[str]:
    passed = sum(check.verdict is CheckVerdict.PASS for check in backout.checks.values())
    steps = f"{backout.settled} of {len(backout.leaves)} steps settled"
    checks = f"{passed} of {len(backout.checks)} checks {'passed' if backout.live else 'gone through'}"
    yield f"{backout.phase.value.replace('_', ' ')}; {steps}, {checks}"
    if backout.verdict is not None:
        yield f"verdict: {backout.verdict.outcome}, by {backout.verdict.by}"
    if backout.glass:
        yield f"the glass was broken: {', '.join(one.what for one in backout.glass)}"


def _controls(backout: Backout, now: datetime) -> Iterator[str]:
    lease = backout.lease
    if lease is None:
        yield "nobody has taken them yet"
    elif lease.handed is not None:
        whom, at = lease.handed.to or "whoever comes", hour_utc(lease.handed.at, now)
        yield f"{lease.actor.name} gave them to {whom} at {at}"
    else:
        yield f"{lease.actor.name} since {hour_utc(lease.since, now)}"
    for asking in backout.askings:
        why = f": {asking.why}" if asking.why else ""
        yield f"{asking.actor.name} asked for them at {hour_utc(asking.at, now)}{why}"


def _decision(backout: Backout, now: datetime) -> Iterator[str]:
    decision = backout.decision
    if decision is None:
        yield "none yet"
        return
    named = "" if decision.named_authoriser else " (not the named authoriser)"
    yield f"{decision.kind} by {decision.by}{named} at {hour_utc(decision.at, now)}: {decision.reason}"


def _running(backout: Backout, now: datetime) -> Iterator[str]:
    steps = backout.leaves_in(StepStatus.RUNNING)
    for step in steps:
        yield f"step {step.number} {step.title}, {_since(step, now)}"
    others = under_way(backout)[len(steps) :]
    yield from others
    if not steps and not others:
        yield "nothing"


def _since(step: StepState, now: datetime) -> str:
    begun = f"since {hour_utc(step.attempt.started_at, now)}" if step.attempt is not None else "running"
    took = span_words(forecast.elapsed_s(step, now))
    if step.estimate is None:
        return f"{begun}, {took} so far; no estimate"
    typical, bad = about(step.estimate.typical_s), about(step.estimate.bad_s)
    of = typical if typical == bad else f"{typical}, at worst {bad}"
    return f"{begun}, {took} of {of}{': LATE' if forecast.is_late(step, now) else ''}"


def _failed(backout: Backout) -> Iterator[str]:
    failed = backout.leaves_in(StepStatus.FAILED)
    for step in failed:
        why = (step.attempt.why if step.attempt is not None else "") or step.reason
        yield f"step {step.number} {step.title}{': ' + why if why else ''}"
    if not failed:
        yield "nothing"


def _problems(backout: Backout) -> Iterator[str]:
    still_open = [problem for problem in backout.problems if problem.status is not ProblemStatus.RESOLVED]
    for problem in still_open:
        yield f"{problem.id} {problem.title} ({problem.severity}): {problem.assignee or 'assigned to nobody'}"
    if not still_open:
        yield "none is open" if backout.problems else "none is logged"


def _told(backout: Backout) -> Iterator[str]:
    told = [(message, _who(message, RecipientStatus.SENT)) for message in backout.messages.values()]
    lines = [f"“{message.title}”: {who}" for message, who in told if who]
    reached = dict.fromkeys(call.name for call in backout.calls if call.result is CallResult.REACHED)
    lines += [f"by phone: {', '.join(reached)}"] if reached else []
    yield from lines or ["nobody"]


def _not_told(backout: Backout) -> Iterator[str]:
    due = {message.id for message in due_messages(backout)}
    lines = []
    for message in backout.messages.values():
        left = [name for name in untold(backout, message) if name] if message.id in due else []
        doubt = _who(message, RecipientStatus.IN_DOUBT)
        said = [", ".join(left), f"in doubt: {doubt}" if doubt else ""]
        if any(said):
            lines.append(f"“{message.title}”: {'; '.join(filter(None, said))}")
    yield from lines or ["nobody who should know by now"]


def _who(message: MessageState, state: RecipientStatus) -> str:
    return ", ".join(one.name for one in message.recipients if one.state is state)


def _calls(backout: Backout, now: datetime) -> Iterator[str]:
    waiting = [(call, call.follow_up) for call in backout.calls if call.follow_up is not None]
    for call, when in waiting:
        yield f"{call.name} at {hour_utc(when, now)}{': DUE' if when <= now else ''} ({call.note or call.result})"
    if not waiting:
        yield "none"


def _deviations(backout: Backout) -> Iterator[str]:
    departures, thin = len(backout.deviations), len(backout.thin)
    yield f"{departures} from the plan; {thin} thin {'reason' if thin == 1 else 'reasons'}"


def _clock(backout: Backout, now: datetime) -> Iterator[str]:
    said = sayings(clock_reading.read(backout, now.astimezone(UTC)))
    yield f"{' · '.join(said)} (times are UTC)" if said else "no estimates and no window"

"""What the lead reads first: broken glass, the result, the times, who, the problems, the decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.order import is_folded
from backout_tui.domain.backout.payloads.backout_payloads import Adopted, DeclaredGone, Taken
from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.backout.states import CheckVerdict
from backout_tui.domain.clock.forecast import window_closes
from backout_tui.domain.experience.rehearsed import gone_through, really_run
from backout_tui.domain.plan.authorisers import authorisers
from backout_tui.domain.plan.judgement import affects_words, components_of, said_in
from backout_tui.domain.rules.afterwards import verdict_words
from backout_tui.domain.rules.authority import AUTHORISER, OTHER, PROXY, agreement_unsaid, decider_words
from backout_tui.domain.spans import about, in_words
from backout_tui.reports.judgement_words import by_the_plan
from backout_tui.reports.literal import table
from backout_tui.reports.pen import Pen, when


def title(pen: Pen, backout: Backout) -> Iterator[str]:
    """The heading, and whether anything in this backout was real."""
    release = backout.release
    yield f"# Backout report: {pen.line(f'{release} → {release.returns_to}')}"
    if not backout.live:
        yield ""
        place = pen.line(backout.rehearsed_in)
        where = f" in {place}" if place else ""
        if really_run(backout):
            yield f"**This was a rehearsal{where}: only what the plan says to rehearse was run, nothing was sent.**"
        else:
            yield f"**This was a rehearsal{where}: nothing was run, nothing was sent.** The plan was shown, not tested."


def glass(pen: Pen, backout: Backout) -> Iterator[str]:
    """What was done by breaking the glass. It comes first."""
    if backout.glass:
        yield "## Break-glass"
        yield ""
        rows = [
            (pen.line(one.what), pen.line(one.reason), pen.line(one.by), when(one.at), str(one.event))
            for one in backout.glass
        ]
        yield from table(("What", "Why", "By", "At (UTC)", "Event"), rows)


def summary(pen: Pen, backout: Backout, events: Sequence[Event]) -> Iterator[str]:
    """The whole backout in a dozen lines."""
    release, ref = backout.release, backout.ref
    yield "## Summary"
    yield ""
    yield f"- Release: {pen.line(str(release))}, back to {pen.line(release.returns_to)}"
    yield f"- Environment: {pen.line(release.environment)}"
    yield from _plan(pen, backout)
    yield f"- Result: {_result(pen, backout)}"
    yield from _times(pen, backout)
    yield f"- Operated by: {', '.join(map(pen.line, _operators(backout, events)))}"
    yield from _taken_from_others(pen, events)
    revision = f"plan {ref.id}, revision {ref.revision}" if ref.id else "a file"
    by = f" by {pen.line(ref.approval)}" if ref.approval else ""
    approved = f"approved{by}" if ref.approved else "**not approved**"
    yield f"- Plan: {revision}, {approved}" if backout.plan.parts else "- Plan: there was none"
    if deployment := backout.plan.fact("deployment plan"):
        yield f"- Deployment plan: {pen.line(deployment)}"
    if backout.handed_over:
        yield f"- The plan was {pen.line(backout.handed_over)}"
    if ref.sha256:
        yield f"- Plan's text (SHA-256): `{pen.line(ref.sha256)}`"
    yield f"- Steps: {_steps(backout)}"
    yield f"- Verification: {_checks(backout)}"
    yield from (f"- **{one[:1].upper()}{one[1:]}**" for one in verdict_words(backout))
    yield f"- Log: {backout.seq} events, head `{backout.head}`"
    if backout.unknown_events:
        yield f"- {backout.unknown_events} events were written by a newer program, and are not understood here"


def _plan(pen: Pen, backout: Backout) -> Iterator[str]:
    """What the plan says of the whole: the change, what is affected, the components, the risks."""
    plan = backout.plan
    whole = (
        ("Change", plan.fact("change") or ""),
        ("Affects", affects_words(plan)),
        ("Components", "; ".join(components_of(plan))),
        ("Risks", "; ".join(said_in(plan.risks))),
    )
    yield from (f"- {label}: {pen.line(said)}" for label, said in whole if said)


def _result(pen: Pen, backout: Backout) -> str:
    verdict = backout.verdict
    if verdict is None:
        return f"**no verdict yet** ({backout.phase.value.replace('_', ' ')})"
    reason = f": {pen.line(verdict.reason)}" if verdict.reason else ""
    not_closed = "" if backout.closed_at else " (not closed yet)"
    return f"**{pen.line(verdict.outcome)}**, said by {pen.line(verdict.by)}{reason}{not_closed}"


def _times(pen: Pen, backout: Backout) -> Iterator[str]:
    opened, closed, decision = backout.opened_at, backout.closed_at, backout.decision
    by = backout.opened_by
    host = f" on {pen.line(by.host)}" if by.host else ""
    yield f"- Opened: {when(opened)} UTC by {pen.line(by.said)} (login {pen.line(by.login) or 'unknown'}{host})"
    if backout.start_reason:
        yield f"- Opened because: {pen.line(backout.start_reason)}"
    if decision is not None and opened is not None:
        yield f"- Decided: {when(decision.at)} UTC, {about((decision.at - opened).total_seconds())} after it was opened"
    ended = max((step.ended_at for step in backout.leaves if step.ended_at), default=None)
    closes = window_closes(backout)
    if ended is not None:
        yield f"- Last step ended: {when(ended)} UTC"
    if closes is not None:
        late = f", missed by {about((ended - closes).total_seconds())}" if ended and ended > closes else ""
        yield f"- Window: until {when(closes)} UTC{late}"
    if closed is not None and opened is not None:
        total = about((closed - opened).total_seconds())
        yield f"- Closed: {when(closed)} UTC by {pen.line(backout.closed_by)}, {total} in all"
    if backout.close_reason:
        yield f"- Closed with this reason: {pen.line(backout.close_reason)}"


def _operators(backout: Backout, events: Sequence[Event]) -> list[str]:
    taken = [event.actor.said for event in events if isinstance(event.payload, Taken)]
    return list(dict.fromkeys(taken or [backout.operator]))


def _taken_from_others(pen: Pen, events: Sequence[Event]) -> Iterator[str]:
    """When the controls were taken from somebody who was there, or unseen, or with a copy of the database."""
    for event in events:
        said, by = event.payload, pen.line(event.actor.name)
        if isinstance(said, Adopted):
            yield f"- **A copy of the database was adopted** by {by}: {pen.line(said.reason)}"
        elif isinstance(said, Taken) and (said.holder_lived or said.unanswered_s is not None):
            waited = said.unanswered_s
            how = f"after {in_words(waited)} without an answer" if waited is not None else "without waiting"
            yield f"- **Controls taken from {pen.line(said.from_)} {how}** by {by}: {pen.line(said.reason)}"
        elif isinstance(said, DeclaredGone):
            whose, why = pen.line(said.holder), pen.line(said.reason)
            yield f"- **The session of {whose} declared gone**, unseen, by {by}: {why}"


def _steps(backout: Backout) -> str:
    counted = Counter(step.state.words for step in backout.leaves if not is_folded(backout, step))
    told = ", ".join(f"{count} {state}" for state, count in counted.items()) or "none"
    told = told if backout.live else gone_through(backout)
    deviations = len(backout.deviations)
    return f"{told}; {deviations} deviation{'' if deviations == 1 else 's'} from the plan"


def _checks(backout: Backout) -> str:
    required = [check for check in backout.checks.values() if check.required]
    if required and not backout.live:
        looked_at = sum(bool(check.verdict) for check in required)
        return f"nothing was verified, a rehearsal runs no check; {looked_at} of {len(required)} were gone through"
    passed = sum(check.verdict is CheckVerdict.PASS for check in required)
    return f"{passed} of {len(required)} required checks passed" if required else "the plan requires none"


def problems(pen: Pen, backout: Backout) -> Iterator[str]:
    """What went wrong, and who owns each problem."""
    yield "## Problems"
    yield ""
    if not backout.problems:
        yield "None was logged."
    rows = [
        (
            one.id,
            pen.line(one.title),
            pen.line(one.severity),
            pen.line(one.kind.words),
            f"{pen.line(one.seen)} the deployment",
            pen.line(one.assignee) or "**nobody**",
            pen.line(f"{one.status}: {one.note}" if one.note else one.status),
            when(one.logged_at),
        )
        for one in backout.problems
    ]
    yield from table(("", "Problem", "Severity", "Kind", "Seen", "Assigned to", "Status", "Logged (UTC)"), rows)
    for one in backout.problems:
        if one.detail.strip():
            yield ""
            yield f"{one.id} in detail:"
            yield ""
            yield from pen.block(one.detail)


def decision(pen: Pen, backout: Backout) -> Iterator[str]:
    """Who decided what, and why."""
    yield "## Decision"
    yield ""
    decided = backout.decision
    if decided is None:
        yield "None was recorded."
        yield from by_the_plan(pen, "When to back out", said_in(backout.plan.when))
        return
    yield from _decided(pen, backout, decided)
    for before in reversed(backout.revised):
        yield ""
        yield f"It took the place of this one, of {when(before.at)} UTC:"
        yield ""
        yield from _decided(pen, backout, before)
    yield from by_the_plan(pen, "When to back out", said_in(backout.plan.when))


def _decided(pen: Pen, backout: Backout, decided: Decision) -> Iterator[str]:
    about = ", ".join(map(pen.line, decided.problems)) or "no problem"
    if decided.question:
        yield f"- Asked: {pen.line(decided.question)}"
    yield f"- To {pen.line(decided.kind.replace('-', ' '))}, at {when(decided.at)} UTC, on {about}"
    yield f"- By: {pen.line(decided.by)}, {_authority(backout, decided)}"
    yield f"- Because: {pen.line(decided.reason)}"
    if decided.agreed:
        yield f"- Agreed: {pen.line(decided.agreed)}"
    elif agreement_unsaid(decided):
        yield f"- Recorded by {pen.line(decided.recorded_by)}; **how {pen.line(decided.by)} agreed was not said**"
    if decided.break_glass:
        yield f"- By **break-glass**{'' if decided.problems else ': no problem was logged at that moment'}"


def _authority(backout: Backout, decided: Decision) -> str:
    if not authorisers(backout.plan):
        return "the plan names no authoriser"
    if not decided.named_authoriser:
        return f"**{decider_words(OTHER, 0)}**"
    said = decider_words(decided.role, decided.early_s)
    if decided.early_s:
        return f"**{said}**"
    return {AUTHORISER: "the named authoriser", PROXY: said}.get(decided.role, "the named authoriser or proxy")

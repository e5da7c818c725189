"""Where a backout stands, in words, for `backout-tui show`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from backout_tui.domain.backout import rehearsing
from backout_tui.domain.backout.items import Attempt, MessageState, StepState
from backout_tui.domain.backout.order import folded_words, is_folded, listed
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, CheckVerdict, StepStatus
from backout_tui.domain.clock.clock_reading import Reading
from backout_tui.domain.clock.forecast import is_late
from backout_tui.domain.printed_ends import NO_ENDS, Ends
from backout_tui.domain.rules.afterwards import older_words, ran_since_passed, ran_since_verdict
from backout_tui.domain.rules.authority import OTHER, decider_words
from backout_tui.domain.rules.doubt import probe_words
from backout_tui.domain.text import clean_line
from backout_tui.reports import judgement_words, pressing_words
from backout_tui.reports.clock_words import sayings
from backout_tui.reports.pen import Pen
from backout_tui.reports.sections.people_section import verdict_words
from backout_tui.reports.sentences.piece_sentences import server_words

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def lines(
    backout: Backout, reading: Reading | None = None, away: Away = ALL_IN_REACH, ends: Ends = NO_ENDS
) -> Iterator[str]:
    """Describe the backout, line by line. It shows names, no address and no number.

    `reading` is what the clock says now; `away` is what runs where it cannot be asked from here; `ends` is what the
    commands that did not succeed printed last.
    """
    return map(Pen.of(backout).masked, _lines(backout, reading, away, ends))


def _lines(backout: Backout, reading: Reading | None, away: Away, ends: Ends) -> Iterator[str]:
    release = backout.release
    rehearsal = rehearsing.words(backout)
    mode = f"  {rehearsal.replace('A rehearsal', 'REHEARSAL', 1)}" if rehearsal else ""
    where = f" · {release.environment}" if release.environment else ""
    yield clean_line(f"{backout.id}  {release} → {release.returns_to}{where}{mode}")
    yield f"   {backout.phase.value.replace('_', ' ')}, operated by {clean_line(backout.operator)}"
    if backout.copied:
        yield f"   A COPY: it is only read; do {backout.id} take-over --adopt --reason T adopts it"
    if not backout.ref.approved and backout.plan.parts:
        yield "   the plan is not approved"
    if backout.ref.despite:
        yield clean_line(f"   the plan was approved by {backout.ref.approval}")
    for glass in backout.glass:
        yield f"   BREAK-GLASS by {clean_line(glass.by)}: {clean_line(glass.what)}: {clean_line(glass.reason)}"
    at = (reading.at if reading is not None else backout.opened_at or _LONG_AGO).astimezone(UTC)
    if reading is not None and (said := sayings(reading)):
        yield f"   {' · '.join(said)} (times are UTC)"
    yield from pressing_words.who_decides(backout, at)
    yield from pressing_words.in_doubt(backout, at)
    yield from pressing_words.out_of_reach(backout, away, at)
    yield from pressing_words.if_it_fails(backout)
    yield from _problems(backout)
    yield from _decision(backout)
    yield from _judgement(backout)
    yield from _steps(backout, reading, away, ends)
    yield from _checks(backout, away, ends)
    yield from _messages(backout, away)
    yield f"\nlog head {backout.head}"


def _problems(backout: Backout) -> Iterator[str]:
    yield "\nProblems"
    for problem in backout.problems:
        assigned = problem.assignee or "unassigned"
        yield clean_line(f"  {problem.id:<4} {problem.title}  ({problem.severity}, {problem.status}, {assigned})")
    if not backout.problems:
        yield "  none is logged"


def _decision(backout: Backout) -> Iterator[str]:
    if (decision := backout.decision) is not None:
        as_whom = decider_words(decision.role if decision.named_authoriser else OTHER, decision.early_s)
        named = f" ({as_whom})" if as_whom else ""
        agreed = f"; agreed {decision.agreed}" if decision.agreed else ""
        yield "\n" + clean_line(f"Decision: {decision.kind} by {decision.by}{named}: {decision.reason}{agreed}")
    if (verdict := backout.verdict) is not None:
        yield clean_line(f"Verdict: {verdict.outcome}{': ' + verdict.reason if verdict.reason else ''}")
        if after := ran_since_verdict(backout):
            yield f"  after it was given, something was done for {listed([step.number for step in after])}"


def _judgement(backout: Backout) -> Iterator[str]:
    for title, _, lines in judgement_words.parts(backout):
        yield f"\n{title}"
        yield from (clean_line(f"  {line}") for line in lines)


def _steps(backout: Backout, reading: Reading | None, away: Away, ends: Ends) -> Iterator[str]:
    yield "\nSteps"
    before = ""
    for step in backout.steps.values():
        if step.option and step.option != before:
            yield clean_line(f"  {_option(backout, step)}")
        before = step.option
        if is_folded(backout, step):
            continue
        indent = "    " if step.parent else "  "
        late = ", PAST ITS ESTIMATE" if reading is not None and is_late(step, reading.at) else ""
        state = f"{_running(backout, step.attempt, away)}{late}" or step.state.words
        reason = f": {step.reason}" if step.reason and step.state is not StepStatus.PENDING else ""
        origin = "" if step.origin == "plan" else f" ({step.origin})"
        yield clean_line(f"{indent}{step.number:<5} {step.title}{origin}  [{state}{reason}]")
        if step.state in (StepStatus.FAILED, StepStatus.IN_DOUBT):
            yield from _printed(step.attempt, ends)
        if step.state is StepStatus.FAILED and (probe := step.last_probe) is not None:
            yield clean_line(f"{indent}      its probe {probe_words(probe)}")


def _option(backout: Backout, step: StepState) -> str:
    """The heading of an option; an option that was not chosen has only this line."""
    if is_folded(backout, step):
        return folded_words(backout, step.option)
    return f"Option {step.option}: {'chosen' if backout.chosen_option else 'not chosen yet'}"


def _running(backout: Backout, attempt: Attempt | None, away: Away) -> str:
    """`running on HOST`; from elsewhere, or in a copy, nobody can see whether it is still alive."""
    if attempt is None or attempt.state is not AttemptStatus.RUNNING:
        return ""
    if backout.copied:
        return "running when this copy was made"
    return f"running on {attempt.host}{', out of reach from here' if attempt.intent in away else ''}"


def _printed(attempt: Attempt | None, ends: Ends) -> Iterator[str]:
    """What it printed last, below the line that says what became of it."""
    printed = ends.get(attempt.intent, ()) if attempt is not None else ()
    return (clean_line(f"          | {line}") for line in printed)


def _checks(backout: Backout, away: Away, ends: Ends) -> Iterator[str]:
    yield "\nVerification"
    for check in backout.checks.values():
        verdict = _running(backout, check.attempt, away) or verdict_words(backout, check.verdict) or "open"
        if older := older_words(ran_since_passed(backout, check)):
            verdict = f"{verdict}, {older}"
        yield clean_line(f"  {check.id:<5} {check.title}  [{verdict}]")
        yield from _printed(check.attempt if check.verdict is not CheckVerdict.PASS else None, ends)


def _messages(backout: Backout, away: Away) -> Iterator[str]:
    yield "\nCommunication"
    for message in backout.messages.values():
        yield clean_line(f"  {message.title} → {', '.join(message.to)}  [{_sending(backout, message, away)}]")
        for recipient in message.recipients:
            detail = f": {server_words(recipient.detail)}" if recipient.detail else ""
            yield clean_line(f"      {recipient.name}  {recipient.state.words}{detail}")
    for call in backout.calls:
        yield clean_line(f"  call to {call.name}: {call.result}{': ' + call.note if call.note else ''}")


def _sending(backout: Backout, message: MessageState, away: Away) -> str:
    if backout.copied and message.sending:
        return "being sent when this copy was made"
    beyond = f" on {message.host}, out of reach from here" if message.sending in away else ""
    return f"{message.state.words}{beyond}"

"""Where a backout stands, in words, for `backout-tui show`."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import Attempt, StepState
from backout_tui.domain.text import clean_line
from backout_tui.domain.ways import folded_words, is_folded
from backout_tui.reports.pen import Pen
from backout_tui.reports.sentences.pieces import server_words


def lines(backout: Backout) -> Iterator[str]:
    """The backout, line by line. People by name; no address, no number."""
    return map(Pen.of(backout).masked, _lines(backout))


def _lines(backout: Backout) -> Iterator[str]:
    release = backout.release
    mode = "" if backout.live else "  REHEARSAL: nothing is run, nothing is sent"
    where = f" · {release.environment}" if release.environment else ""
    yield clean_line(f"{backout.id}  {release} → {release.returns_to}{where}{mode}")
    yield f"   {backout.phase.value.replace('_', ' ')}, operated by {clean_line(backout.operator)}"
    if not backout.ref.approved and backout.plan.parts:
        yield "   the plan is not approved"
    for glass in backout.glass:
        yield f"   BREAK-GLASS by {clean_line(glass.by)}: {clean_line(glass.what)}: {clean_line(glass.reason)}"
    yield from _problems(backout)
    yield from _decision(backout)
    yield from _steps(backout)
    yield from _checks(backout)
    yield from _messages(backout)
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
        named = "" if decision.named_authoriser else " (not the named authoriser)"
        yield "\n" + clean_line(f"Decision: {decision.kind} by {decision.by}{named}: {decision.reason}")
    if (verdict := backout.verdict) is not None:
        yield clean_line(f"Verdict: {verdict.outcome}{': ' + verdict.reason if verdict.reason else ''}")


def _steps(backout: Backout) -> Iterator[str]:
    yield "\nSteps"
    before = ""
    for step in backout.steps.values():
        if step.option and step.option != before:
            yield clean_line(f"  {_option(backout, step)}")
        before = step.option
        if is_folded(backout, step):
            continue
        indent = "    " if step.parent else "  "
        state = _running(step.attempt) or step.state.value.replace("_", " ")
        reason = f": {step.reason}" if step.reason and step.state.value != "pending" else ""
        origin = "" if step.origin == "plan" else f" ({step.origin})"
        yield clean_line(f"{indent}{step.number:<5} {step.title}{origin}  [{state}{reason}]")


def _option(backout: Backout, step: StepState) -> str:
    """The heading of an option; of one that was not chosen it is all there is."""
    if is_folded(backout, step):
        return folded_words(backout, step.option)
    return f"Option {step.option}: {'chosen' if backout.chosen_option else 'not chosen yet'}"


def _running(attempt: Attempt | None) -> str:
    """`running on HOST`: who looks from elsewhere cannot see whether it still lives."""
    return f"running on {attempt.host}" if attempt is not None and attempt.state == "running" else ""


def _checks(backout: Backout) -> Iterator[str]:
    yield "\nVerification"
    for check in backout.checks.values():
        verdict = _running(check.attempt) or check.verdict or "open"
        yield clean_line(f"  {check.id:<5} {check.title}  [{verdict}]")


def _messages(backout: Backout) -> Iterator[str]:
    yield "\nCommunication"
    for message in backout.messages.values():
        yield clean_line(f"  {message.title} → {', '.join(message.to)}  [{message.state.replace('_', ' ')}]")
        for recipient in message.recipients:
            detail = f": {server_words(recipient.detail)}" if recipient.detail else ""
            yield clean_line(f"      {recipient.name}  {recipient.state.replace('_', ' ')}{detail}")
    for call in backout.calls:
        yield clean_line(f"  call to {call.name}: {call.result}{': ' + call.note if call.note else ''}")

"""The urgent things that `backout-tui show` says first: who decides, what is in doubt, what if the backout fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.runs import Away
from backout_tui.domain.backout.state import Backout, Phase
from backout_tui.domain.backout.states import RecipientStatus
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.rules import authority, when_it_fails
from backout_tui.domain.rules.doubt import Doubt, doubts, probe_words
from backout_tui.domain.text import clean_line


def in_doubt(backout: Backout, at: datetime) -> Iterator[str]:
    """Everything in doubt: the command, when and where it was started, and how to record what is true."""
    for doubt in doubts(backout):
        kind, name = doubt.item
        yield ""
        yield clean_line(f"IN DOUBT: {_title(backout, doubt)}")
        if doubt.attempt is not None:
            yield from _attempt(doubt.attempt, at)
        if kind == "step" and (probe := backout.steps[name].last_probe) is not None:
            yield clean_line(f"  its probe at {hour_utc(probe.started_at, at)} {probe_words(probe)}")
        yield from (f"  {line}" for line in _ways_out(backout, doubt))


def out_of_reach(backout: Backout, away: Away, at: datetime) -> Iterator[str]:
    """Everything that runs where it cannot be asked: where, since when, why not, and what can be done about it."""
    for run in runs.under_way(backout):
        if (beyond := away.get(run.attempt.intent)) is None:
            continue
        yield ""
        yield clean_line(
            f"OUT OF REACH: {runs.named(backout, run)}, begun {hour_utc(run.attempt.started_at, at)} on {beyond.host}"
        )
        yield clean_line(f"  {beyond.why}")
        yield "  look there; if nobody can, declare it in doubt, then say what is true of it:"
        yield clean_line(f"  backout-tui do {backout.id} {runs.doubt_command(run)} --reason T")


def _title(backout: Backout, doubt: Doubt) -> str:
    kind, name = doubt.item
    if kind == "step":
        return f"step {name}, {backout.steps[name].title}"
    return f"check {name}, {backout.checks[name].title}" if kind == "check" else f"“{backout.messages[name].title}”"


def _attempt(attempt: Attempt, at: datetime) -> Iterator[str]:
    process = f"; process {attempt.pid}" if attempt.pid is not None else ""
    known = attempt.pid is not None and attempt.still_running is not None
    lives = (" still ran then" if attempt.still_running else " was gone then") if known else ""
    yield clean_line(f"  begun {hour_utc(attempt.started_at, at)} on {attempt.host}: {attempt.why}{process}{lives}")
    first, *more = attempt.command.strip().split("\n")
    yield clean_line(f"  $ {first}{' …' if more else ''}")


def _ways_out(backout: Backout, doubt: Doubt) -> Iterator[str]:
    kind, name = doubt.item
    do = f"backout-tui do {backout.id}"
    if kind == "message":
        names = [one.name for one in backout.messages[name].recipients if one.state is RecipientStatus.IN_DOUBT]
        yield clean_line(f"ask {', '.join(names)}, then: {do} message-resolve {name} NAME sent|not-sent --reason T")
    elif kind == "check":
        yield clean_line(f"run it again: {do} check-run {name}")
    else:
        step = backout.steps[name]
        if step.probe:
            yield clean_line(f"find out: {do} step-probe {name}")
        yield clean_line(f"say what is true: {do} step-resolve {name} done|failed|not-started --reason T")
        if step.says("safe to repeat"):
            yield clean_line(f"it is safe to repeat: {do} step-run {name}")


def if_it_fails(backout: Backout) -> Iterator[str]:
    """What the plan says once a step has failed past the point of no return, and whom to call, by name."""
    step = when_it_fails.beyond_return(backout)
    if step is None:
        return
    yield ""
    yield clean_line(f"THE BACKOUT FAILS: step {step.number} failed, and there is no way back")
    if otherwise := step.fact("if it fails"):
        yield clean_line(f"  if it fails: {otherwise}")
    said = when_it_fails.words(backout.plan) or "The plan does not say what to do then."
    yield from (clean_line(f"  {line}") for line in said.split("\n"))
    names = ", ".join(contact.name for contact in when_it_fails.people(backout.plan))
    if names:
        yield clean_line(f"  call {names}")


def who_decides(backout: Backout, at: datetime) -> Iterator[str]:
    """Who may decide, as long as nobody has decided."""
    if backout.phase is not Phase.DECIDING:
        return
    now = authority.standing(backout)
    begins = now.proxy_from
    proxy = f"; {now.proxy} from {hour_utc(begins, at)}" if begins is not None and now.wait_s else ""
    if now.authoriser and proxy and now.since is not None:
        since = f"waiting since {hour_utc(now.since, at)}, {now.how}"
        yield clean_line(f"   may decide: {now.authoriser}{proxy} ({since})")
    else:
        yield clean_line(f"   may decide: {authority.who_words(now, at)}")

"""The Next line: the most useful thing to do now, and its key. contract.md section 12 has the order."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.choices import DecisionKind, ProblemStatus, StepKind
from backout_tui.domain.backout.conditions import open_condition
from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.order import next_step, to_begin
from backout_tui.domain.backout.rehearsing import way_of
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout, Phase
from backout_tui.domain.backout.states import MESSAGE, CheckVerdict, MessageStatus, StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.rules import authority, when_it_fails
from backout_tui.domain.rules.doubt import check_in_doubt
from backout_tui.domain.rules.obstacles import unreadable
from backout_tui.domain.rules.outstanding import needs_a_call, speaks_of_steps, untold
from backout_tui.domain.spans import about, span_words


class Wish(Struct, frozen=True):
    """What to do next, in words; `key` does it ("" if there is only waiting); `on` is where the cursor belongs.

    `on` is ("problem" | "step" | "check" | "message", id) or None.
    """

    words: str
    key: str = ""
    on: tuple[str, str] | None = None
    urgent: bool = False


Wishing = Callable[[Backout, datetime], Wish | None]


def next_wish(
    backout: Backout,
    now: datetime,
    silent: Silent = NOT_SILENT,
    away: Away = ALL_IN_REACH,
    ended: Container[str] = (),
) -> Wish:
    """The first wish by priority; if there is none, the backout is done. `away` cannot be asked from here.

    `ended` are the intents of attempts that ended but cannot be recorded yet: nobody waits for them as if they were
    running.
    """
    if backout.phase is Phase.CLOSED:
        return Wish("closed. The log is complete (l).", "l")
    return (
        _doubt(backout, now)
        or _beyond(backout, away)
        or _unrecorded(backout, ended)
        or _late(backout, now)
        or _silent(backout, now, silent)
        or _first(_BY_PRIORITY, backout, now)
        or Wish("close the backout", "X")
    )


def _first(wishes: Iterable[Wishing], backout: Backout, now: datetime) -> Wish | None:
    return next((found for wish in wishes if (found := wish(backout, now)) is not None), None)


def due_checks(backout: Backout) -> Iterator[CheckState]:
    """The checks that can be made now: the step they come after is settled, and they haven't passed.

    An optional check is due only until somebody has looked at it: nothing waits for its result.
    """
    all_settled = 0 < len(backout.leaves) == backout.settled
    for check in backout.checks.values():
        if check.verdict is CheckVerdict.PASS or check.running or (check.verdict and not check.required):
            continue
        after = backout.steps.get((check.fact("after") or "").strip())
        if check.when == "before" or (after.settled if after is not None else all_settled):
            yield check


def due_messages(backout: Backout) -> Iterator[MessageState]:
    """The messages that are due and have not gone to everybody."""
    for message in backout.messages.values():
        is_open = MESSAGE[message.state].to_be_sent and untold(backout, message)
        if is_open and _moment_has_come(backout, message):
            yield message


def _moment_has_come(backout: Backout, message: MessageState) -> bool:
    if not backout.backs_out and speaks_of_steps(message):
        return False  # it says that we back out, but we don't
    when = message.when.strip().lower()
    if when in ("", "start") or message.origin != "plan":
        return True
    if when == "decision":
        return backout.decision is not None
    if when.startswith("after "):
        step = backout.steps.get(when.removeprefix("after ").strip().upper()) or backout.steps.get(when[6:].strip())
        return step is not None and step.settled
    return when == "end" and backout.verdict is not None


def _doubt(backout: Backout, _now: datetime) -> Wish | None:
    for step in backout.leaves_in(StepStatus.IN_DOUBT):
        return Wish(f"step {step.number} is in doubt: say what is true", "Enter", ("step", step.number), urgent=True)
    for check in backout.checks.values():
        if check_in_doubt(check):
            return Wish(f"check {check.id} is in doubt: run it again", "v", ("check", check.id), urgent=True)
    for message in backout.messages.values():
        if message.state is MessageStatus.IN_DOUBT:
            words = f"“{message.title}” is in doubt: did it arrive?"
            return Wish(words, "Enter", ("message", message.id), urgent=True)
    return None


def _beyond(backout: Backout, away: Away) -> Wish | None:
    """Nobody should wait for what runs out of reach: its end would never show up here."""
    for run in runs.under_way(backout):
        if (beyond := away.get(run.attempt.intent)) is not None:
            what = f"{runs.named(backout, run)} {'is sent' if run.item[0] == 'message' else 'runs'} on {beyond.host}"
            return Wish(f"{what}, out of reach: see what can be done", "Enter", run.item, urgent=True)
    return None


def _unrecorded(backout: Backout, ended: Container[str]) -> Wish | None:
    for run in runs.under_way(backout):
        if run.attempt.intent in ended:
            words = f"{runs.named(backout, run)} has ended and cannot be recorded yet: see why"
            return Wish(words, "Enter", run.item, urgent=True)
    return None


def _late(backout: Backout, now: datetime) -> Wish | None:
    for step in backout.leaves_in(StepStatus.RUNNING):
        if forecast.is_late(step, now):
            words = (
                f"step {step.number} runs past its estimate ({span_words(forecast.elapsed_s(step, now))}): look at it"
            )
            return Wish(words, "Enter", ("step", step.number), urgent=True)
    return None


def _silent(backout: Backout, now: datetime, silent: Silent) -> Wish | None:
    for step in backout.leaves_in(StepStatus.RUNNING):
        if (since := silent.get(step.number)) is not None:
            words = f"step {step.number} is silent for {span_words((now - since).total_seconds())}: look at it"
            return Wish(words, "Enter", ("step", step.number), urgent=True)
    return None


def _failed(backout: Backout, _now: datetime) -> Wish | None:
    step = when_it_fails.failed_step(backout)
    if step is None:
        return None
    on, otherwise = ("step", step.number), step.fact("if it fails")
    if otherwise is None and when_it_fails.beyond_return(backout) is not None:
        words = f"step {step.number} failed, and there is no way back: call for help; the contingency plan is in Ctrl+P"
        return Wish(words, "k", on, urgent=True)
    words = f"step {step.number} failed: " + (otherwise or "run it again (r), work around (w) or skip it (s)")
    return Wish(words, "r", on, urgent=True)


def _follow_up(backout: Backout, now: datetime) -> Wish | None:
    for call in backout.calls:
        if call.follow_up is not None and call.follow_up <= now:
            return Wish(f"call {call.name} again: {call.note or call.result}", "k", urgent=True)
    return None


def _decide(backout: Backout, now: datetime) -> Wish | None:
    if backout.phase is Phase.IDENTIFYING:
        return Wish("log what is wrong", "p")
    if backout.phase is Phase.DECIDING:
        if (deployed := _deployed(backout)) is not None:
            return deployed
        whom = authority.call_words(authority.standing(backout), now)
        return Wish("decide whether to back out" + (f": {whom}" if whom else ""), "D")
    return None


def _deployed(backout: Backout) -> Wish | None:
    """While the window counts from a moment that nobody was asked for, and while there is time to ask."""
    if not backout.live or backout.deployment_asked or not forecast.needs_deployment(backout):
        return None
    return Wish("say when the release was deployed: the window counts from it", "e")


def _otherwise(backout: Backout, now: datetime) -> Wish | None:
    """After a decision not to back out: assigns the problems and tells people. The verdict comes after that."""
    decision = backout.decision
    if decision is None or backout.backs_out or backout.verdict is not None:
        return None
    open_ones = [one for one in backout.problems if one.status is not ProblemStatus.RESOLVED]
    unassigned = next((one for one in open_ones if not one.assignee), None)
    if decision.kind is DecisionKind.FIX_FORWARD and unassigned is not None:
        return Wish(f"assign {unassigned.id} to who fixes it: {unassigned.title}", "c", ("problem", unassigned.id))
    if (telling := _tell(backout, now)) is not None:
        return telling
    if not _told_since(backout, decision.at):
        what = "it is fixed forward" if decision.kind is DecisionKind.FIX_FORWARD else "we stand down"
        return Wish(f"tell people that {what}, and nothing is backed out: write a message", "m")
    return None


def _told_since(backout: Backout, moment: datetime) -> bool:
    """Whether somebody was written to or called at or after `moment`."""
    left = any(one.last_at is not None and one.last_at >= moment for one in backout.messages.values())
    return left or any(call.at >= moment for call in backout.calls)


def _step(backout: Backout, now: datetime) -> Wish | None:
    if backout.phase is not Phase.BACKING_OUT:
        return None
    running = backout.leaves_in(StepStatus.RUNNING)
    if running and to_begin(backout) is None:
        return _deployed(backout) or _wait_for(running[0], now)
    step = next_step(backout)
    if step is None:
        return Wish("add the steps as you do them", "a")
    beside = f" · step {running[0].number} runs" if running else ""
    if step.kind is StepKind.COMMAND and not step.option and unreadable(backout, step) is not None:
        on = ("step", step.number)
        return Wish(f"step {step.number} cannot be run as it is written: r tells why, c changes it", "c", on)
    key = "r" if step.kind is StepKind.COMMAND else "d"
    return Wish(f"{_words_for(backout, step)}{beside}", key, ("step", step.number))


def _wait_for(step: StepState, now: datetime) -> Wish:
    of = f" of ~{span_words(step.estimate.typical_s)}" if step.estimate else ""
    words = f"wait for step {step.number} ({span_words(forecast.elapsed_s(step, now))}{of})"
    return Wish(words, "", ("step", step.number))


def _words_for(backout: Backout, step: StepState) -> str:
    """What to do about the step: a choice or a condition comes first."""
    if step.option and not backout.chosen_option:
        return "choose an option"
    if (asked := open_condition(backout, step)) is not None:
        return f"{asked.of} only if {asked.text}: does it hold?"
    estimate = f" (~{about(step.estimate.typical_s)})" if step.estimate else ""
    by_command = "run" if way_of(backout, step).runs else "show"
    return f"{by_command if step.kind == 'command' else 'do'} step {step.number}, {step.title}{estimate}"


def _check(backout: Backout, _now: datetime) -> Wish | None:
    running = next((check for check in backout.checks.values() if check.running), None)
    if running is not None:
        return Wish(f"wait for check {running.id}", "", ("check", running.id))
    if not backout.backs_out:
        return None  # the plan's checks say whether a backout worked
    for check in due_checks(backout):
        if check.kind is CheckKind.COMMAND:
            again = " again" if check.verdict else ""
            return Wish(f"run check {check.id}{again}: {check.title}", "v", ("check", check.id))
        return Wish(f"look at check {check.id}: {check.title}", "Enter", ("check", check.id))
    return None


def _sending(backout: Backout) -> Wish | None:
    message = next((message for message in backout.messages.values() if message.sending), None)
    return Wish(f"wait: “{message.title}” is being sent", "", ("message", message.id)) if message else None


def _tell(backout: Backout, _now: datetime) -> Wish | None:
    if (sending := _sending(backout)) is not None:
        return sending
    for message in due_messages(backout):
        if needs_a_call(backout, message):
            names = ", ".join(untold(backout, message))
            return Wish(f"call {names}: “{message.title}”", "k", ("message", message.id))
        return Wish(f"tell people: “{message.title}”", "m", ("message", message.id))
    return None


def _verdict(backout: Backout, _now: datetime) -> Wish | None:
    if backout.verdict is not None or backout.phase not in (Phase.VERIFYING, Phase.VERDICT):
        return None
    if backout.decision is None or backout.backs_out:
        return Wish("say whether it worked", "X")
    open_ones = ", ".join(one.id for one in backout.problems if one.status is not ProblemStatus.RESOLVED)
    if backout.decision.kind is DecisionKind.FIX_FORWARD and open_ones:
        return Wish(f"once {open_ones} {'is' if ',' not in open_ones else 'are'} fixed, close as fixed-forward", "X")
    usual = "stood-down" if backout.decision.kind is DecisionKind.STAND_DOWN else "fixed-forward"
    return Wish(f"say how it ended: {usual}", "X")


_BY_PRIORITY: tuple[Wishing, ...] = (
    _failed, _follow_up, _decide, _otherwise, _step, _check, _tell, _verdict,
)  # fmt: skip

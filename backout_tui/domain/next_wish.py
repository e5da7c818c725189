"""The Next line: the one most useful thing to do now, and its key. contract.md section 12 has the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from backout_tui.domain import authority, clock, contingency
from backout_tui.domain.backout import Backout, Phase
from backout_tui.domain.clock import NOT_SILENT, Silent
from backout_tui.domain.conditions import open_condition
from backout_tui.domain.doubt import check_in_doubt
from backout_tui.domain.items import CheckState, MessageState, StepState, StepStatus
from backout_tui.domain.order import to_begin
from backout_tui.domain.outstanding import needs_a_call, speaks_of_steps, untold
from backout_tui.domain.rehearsing import way_of
from backout_tui.domain.spans import estimate_words, span_words
from backout_tui.domain.ways import is_folded


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do next, in words; `key` does it ("" when there is only waiting); `on` is where the cursor belongs.

    `on` is ("problem" | "step" | "check" | "message", id) or None.
    """

    words: str
    key: str = ""
    on: tuple[str, str] | None = None
    urgent: bool = False


Wishing = Callable[[Backout, datetime], Wish | None]


def next_wish(backout: Backout, now: datetime, silent: Silent = NOT_SILENT) -> Wish:
    """The first wish by priority; when there is none, the backout is done."""
    if backout.phase is Phase.CLOSED:
        return Wish("closed. The log is complete (l).", "l")
    return (
        _first(_BEFORE_SILENCE, backout, now)
        or _silent(backout, now, silent)
        or _first(_BY_PRIORITY, backout, now)
        or Wish("close the backout", "X")
    )


def _first(wishes: Iterable[Wishing], backout: Backout, now: datetime) -> Wish | None:
    return next((found for wish in wishes if (found := wish(backout, now)) is not None), None)


def next_step(backout: Backout) -> StepState | None:
    """The first step that may be begun now, else the first that is open; none of an option that was not chosen."""
    open_steps = backout.leaves_in(StepStatus.PENDING)
    eligible = (step for step in open_steps if not is_folded(backout, step))
    return to_begin(backout) or next(eligible, None) or next(iter(open_steps), None)


def due_checks(backout: Backout) -> Iterator[CheckState]:
    """The checks that can be made now: the step they come after is settled, and they have not passed.

    An optional one is due until it was looked at: whatever was seen then, nothing waits for it.
    """
    all_settled = 0 < len(backout.leaves) == backout.settled
    for check in backout.checks.values():
        if check.verdict == "pass" or check.running or (check.verdict and not check.required):
            continue
        after = backout.steps.get((check.fact("after") or "").strip())
        if check.when == "before" or (after.settled if after is not None else all_settled):
            yield check


def due_messages(backout: Backout) -> Iterator[MessageState]:
    """The messages whose moment has come and that have not gone to everybody."""
    for message in backout.messages.values():
        is_open = message.state in ("draft", "failed", "partly") and untold(backout, message)
        if is_open and _moment_has_come(backout, message):
            yield message


def _moment_has_come(backout: Backout, message: MessageState) -> bool:
    if not backout.backs_out and speaks_of_steps(message):
        return False  # it says that we back out, and we do not
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
        if message.state == "in_doubt":
            words = f"“{message.title}” is in doubt: did it arrive?"
            return Wish(words, "Enter", ("message", message.id), urgent=True)
    return None


def _late(backout: Backout, now: datetime) -> Wish | None:
    for step in backout.leaves_in(StepStatus.RUNNING):
        if clock.is_late(step, now):
            words = f"step {step.number} runs past its estimate ({span_words(clock.elapsed_s(step, now))}): look at it"
            return Wish(words, "Enter", ("step", step.number), urgent=True)
    return None


def _silent(backout: Backout, now: datetime, silent: Silent) -> Wish | None:
    for step in backout.leaves_in(StepStatus.RUNNING):
        if (since := silent.get(step.number)) is not None:
            words = f"step {step.number} is silent for {span_words((now - since).total_seconds())}: look at it"
            return Wish(words, "Enter", ("step", step.number), urgent=True)
    return None


def _failed(backout: Backout, _now: datetime) -> Wish | None:
    step = contingency.failed_step(backout)
    if step is None:
        return None
    on, otherwise = ("step", step.number), step.fact("if it fails")
    if otherwise is None and contingency.beyond_return(backout) is not None:
        words = f"step {step.number} failed, and there is no way back: bring people in (Ctrl+P, if it fails)"
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
        whom = authority.call_words(authority.standing(backout), now)
        return Wish("decide whether to back out" + (f": {whom}" if whom else ""), "D")
    return None


def _otherwise(backout: Backout, now: datetime) -> Wish | None:
    """After a decision not to back out: whose the problems are, and who is told. The verdict comes after that."""
    decision = backout.decision
    if decision is None or backout.backs_out or backout.verdict is not None:
        return None
    open_ones = [one for one in backout.problems if one.status != "resolved"]
    unassigned = next((one for one in open_ones if not one.assignee), None)
    if decision.kind == "fix-forward" and unassigned is not None:
        return Wish(f"assign {unassigned.id} to who fixes it: {unassigned.title}", "c", ("problem", unassigned.id))
    if (telling := _tell(backout, now)) is not None:
        return telling
    if not _told_since(backout, decision.at):
        what = "it is fixed forward" if decision.kind == "fix-forward" else "we stand down"
        return Wish(f"tell people that {what}, and nothing is backed out: write a message", "m")
    return None


def _told_since(backout: Backout, moment: datetime) -> bool:
    """Whether somebody was written to or called after `moment`."""
    left = any(one.last_at is not None and one.last_at >= moment for one in backout.messages.values())
    return left or any(call.at >= moment for call in backout.calls)


def _step(backout: Backout, now: datetime) -> Wish | None:
    if backout.phase is not Phase.BACKING_OUT:
        return None
    running = backout.leaves_in(StepStatus.RUNNING)
    if running and to_begin(backout) is None:
        return _wait_for(running[0], now)
    step = next_step(backout)
    if step is None:
        return Wish("add the steps as you do them", "a")
    beside = f" · step {running[0].number} runs" if running else ""
    key = "r" if step.kind == "command" else "d"
    return Wish(f"{_words_for(backout, step)}{beside}", key, ("step", step.number))


def _wait_for(step: StepState, now: datetime) -> Wish:
    of = f" of ~{span_words(step.estimate.typical_s)}" if step.estimate else ""
    words = f"wait for step {step.number} ({span_words(clock.elapsed_s(step, now))}{of})"
    return Wish(words, "", ("step", step.number))


def _words_for(backout: Backout, step: StepState) -> str:
    """What there is to do of the step: a choice or a condition comes first."""
    if step.option and not backout.chosen_option:
        return "choose an option"
    if (asked := open_condition(backout, step)) is not None:
        return f"{asked.of} only if {asked.text}: does it hold?"
    estimate = f" (~{estimate_words(step.estimate.typical_s)})" if step.estimate else ""
    by_command = "run" if way_of(backout, step).runs else "show"
    return f"{by_command if step.kind == 'command' else 'do'} step {step.number}, {step.title}{estimate}"


def _check(backout: Backout, _now: datetime) -> Wish | None:
    running = next((check for check in backout.checks.values() if check.running), None)
    if running is not None:
        return Wish(f"wait for check {running.id}", "", ("check", running.id))
    if not backout.backs_out:
        return None  # the plan's checks say whether a backout worked
    for check in due_checks(backout):
        if check.kind == "command":
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
    open_ones = ", ".join(one.id for one in backout.problems if one.status != "resolved")
    if backout.decision.kind == "fix-forward" and open_ones:
        return Wish(f"once {open_ones} {'is' if ',' not in open_ones else 'are'} fixed, say so: fixed-forward", "X")
    usual = "stood-down" if backout.decision.kind == "stand-down" else "fixed-forward"
    return Wish(f"say how it ended: {usual}", "X")


_BEFORE_SILENCE: tuple[Wishing, ...] = (_doubt, _late)
_BY_PRIORITY: tuple[Wishing, ...] = (
    _failed, _follow_up, _decide, _otherwise, _step, _check, _tell, _verdict,
)  # fmt: skip

"""The whole story of an item, line by line, shown when it is opened. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from backout_tui.domain.backout.conditions import Condition, conditions_of
from backout_tui.domain.backout.items import Attempt, CheckState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import ATTEMPT, StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.moments import hour
from backout_tui.domain.rules.afterwards import older_words, ran_since_passed
from backout_tui.domain.rules.doubt import probe_words
from backout_tui.domain.spans import about, span_words
from backout_tui.ui.night.panes import looks
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.text_view import Line

Story = tuple[str, list[Line]]
"""A title and the lines below it."""

_FACTS = ("owner", "on", "as", "waits for", "until", "capture", "loses", "affects", "if it fails")


def story_of(backout: Backout, item: Item, at: datetime, silent: Silent = NOT_SILENT) -> Story:
    """The title and the story of `item`; an item that no longer exists has only a title."""
    kind, name = item
    found = _STORIES[kind](backout, name, at)
    if found is not None and kind == "step":
        found[1][2:2] = _marks(backout.steps[name], at, silent)
    return found if found is not None else (name, [Line("This is not there any more.", "dim")])


def _problem(backout: Backout, name: str, at: datetime) -> Story | None:
    problem = backout.problem(name)
    if problem is None:
        return None
    lines = [
        Line(problem.title, "strong"),
        Line(""),
        _pair("severity", problem.severity),
        _pair("kind", problem.kind.words),
        _pair("seen", f"{problem.seen} the deployment"),
        _pair("assigned", problem.assignee or "nobody yet", "" if problem.assignee else "warning"),
        _pair("status", problem.status),
        _pair("logged", f"{_hour(problem.logged_at, at)} by {problem.by}"),
    ]
    lines += [Line(""), *_text(problem.detail)] if problem.detail else []
    lines += [_pair("resolved", problem.note)] if problem.note else []
    lines += [Line(""), Line("The output attached:", "heading")] if problem.output else []
    return f"{problem.id}", lines


def _step(backout: Backout, name: str, at: datetime) -> Story | None:
    step = backout.steps.get(name)
    if step is None:
        return None
    lines = [
        Line(step.title, "strong"),
        _pair("state", _ran(backout, step) or _state(step, at), looks.STEP[step.state].told),
    ]
    lines += [_pair("estimate", _estimate(step))] if step.estimate is not None else []
    lines += [_pair(key, value) for key in _FACTS if (value := step.fact(key))]
    lines += [_condition(one) for one in conditions_of(backout, step)]
    lines += [_pair(word, "yes") for word in ("required", "optional", "safe to repeat") if step.says(word)]
    if (why := step.no_way_back) is not None:
        lines.append(_pair("no way back", why or "after this step", "warning"))
    lines += [_pair("origin", f"{step.origin} in this backout")] if step.origin != "plan" else []
    lines += [Line(""), *_text(step.instruction)] if step.instruction else []
    lines += [Line(""), *_command(step.command, step.expects)] if step.command else []
    lines += list(_attempts(step.attempts, at))
    lines += list(_probes(step, at))
    return f"Step {step.number}", lines


def _marks(step: StepState, at: datetime, silent: Silent) -> Iterator[Line]:
    """What is unusual about a running step: it takes longer than its bad case, or prints nothing."""
    if forecast.is_late(step, at) and step.estimate is not None:
        past = span_words(forecast.elapsed_s(step, at) - step.estimate.bad_s)
        yield _pair("late", f"{past} past its bad case; it is not stopped by itself", "warning")
    since = silent.get(step.number)
    if since is not None and step.state is StepStatus.RUNNING:
        quiet = span_words((at - since).total_seconds())
        yield _pair("silent", f"nothing printed for {quiet}, since {_hour(since, at)}", "warning")


def _condition(one: Condition) -> Line:
    whose = "" if one.step else f" ({one.of})"
    return _pair("only if", f"{one.text}{whose}: {one.answer or 'not answered yet'}", "" if one.answer else "warning")


def _probes(step: StepState, at: datetime) -> Iterator[Line]:
    if step.probe:
        yield Line(f"Probe: {step.probe}", "heading")
    for one in step.probes:
        yield Line(f"  {_hour(one.started_at, at)} {probe_words(one)}", _probe_tone(one))
        yield from (Line(f"    {line}") for line in one.last.split("\n") if one.last)


def _probe_tone(one: Attempt) -> str:
    """The tone of a probe; one that has not ended is a warning, because nobody should rely on it yet."""
    return looks.ATTEMPT[one.state].told if ATTEMPT[one.state].ended else "warning"


def _ran(backout: Backout, step: StepState) -> str:
    """Say that a copy knows nothing more of a step that was running; "" otherwise."""
    return "running when this copy was made" if backout.copied and step.state is StepStatus.RUNNING else ""


def _state(step: StepState, at: datetime) -> str:
    words = step.state.words
    by = f" by {step.by}" if step.by else ""
    when = f" at {_hour(step.ended_at, at)}" if step.ended_at is not None else ""
    why = f": {step.reason}" if step.reason else ""
    return f"{words}{by if step.state is not StepStatus.PENDING else ''}{when}{why}"


def _estimate(step: StepState) -> str:
    assert step.estimate is not None
    typical, bad = step.estimate.typical_s, step.estimate.bad_s
    return about(typical) + (f", {about(bad)} at worst" if bad != typical else "")


def _check(backout: Backout, name: str, at: datetime) -> Story | None:
    check = backout.checks.get(name)
    if check is None:
        return None
    running = "running when this copy was made" if backout.copied else "running"
    verdict = running if check.running else check.verdict or "not made yet"
    lines = [
        Line(check.title, "strong"),
        _pair("verdict", verdict, "" if check.running else looks.CHECK[check.verdict].told),
    ]
    if older := older_words(ran_since_passed(backout, check)):
        lines += [_pair("but", f"it is {older}: look again (v)", "warning")]
    lines += [_pair("kind", f"{check.kind}, {'required' if check.required else 'optional'}")]
    lines += [_pair(key, value) for key in ("after", "watch", "baseline") if (value := check.fact(key))]
    lines += [Line(""), *_text(check.instruction)] if check.instruction else []
    lines += [Line(""), *_command(check.command, check.expects)] if check.command else []
    return f"Check {check.id}", [*lines, *_observations(check, at)]


def _observations(check: CheckState, at: datetime) -> Iterator[Line]:
    if check.observations:
        yield Line("")
        yield Line("Seen so far:", "heading")
    for seen in check.observations:
        note = f": {seen.note}" if seen.note else ""
        yield Line(f"  {_hour(seen.at, at)} {seen.verdict}{note} ({seen.by})", looks.CHECK[seen.verdict].told)


def _message(backout: Backout, name: str, at: datetime) -> Story | None:
    message = backout.messages.get(name)
    if message is None:
        return None
    left = " when this copy was made" if backout.copied and message.sending else ""
    lines = [
        Line(message.title, "strong"),
        _pair("state", f"{message.state.words}{left}", looks.MESSAGE[message.state].told),
        _pair("to", ", ".join(message.to)),
        _pair("by", message.by),
    ]
    lines += [_pair("when", message.when)] if message.when else []
    lines += [_pair("last sent", _hour(message.last_at, at))] if message.last_at is not None else []
    for one in message.recipients:
        detail = f": {one.detail}" if one.detail else ""
        words = f"  {one.name} <{one.address}> {one.state.words}{detail}"
        lines.append(Line(words, looks.RECIPIENT[one.state].told))
    subject = [Line(f"Subject: {message.sent_subject}", "strong")] if message.sent_subject else []
    notes = next((one.notes for one in backout.plan.messages if one.title == message.title), "")
    lines += [Line(""), *_text(notes)] if notes.strip() else []
    heading = "As it left:" if message.sent_text else "The text, before it is filled in (m previews it):"
    lines += [Line(""), Line(heading, "heading"), *subject, *_text(message.sent_text or message.text)]
    return f"Message {message.id}", lines


def _call(backout: Backout, name: str, at: datetime) -> Story | None:
    call = next((one for one in backout.calls if one.id == name), None)
    if call is None:
        return None
    again = _hour(call.follow_up, at) if call.follow_up is not None else ""
    lines = [
        Line(call.name, "strong"),
        _pair("result", call.result),
        _pair("logged", f"{_hour(call.at, at)} by {call.by}"),
    ]
    lines += [_pair("call again", again, "warning")] if again else []
    lines += [Line(""), *_text(call.note)] if call.note else []
    return f"Call {call.id}", lines


def _attempts(attempts: tuple[Attempt, ...], at: datetime) -> Iterator[Line]:
    for one in attempts:
        took = f" after {span_words(one.duration_ms / 1000)}" if one.duration_ms is not None else ""
        met = {True: ", expectation met", False: ", expectation NOT met", None: ""}[one.expect_met]
        asked = f", stop asked by {one.stop_asked_by}" if one.stop_asked_by else ""
        why = f": {one.why}" if one.why and one.exit_code is None else ""
        tries = f", {one.tries} {'try' if one.tries == 1 else 'tries'}" if one.tries else ""
        words = f"Run {one.number} at {_hour(one.started_at, at)} on {one.host}: {one.state.words}"
        yield Line(f"{words}{took}{tries}{one.exit_told}{met}{asked}{why}", looks.ATTEMPT[one.state].told)
        if one.declared is not None and not one.is_awaited:
            said = f"declared in doubt at {_hour(one.declared.at, at)} by {one.declared.by}: {one.declared.reason}"
            yield Line(f"  {said}; its own outcome came after that", "warning")
        if one.captured:
            yield Line("  {} = {}".format(*one.captured), "strong")


def _command(command: str, expects: tuple[str, ...]) -> Iterator[Line]:
    for index, line in enumerate(command.split("\n")):
        yield Line(f"{'$' if index == 0 else ' '} {line}", "strong")
    for expected in expects:
        yield Line(f"  expects {expected}", "dim")


def _pair(name: str, value: str, tone: str = "") -> Line:
    return Line(f"{name + ':':<12} {value}", tone)


def _text(text: str) -> list[Line]:
    return [Line(line) for line in text.strip("\n").split("\n")]


def _hour(moment: datetime | None, at: datetime) -> str:
    return hour(moment, at) if moment is not None else "?"


_STORIES: Mapping[str, Callable[[Backout, str, datetime], Story | None]] = {
    "problem": _problem,
    "step": _step,
    "check": _check,
    "message": _message,
    "call": _call,
}

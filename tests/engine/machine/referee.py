"""The referee: reads the log as it is written, knows the rules of the contract, and nothing of the gates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backout_tui.domain.backout.events import Event
from tests.engine.machine import plan

OPEN, SETTLED = ("pending", "failed"), ("done", "skipped", "worked_around", "not_needed")


@dataclass
class Referee:
    """What it has seen so far. `see` raises AssertionError for an event that must not have been."""

    states: dict[str, str] = field(default_factory=lambda: dict.fromkeys(plan.STEPS, "pending"))
    commands: set[str] = field(default_factory=lambda: set(plan.COMMANDS))
    filled: set[str] = field(default_factory=set)
    problems: int = 0
    decision: str = ""
    option: str = ""
    condition: str = ""
    closed: bool = False
    verdict: str = ""
    checks: dict[str, str] = field(default_factory=lambda: dict.fromkeys("AB", ""))
    lease: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    glass: str = ""
    options: dict[str, str] = field(default_factory=lambda: dict(plan.OPTION))
    order: list[str] = field(default_factory=lambda: list(plan.STEPS))

    def see(self, event: Event) -> None:
        """Judge one event, and remember what it says."""
        if event.kind in ("StepFinished", "StepNotStarted", "StepInDoubt", "CheckFinished", "CheckNotStarted"):
            self._outcome(event)
            return
        assert not self.closed or event.kind in ("BackoutReopened", "ControlsTaken"), f"{event.kind} after the close"
        if event.kind == "ControlsTaken":
            assert event.lease == self.lease + 1, "a lease's number was skipped or used again"
            self._taken_from_who_did_not_answer(event)
            self.lease = event.lease
        assert event.lease == self.lease or event.kind == "BackoutOpened", f"{event.kind} under an old lease"
        judge: Callable[[Event, Mapping[str, Any]], None] | None = getattr(self, _method(event.kind), None)
        if judge is not None:
            judge(event, event.data)
        self.glass = str(event.data["what"]) if event.kind == "GlassBroken" else self.glass
        if event.kind not in ("GlassBroken", "MessageWritten"):
            self.glass = ""  # it was broken for the one thing that came next

    def _controls_asked(self, event: Event, _: Mapping[str, Any]) -> None:
        self.asked.setdefault(event.actor.name, event.mono_ns)

    def _controls_kept(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.asked.pop(data["to"], None) is not None, "an answer to nobody"

    def _taken_from_who_did_not_answer(self, event: Event) -> None:
        """Whoever lives was asked, by whomever, and has not answered for a minute."""
        waited = [event.mono_ns - since for since in self.asked.values()]
        if event.data.get("holder_lived") is True:
            assert max(waited, default=0) >= 60 * 1_000_000_000, "taken from somebody who may still answer"
            assert event.data["reason"].strip(), "taken without a word"
        self.asked.clear()

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _may_begin(self, event: Event) -> None:
        number = event.data["step"]
        assert self.states[number] in OPEN, f"step {number} is {self.states[number]}"
        decided = self.decision == "back-out" or number in plan.BEFORE_THE_DECISION or f"step {number}" in self.glass
        assert decided, f"step {number} before the decision"
        wanted = self.options.get(number)
        assert wanted is None or wanted == self.option, f"step {number} of an option that was not chosen"

    def _in_order(self, event: Event, number: str) -> None:
        """What it waits for is settled, or a reason says why not; and never is it running or in doubt."""
        for before in self._before(number):
            assert self.states[before] not in ("running", "in_doubt"), f"{number} was begun, and {before} is not over"
            assert self.states[before] in SETTLED or event.data.get("out_of_order"), f"{number} out of order, no reason"

    def _before(self, number: str) -> list[str]:
        if number in plan.WAITS_FOR:
            return list(plan.WAITS_FOR[number])
        own = self.options.get(number, "")
        taken = own or self.option or plan.OPTION["A1"]
        earlier = self.order[: self.order.index(number)]
        return [one for one in earlier if self.options.get(one, "") in ("", taken)]

    def _step_started(self, event: Event, data: Mapping[str, Any]) -> None:
        self._may_begin(event)
        self._in_order(event, data["step"])
        assert data["step"] != "4" or self.condition == "yes", "its condition was not asked"
        assert data["step"] in self.commands, "a manual step cannot be run"
        needed = plan.EMPTY.get(data["step"])
        assert needed is None or needed in self.filled or "$" not in data["command"], "a variable without a value"
        self.states[data["step"]] = "running"

    def _step_done(self, event: Event, data: Mapping[str, Any]) -> None:
        self._may_begin(event)
        self._in_order(event, data["step"])
        against = data["step"] in self.commands or self.states[data["step"]] == "failed"
        assert not against or data["note"].strip(), "done against the program, and not a word"
        assert not against or data.get("against_program")
        self.states[data["step"]] = "done"

    def _step_failed(self, event: Event, data: Mapping[str, Any]) -> None:
        assert self.states[data["step"]] == "pending"
        self._may_begin(event)
        self.states[data["step"]] = "failed"

    def _left_out(self, event: Event, state: str) -> None:
        number = event.data["step"]
        assert self.states[number] in OPEN
        assert event.data["reason"].strip()
        allowed = event.actor.name in plan.AUTHORISERS or f"required step {number}" in self.glass
        assert number not in plan.REQUIRED or allowed, f"{event.actor.name} left out required step {number}"
        self.states[number] = state

    def _step_skipped(self, event: Event, _: Mapping[str, Any]) -> None:
        self._left_out(event, "skipped")

    def _step_worked_around(self, event: Event, _: Mapping[str, Any]) -> None:
        self._left_out(event, "worked_around")

    def _step_not_needed(self, event: Event, _: Mapping[str, Any]) -> None:
        assert self.states[event.data["step"]] == "pending"
        self._left_out(event, "not_needed")

    def _step_reopened(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.states[data["step"]] in ("skipped", "not_needed")
        self.condition = "" if data["step"] == "4" else self.condition
        self.states[data["step"]] = "pending"

    def _step_resolved(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.states[data["step"]] == "in_doubt"
        self.states[data["step"]] = {"not-started": "pending"}.get(data["as"], data["as"])

    def _step_changed(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.states[data["step"]] in OPEN
        if data.get("command"):
            self.commands.add(data["step"])

    def _step_added(self, _: Event, data: Mapping[str, Any]) -> None:
        assert data["step"] not in self.states, "a number was given twice"
        self.states[data["step"]] = "pending"
        if data["command"]:
            self.commands.add(data["step"])
        if data["after"] in self.options:
            self.options[data["step"]] = self.options[data["after"]]
        self._place(data["step"], data["after"])

    def _step_moved(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.states[data["step"]] in OPEN
        self.order.remove(data["step"])
        self._place(data["step"], data["after"])

    def _place(self, number: str, after: str) -> None:
        self.order.insert(self.order.index(after) + 1 if after else len(self.order), number)

    def _option_chosen(self, _: Event, data: Mapping[str, Any]) -> None:
        self.option = data["option"]
        for number, option in self.options.items():
            other = option != self.option
            assert not other or self.states.get(number, "pending") in ("pending", "skipped", "not_needed")
            if number in self.states and self.states[number] in ("pending", "not_needed"):
                self.states[number] = "not_needed" if other else "pending"

    def _condition_answered(self, _: Event, data: Mapping[str, Any]) -> None:
        assert data["step"] == "4"
        assert self.states["4"] == "pending"
        self.condition = data["answer"]
        if data["answer"] == "no":
            self.states["4"] = "not_needed"

    def _outcome(self, event: Event) -> None:
        if "step" not in event.data:
            self.checks[event.data["check"]] = _verdict(event) or self.checks[event.data["check"]]
            return
        assert self.states[event.data["step"]] == "running", "an outcome of what does not run"
        ended = {"StepNotStarted": "pending", "StepInDoubt": "in_doubt"}
        self.states[event.data["step"]] = ended.get(event.kind) or event.data["result"]

    # ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _problem_logged(self, _: Event, data: Mapping[str, Any]) -> None:
        self.problems += 1
        assert data["problem"] == f"P{self.problems}"

    def _decided(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.problems or self.glass.startswith("decide"), "a decision about nothing"
        assert data["reason"].strip()
        assert data["by"].strip()
        assert data["named_authoriser"] == (data["by"] in plan.AUTHORISERS)
        self.decision = data["kind"]

    def _variable_set(self, _: Event, data: Mapping[str, Any]) -> None:
        if data["value"]:
            self.filled.add(data["name"])
        else:
            self.filled.discard(data["name"])

    def _check_recorded(self, _: Event, data: Mapping[str, Any]) -> None:
        self.checks[data["check"]] = data["verdict"]

    def _verdict_given(self, _: Event, data: Mapping[str, Any]) -> None:
        if data["outcome"] == "backed-out":
            assert not {"running", "in_doubt"} & set(self.states.values()), "backed out, and something is open"
            proved = all(verdict == "pass" for verdict in self.checks.values())
            assert proved or data["reason"].strip(), "backed out, and nothing proves it"
        self.verdict = data["outcome"]

    def _backout_closed(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.verdict
        assert "running" not in self.states.values()
        left = [state for state in self.states.values() if state not in SETTLED]
        backs_out = data["outcome"] not in ("fixed-forward", "stood-down")
        assert not (left and backs_out) or data["reason"].strip(), "left open without a word"
        self.closed = True

    def _backout_reopened(self, _: Event, data: Mapping[str, Any]) -> None:
        assert self.closed
        assert data["reason"].strip()
        self.closed, self.verdict = False, ""


def _method(kind: str) -> str:
    """`_step_started` for StepStarted."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in kind)


def _verdict(event: Event) -> str:
    if event.kind != "CheckFinished":
        return ""
    return "pass" if event.data["result"] == "done" else "fail"


def judged(events: Sequence[Event]) -> Referee:
    """A referee who has seen the whole log."""
    referee = Referee()
    for event in events:
        referee.see(event)
    return referee

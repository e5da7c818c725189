"""Two people do anything at all with the verbs, on one real database, while commands end as they like."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backout_tui.engine.attempts import beginning
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import (
    call_verbs,
    check_verbs,
    control_verbs,
    decision_verbs,
    message_verbs,
    note_verbs,
    problem_verbs,
    run_verbs,
    step_verbs,
)
from backout_tui.engine.verbs.table.check_table import VERDICTS
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from backout_tui.store.state.state_findings import state_findings
from tests.anew import made_anew
from tests.campaigns.counts import examples, is_full
from tests.engine.bench import plant
from tests.engine.desks import Room, SetClock, attempts_on_disk
from tests.engine.machine import plan
from tests.engine.machine.referee import Referee
from tests.engine.machine.replayer import Replayer, digest, replayed

LOG = "backout:1"
who = st.sampled_from(("sam", "sam", "sam", "release manager"))
numbers = st.sampled_from((*plan.STEPS, "3", "1a", "99"))
reasons = st.sampled_from(("it burns", "already drained by hand", "nobody needs it now", "", "  "))
glass = st.booleans()


class Night(RuleBasedStateMachine):
    """Everything that an operator can do, wanted in any order, allowed or not."""

    replayer: ClassVar[Replayer]
    begun: ClassVar[Path]
    """A database in which the backout was opened, and its first problem logged."""
    handed_over: ClassVar[dict[str, tuple[AttemptFolder, int]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock()
        self.room = Room(Path(tempfile.mkdtemp(prefix="night-")), self.clock)
        self.referee, self.seen = Referee(), 0
        self.people: dict[str, Operator] = {}

    @initialize(decided=st.booleans(), begun=st.booleans())
    def open(self, decided: bool, begun: bool) -> None:
        """A backout of the plan, and two people before it, somewhere in the night."""
        made_anew(self.begun, self.room.database)
        self.people = {name: Operator.open(self.room.desk(name), 1) for name in ("sam", "release manager")}
        self.reader = Reader.open(self.room.database)
        first = self.people["sam"]
        if decided:
            decision_verbs.decide(first, by="release manager", reason="errors above two percent")
        if begun:
            step_verbs.done(first, "1")

    def teardown(self) -> None:
        assert verify_log(self.room.database, LOG).ok
        for name in list(self.handed_over):
            self._let_go(name)
        for operator in self.people.values():
            operator.close()
        self.reader.close()
        self.room.close()
        shutil.rmtree(self.room.place, ignore_errors=True)

    def want(self, name: str, verb: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Do it, or be refused: and what is refused leaves nothing behind."""
        operator = self.people[name]
        before, there = self._last(), self._folders()
        try:
            verb(operator, *args, **kwargs)
        except (Refused, BackoutError):
            assert self._last() == before, "refused, and yet something was written"
            assert self._folders() <= there, "refused, and yet something was prepared"
        else:
            assert self._last() > before, "said to be done, and nothing was written"

    def _last(self) -> int:
        events = self.reader.events_after(LOG, self.seen)
        return events[-1].seq if events else self.seen

    def _folders(self) -> set[Path]:
        return set(attempts_on_disk(self.people["sam"]))

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(name=who, number=numbers, reason=reasons, broken=glass)
    def run(self, name: str, number: str, reason: str, broken: bool) -> None:
        self.want(name, run_verbs.run, number, reason=reason, break_glass=broken)

    @rule(name=who, number=numbers, note=reasons, reason=reasons, broken=glass)
    def done(self, name: str, number: str, note: str, reason: str, broken: bool) -> None:
        self.want(name, step_verbs.done, number, note, reason, break_glass=broken)

    @rule(name=who, number=numbers, reason=reasons)
    def fail(self, name: str, number: str, reason: str) -> None:
        self.want(name, step_verbs.fail, number, reason)

    @rule(
        name=who,
        number=numbers,
        reason=reasons,
        broken=glass,
        verb=st.sampled_from((step_verbs.skip, step_verbs.work_around, step_verbs.not_needed)),
    )
    def leave_out(self, name: str, number: str, reason: str, broken: bool, verb: Callable[..., object]) -> None:
        self.want(name, verb, number, reason, break_glass=broken)

    @rule(name=who, number=numbers, reason=reasons)
    def reopen(self, name: str, number: str, reason: str) -> None:
        self.want(name, step_verbs.reopen, number, reason)

    @rule(name=who, number=numbers, command=st.sampled_from(("", "true", "echo $TAG", "false")), reason=reasons)
    def change(self, name: str, number: str, command: str, reason: str) -> None:
        self.want(name, step_verbs.change, number, command=command, reason=reason)

    @rule(name=who, after=st.sampled_from(("", *plan.STEPS)), command=st.sampled_from(("", "true")), reason=reasons)
    def add(self, name: str, after: str, command: str, reason: str) -> None:
        self.want(name, step_verbs.add, "One more", after=after, command=command, reason=reason)

    @rule(name=who, number=numbers, after=numbers, reason=reasons)
    def move(self, name: str, number: str, after: str, reason: str) -> None:
        self.want(name, step_verbs.move, number, after, reason)

    @rule(name=who, number=numbers, truth=st.sampled_from(("done", "failed", "not-started")), reason=reasons)
    def resolve(self, name: str, number: str, truth: str, reason: str) -> None:
        self.want(name, step_verbs.resolve, number, truth, reason)

    @rule(name=who, number=st.sampled_from(("4", "2")), said=st.sampled_from(("yes", "no")))
    def answer(self, name: str, number: str, said: str) -> None:
        self.want(name, step_verbs.answer, number, said)

    @rule(name=who, option=st.sampled_from(("A", "B: by hand", "C")), reason=reasons)
    def choose(self, name: str, option: str, reason: str) -> None:
        self.want(name, step_verbs.choose_option, option, reason)

    @rule(name=who, variable=st.sampled_from(("TAG", "TARGET")), value=st.sampled_from(("", "v1")))
    def set_variable(self, name: str, variable: str, value: str) -> None:
        self.want(name, step_verbs.set_variable, variable, value)

    # ── what ends by itself ───────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.handed_over)
    @rule(data=st.data(), how=st.sampled_from(("done", "failed", "died", "never began")), by=who)
    def ends(self, data: st.DataObject, how: str, by: str) -> None:
        """A command ends, or its supervisor dies; whoever looks next settles it."""
        name = data.draw(st.sampled_from(sorted(self.handed_over)))
        folder, _ = self.handed_over[name]
        if how != "never began":
            plant(folder.path / "started.json", {"pid": 1, "host": os.uname().nodename, "boot_id": "b"})
        if how in ("done", "failed"):
            plant(folder.path / "outcome.json", _outcome(how))
        self._let_go(name)
        self.people[by].refresh()

    def _let_go(self, name: str) -> None:
        _, lock = self.handed_over.pop(name)
        os.close(lock)

    # ── the rest of the night ─────────────────────────────────────────────────────────────────────────────────────

    @rule(
        name=who,
        kind=st.sampled_from(("back-out", "back-out", "back-out", "fix-forward", "stand-down", "?")),
        by=st.sampled_from(("release manager", "sam", " ")),
        reason=reasons,
        broken=glass,
    )
    def decide(self, name: str, kind: str, by: str, reason: str, broken: bool) -> None:
        self.want(name, decision_verbs.decide, kind, by=by, reason=reason, break_glass=broken)

    @rule(name=who, letter=st.sampled_from(("A", "B", "Z")), verdict=st.sampled_from(VERDICTS), note=reasons)
    def record_check(self, name: str, letter: str, verdict: str, note: str) -> None:
        self.want(name, check_verbs.record, letter, verdict, note)

    @rule(name=who, letter=st.sampled_from(("A", "B")))
    def run_check(self, name: str, letter: str) -> None:
        self.want(name, check_verbs.run, letter)

    @rule(name=who, text=reasons)
    def talk(self, name: str, text: str) -> None:
        self.want(name, note_verbs.add, text)
        self.want(name, call_verbs.log, "release manager", "voicemail", text)
        self.want(name, message_verbs.write, ("release manager",), "email", text)
        self.want(name, problem_verbs.log, text)

    @rule(name=who, outcome=st.sampled_from(("backed-out", "partly", "fixed-forward", "?")), reason=reasons)
    def say_verdict(self, name: str, outcome: str, reason: str) -> None:
        self.want(name, decision_verbs.verdict, outcome, reason)

    @rule(name=who, outcome=st.sampled_from(("", "backed-out", "failed", "stood-down")), reason=reasons)
    def close(self, name: str, outcome: str, reason: str) -> None:
        self.want(name, decision_verbs.close, outcome=outcome, reason=reason)

    @rule(name=who, reason=reasons)
    def reopen_backout(self, name: str, reason: str) -> None:
        self.want(name, decision_verbs.reopen, reason)

    @rule(name=who)
    def ask_for_the_controls(self, name: str) -> None:
        self.want(name, control_verbs.ask)

    @rule(name=who)
    def keep_the_controls(self, name: str) -> None:
        self.want(name, control_verbs.keep)

    @rule(seconds=st.sampled_from((20, 61)))
    def time_goes_by(self, seconds: int) -> None:
        self.clock.put_on(seconds / 60)

    @rule(name=who, reason=reasons)
    def take_over(self, name: str, reason: str) -> None:
        self.want(name, control_verbs.take_over, reason)

    # ── what always holds ─────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def what_is_stored_is_allowed_and_everybody_sees_it(self) -> None:
        """No sequence lets through what the contract refuses; the live state is the fold, here and elsewhere."""
        new = self.reader.events_after(LOG, self.seen) if self.people else []
        if not new:
            return
        for event in new:
            self.referee.see(event)
            self.seen = event.seq
        stored = replayed(self.room.database, LOG)
        for operator in self.people.values():
            assert operator.refresh() == stored
        assert self.replayer.digest(self.room.database, LOG) == digest(stored)
        assert {number: step.state.value for number, step in stored.steps.items()} == self.referee.states
        assert list(state_findings(self.reader, LOG)) == [], "SQL sees what the log says"


def _outcome(how: str) -> Mapping[str, Any]:
    ended = {"result": how, "why": "" if how == "done" else "exit code 1", "exit_code": 0 if how == "done" else 1}
    return {**ended, "duration_ms": 1200, "expect": [], "bytes": 0, "dropped": 0, "signal": None, "stopped_by": None}


def _begun(room: Room) -> Path:
    first = room.start(plan.TEXT)
    problem_verbs.log(first, "5xx everywhere")
    first.close()
    room.close()
    return room.database


def _hand_over(folder: AttemptFolder, lock: int, *_: object) -> None:
    """Instead of a supervisor: the attempt lives until the machine ends it."""
    Night.handed_over[folder.id] = (folder, lock)


def test_no_sequence_of_verbs_lets_through_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "spawn_supervisor", _hand_over)
    Night.begun = _begun(Room(tmp_path))
    with Replayer() as Night.replayer, contextlib.suppress(StopIteration):
        run_state_machine_as_test(
            Night,
            settings=settings(
                max_examples=examples(300),
                stateful_step_count=40,
                deadline=None,
                derandomize=not is_full(),
                suppress_health_check=list(HealthCheck),
            ),
        )

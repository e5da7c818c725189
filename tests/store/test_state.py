"""The state tables: what the log says, in SQL; written with it, never in its way, and made anew from it."""

from __future__ import annotations

import functools
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.fold import APPLY, apply, backout_of, fold
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.plan import Section
from backout_tui.domain.values import replace
from backout_tui.errors import Refused
from backout_tui.store.file import ddl
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from backout_tui.store.state.state_findings import state_findings, stray_rows
from backout_tui.store.state.true_now import BACKOUT, TABLES, Row, backout_row, changes, rows_of
from tests import night
from tests.campaigns.counts import examples
from tests.hands import by_hand
from tests.sample_plan import PLAN
from tests.scenes import SCENES
from tests.store import workers
from tests.store.shelf import ADA, filled, note, open_backout, open_journal
from tests.story import KIM, Story
from tests.walks import walks

NAMES = (BACKOUT, *(table.name for table in TABLES))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def dumped(path: Path) -> Mapping[str, Sequence[Any]]:
    """All rows of all state tables."""
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in NAMES}


def differences(path: Path, log_id: str = "backout:1") -> list[str]:
    """What `verify` finds wrong with the state tables."""
    with Reader.open(path) as reader:
        return [finding.message for finding in (*state_findings(reader, log_id), *stray_rows(reader))]


def the_rest() -> Story:
    """A night with everything in it that no scene has."""
    story = night.decided()
    tell = story.tell
    tell("ProblemAssigned", 8, problem="P2", assignee="kim")
    tell("ProblemChanged", problem="P1", title="5xx on every call", severity="major")
    tell("VariableSet", name="TARGET", value="blue", reason="")
    tell("ConditionAnswered", step="2", answer="yes")
    tell("StepFailed", step="1", reason="the bot did not answer")
    began = story.start("2", 9)
    tell("StepStopAsked", 10, step="2")
    tell("StepDeclaredInDoubt", step="2", of=began.event_id, attempt=1, reason="its host is gone")
    story.resolve("2", 11, "failed", "looked at it myself")
    began = story.start("2", 12)
    tell("StepNotStarted", 13, step="2", intent=began.event_id, attempt=2, why="it never began")
    tell("StepMoved", step="3", after="4", reason="the other order is safer")
    tell("ReasonCompleted", event=tell("StepSkipped", step="4", reason="drained").seq, reason="the queue was empty")
    tell("StepReopened", step="4", reason="it filled up again")
    ends: dict[str, dict[str, Any]] = {"Finished": {"result": "done", "last": "2"}, "InDoubt": {}, "NotStarted": {}}
    for kind, more in ends.items():
        began = tell("ProbeStarted", step="2", attempt=len(story.backout.steps["2"].probes) + 1)
        tell(f"Probe{kind}", step="2", intent=began.event_id, attempt=1, **more)
    began = tell("ProbeStarted", step="2", attempt=4)
    tell("ProbeDeclaredInDoubt", step="2", of=began.event_id, reason="its host is gone")
    tell("ProbeShown", step="2", attempt=5)
    for number, kind in enumerate(("InDoubt", "NotStarted"), 1):
        began = tell("CheckStarted", check="A", attempt=number)
        if kind == "InDoubt":
            tell("CheckDeclaredInDoubt", check="A", of=began.event_id, reason="its host is gone")
        tell(f"Check{kind}", check="A", intent=began.event_id, attempt=number)
        to = [{"name": "release manager", "address": "rm@example.org"}, {"name": "ledger team"}]
        began = tell("MessageSending", message=f"M{number}", attempt=1, recipients=to, subject="s", text="t")
        if kind == "InDoubt":
            tell("MessageDeclaredInDoubt", message="M1", of=began.event_id, reason="its host is gone")
        tell(f"Message{kind}", message=f"M{number}", intent=began.event_id)
    tell("CheckShown", check="A")
    asked = tell("ControlsAsked", actor=KIM, session="4b1d", why="")
    tell("ControlsKept", asked=asked.seq, to="kim")
    tell("ControlsAsked", actor=KIM, session="4b1d", why="")
    tell("ControlsAgreed", to="kim", session="4b1d")
    tell("ControlsTaken", actor=KIM, session="4b1d")
    tell("SessionDeclaredGone", session="4b1d", reason="its host is gone")
    tell("ControlsHandedOver", to="sam")
    tell("VerdictGiven", outcome="partly", reason="the rest is done in the morning")
    tell("BackoutClosed", outcome="partly", reason="")
    tell("BackoutReopened", reason="it came back")
    tell("DatabaseAdopted", session="77aa", reason="restored", in_doubt=[])
    return story


def before_the_start() -> Story:
    """A plan that says what must hold before the first step, which begins without some of it."""
    story = Story()
    story.open(replace(PLAN, before=Section("Before you start", items=("the VPN is up", "the freeze is on"))))
    story.tell("PrerequisiteAnswered", 1, number=1, answer="yes", text="the VPN is up")
    story.tell("PrerequisitesLeft", 2, left=[2], reason="the bot is down")
    return story


TOLD: Mapping[str, Callable[[], Any]] = {**SCENES, "the rest": the_rest, "before the start": before_the_start}
"""Every night that is told to the tables; each has `events`."""


def append(journal: Journal, known: Backout, draft: Draft, actor: Actor = ADA) -> list[Event]:
    """Append to the log as somebody who knows the backout as it was at some time."""
    return journal.append(
        "backout:1", after=known.seq, decide=lambda _: [draft], actor=actor, folded=functools.partial(fold, known)
    )


def written(path: Path, events: Sequence[Event]) -> Iterator[Event]:
    """Append these events to a new database one at a time, as an operator does, giving each once it is certain."""
    drafts = [Draft(event.kind, event.data, event_id=event.event_id, lease=1) for event in events]
    with open_journal(path) as journal:
        sha256 = events[0].data["plan"]["sha256"]
        log = journal.append_new("backout:", decide=lambda _: (sha256, drafts[:1]), actor=events[0].actor)[1]
        yield events[0]
        backout = backout_of(log, log_id="backout:1")
        for event, draft in zip(events[1:], drafts[1:], strict=True):
            backout = fold(backout, append(journal, backout, draft, event.actor))
            yield event


# ── every row is declared, once in each place ─────────────────────────────────────────────────────────────────────


def whole(backout: Backout) -> dict[str, list[Row]]:
    return {BACKOUT: [backout_row(backout)], **dict(rows_of(backout))}


def test_each_row_has_the_columns_of_its_table() -> None:
    """In a scene that has a row in each."""
    told = {name: set(rows[0]) for scene in SCENES.values() for name, rows in whole(scene().backout).items() if rows}
    assert told == {name: set(ddl.columns(name)) for name in NAMES}


def test_no_text_in_a_row_acts_on_a_terminal() -> None:
    rows = [row for rows in whole(SCENES["hostile"]().backout).values() for row in rows]
    texts = [value for row in rows for value in row.values() if isinstance(value, str)]
    assert any("␛" in text for text in texts)
    assert not [text for text in texts if any(ord(character) < 32 and character not in "\n\t" for character in text)]


# ── what changed is written, and nothing else ─────────────────────────────────────────────────────────────────────


def changed(rows: dict[str, list[Row]], before: Backout, after: Backout) -> dict[str, list[Row]]:
    """The rows of `before` with what is written for `after`."""
    by_place = {name: {row["position"]: row for row in rows[name]} for name in rows if name != BACKOUT}
    for change in changes(before, after):
        for place in change.gone:
            del by_place[change.table][place]
        for row in change.rows:
            assert row["position"] not in by_place[change.table]
            by_place[change.table][row["position"]] = row
    sorted_rows = {name: [held[place] for place in sorted(held)] for name, held in by_place.items()}
    return {BACKOUT: [backout_row(after)], **sorted_rows}


def followed(events: Sequence[Event]) -> None:
    backout = Backout(3)
    rows = whole(backout)
    for event in events:
        after = apply(backout, event)
        rows = changed(rows, backout, after)
        assert rows == whole(after), event.kind
        backout = after


def test_every_kind_of_event_is_told_here() -> None:
    assert {event.kind for told in TOLD.values() for event in told().events} >= set(APPLY)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_written_for_each_event_of_a_night_makes_what_is_true(name: str) -> None:
    followed(TOLD[name]().events)


@pytest.mark.parametrize("name", ["closed", "hostile", "rehearsal", "options", "the rest"])
def test_after_each_event_a_real_database_says_in_sql_what_its_log_says(path: Path, name: str) -> None:
    for event in written(path, TOLD[name]().events):
        assert differences(path) == [], event.kind
    before = dumped(path)
    with open_journal(path) as journal:
        assert journal.rebuild_state() == (1, [])
    assert dumped(path) == before


@given(walks())
@settings(max_examples=examples(few=30), deadline=None)
def test_what_is_written_for_each_event_of_any_night_makes_what_is_true(story: Story) -> None:
    followed(story.events)


def test_of_many_steps_the_one_that_changed_is_written() -> None:
    before = SCENES["deciding"]().backout
    step = before.steps["2"]
    after = replace(before, steps={**before.steps, "2": replace(step, title="another")})
    (change,) = changes(before, after)
    assert (change.table, change.gone, [row["number"] for row in change.rows]) == ("step", [2], ["2"])


# ── in one transaction with the log ───────────────────────────────────────────────────────────────────────────────


def test_what_is_refused_leaves_the_tables_as_they_were(path: Path) -> None:
    log_id = filled(path)
    before = dumped(path)

    def gate(_seen: list[Event]) -> list[Draft]:
        raise Refused("step 4 is running")

    with open_journal(path) as journal, pytest.raises(Refused):
        journal.append(log_id, after=0, decide=gate, actor=ADA)
    assert dumped(path) == before


def test_a_writer_that_is_killed_in_the_middle_leaves_both_or_none(path: Path) -> None:
    """Killed again and again, after whatever it has written by then: the tables stand where the log ends."""
    filled(path)
    context = workers.processes()
    for _ in range(6):
        receive, send = context.Pipe(duplex=False)
        worker = context.Process(target=workers.append_until_killed, args=(path, send))
        worker.start()
        log_id = str(receive.recv()[0])
        for _ in range(4):
            receive.recv()
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(workers.PATIENCE_S)
        assert differences(path, log_id) == []
        with Reader.open(path) as reader:
            head = reader.last_event(log_id)
        assert head is not None
        assert head.head in [row[-1] for row in dumped(path)[BACKOUT]]


def test_a_transaction_that_is_cut_off_between_log_and_tables_leaves_none(path: Path) -> None:
    log_id = filled(path)
    before = dumped(path)
    with open_journal(path) as journal:

        def cut_off(_events: list[Event]) -> Backout:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            journal.append(
                log_id, after=6, decide=lambda _: [Draft("NoteAdded", {"text": "x"})], actor=ADA, folded=cut_off
            )
    with Reader.open(path) as reader:
        assert len(reader.events_after(log_id, 0)) == 6
    assert dumped(path) == before


def test_two_writers_leave_what_both_wrote(path: Path) -> None:
    """Each knows the log as it last saw it, and the tables hold what the other wrote, too."""
    log_id = filled(path)
    with open_journal(path) as mine, open_journal(path) as theirs:
        known = backout_of(mine.append(log_id, after=0, decide=lambda _: [], actor=ADA), log_id=log_id)
        for number, journal in enumerate((mine, theirs, mine, theirs), 1):
            problem = Draft("ProblemLogged", {"problem": f"P{number}", "title": "5xx"})
            append(journal, known, problem)
            assert differences(path) == []
    assert [row[2] for row in dumped(path)["problem"]] == ["P1", "P2", "P3", "P4"]


def test_only_the_rows_that_changed_are_written(path: Path) -> None:
    """A mark that somebody left in another row stays: so it was not written again."""
    events = TOLD["deciding"]().events
    for _ in written(path, events):
        pass
    with by_hand(path) as forger:
        forger.execute("UPDATE step SET title = 'marked' WHERE id = '3'")
    with open_journal(path) as journal:
        known = backout_of(journal.append("backout:1", after=0, decide=lambda _: [], actor=ADA), log_id="backout:1")
        append(journal, known, Draft("StepDone", {"step": "1", "note": ""}))
    (found,) = differences(path)
    assert "title of row 3 is “marked”" in found


# ── never in the way of the log ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "spoilt",
    [
        "DROP TABLE problem",
        "DROP TABLE backout",
        "ALTER TABLE backout DROP COLUMN operator",
        "DROP INDEX backout_state",
    ],
)
def test_an_event_is_recorded_whatever_somebody_did_to_the_tables(path: Path, spoilt: str) -> None:
    log_id = filled(path)
    with by_hand(path) as forger:
        forger.execute(spoilt)
    with open_journal(path) as journal:
        assert note(journal, log_id, "it goes on", after=6)[0].seq == 7
        assert verify_log(path, log_id).ok
        journal.rebuild_state()
    assert differences(path) == []
    with Reader.open(path) as reader:
        assert reader.fingerprint() == ddl.FINGERPRINTS[ddl.SCHEMA_VERSION]


def test_an_outcome_is_recorded_of_a_backout_that_cannot_be_folded(path: Path) -> None:
    """It has no rows then: what they said would not be what the log says."""
    log_id = filled(path)
    with open_journal(path) as journal:
        known = backout_of(journal.append(log_id, after=0, decide=lambda _: [], actor=ADA), log_id=log_id)
        strange = Draft("StepDone", {"step": "77", "note": ""})
        journal.append(log_id, after=6, decide=lambda _: [strange], actor=ADA, known=known)
        assert dumped(path)[BACKOUT] == []
        assert journal.rebuild_state() == (0, [log_id])
    assert differences(path) == []


def test_rows_that_stand_elsewhere_than_the_log_are_all_written_anew(path: Path) -> None:
    for _ in written(path, TOLD["deciding"]().events):
        pass
    with by_hand(path) as forger:
        forger.execute("UPDATE backout SET log_head = '1:ab'")
        forger.execute("DELETE FROM step")
    with open_journal(path) as journal:
        note(journal, "backout:1", "x", after=1)
    assert differences(path) == []


# ── compared, and mended ──────────────────────────────────────────────────────────────────────────────────────────

DONE_BY_HAND = {
    "UPDATE step SET state = 'done' WHERE id = '4'": "the table step differs from backout:1: state of row 4 is",
    "DELETE FROM problem WHERE id = 'P2'": "the table problem differs from backout:1: it has 1 rows, and by the log 2",
    "UPDATE backout SET state = 'closed'": "the table backout differs from backout:1: state of its row is “closed”",
    "UPDATE problem SET assignee = NULL": "assignee of row 1 is nothing, and by the log “payments lead”",
    "DELETE FROM backout": "the table backout differs from backout:1: it has 0 rows, and by the log 1",
    "UPDATE call SET backout_id = 5": "the table call tells of a backout 5, and there is none",
    "DROP TABLE deviation": "the state tables are not as this program makes them",
}


@pytest.mark.parametrize("deed", DONE_BY_HAND)
def test_what_was_changed_by_hand_is_found_and_mended(path: Path, deed: str) -> None:
    for _ in written(path, TOLD["deciding"]().events):
        pass
    before = dumped(path)
    with by_hand(path) as forger:
        forger.execute(deed)
    found = differences(path)
    assert any(DONE_BY_HAND[deed] in one for one in found), found
    assert all("backout-tui rebuild" in one for one in found)
    with Reader.open(path) as reader:
        assert reader.is_unbroken("backout:1"), "the log is as it was"
    with open_journal(path) as journal:
        journal.rebuild_state()
    assert differences(path) == []
    assert dumped(path) == before


def test_rebuilding_many_leaves_each_as_it_was(path: Path) -> None:
    filled(path)
    with open_journal(path) as journal:
        for _ in range(60):
            note(journal, open_backout(journal), "x")
        before = dumped(path)
        assert journal.rebuild_state() == (61, [])
    assert dumped(path) == before
    assert len(before[BACKOUT]) == 61

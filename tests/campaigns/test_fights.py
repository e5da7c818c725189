"""Four dashboards fight for the controls and the same step: one runs it, and nobody writes under an old number."""

from __future__ import annotations

import fcntl
import json
import random
import time
from collections import Counter
from pathlib import Path

from backout_tui.domain.backout.states import StepStatus
from backout_tui.store.log.reading import Reader
from tests.campaigns.counts import count
from tests.campaigns.test_races import Track, racers

NAMES = ("sam", "sam", "kim", "lee")
"""Two of them are one person at two terminals."""


def test_of_four_who_fight_for_the_controls_one_runs_the_step(tmp_path: Path) -> None:
    track, dice = Track(tmp_path, count(500, 10)), random.Random(11)
    barrier = tmp_path / "barrier"
    barrier.touch()
    with racers(track.database, len(NAMES), "fighter") as four, barrier.open("w") as gate:
        for number in track.steps:
            fcntl.flock(gate, fcntl.LOCK_EX)
            for fighter, name in zip(four, dice.sample(NAMES, len(NAMES)), strict=True):
                fighter.order(name, number, str(barrier), dice.choice([0, 0, dice.uniform(0, 5)]))
            time.sleep(0.002)  # all have come to the barrier
            fcntl.flock(gate, fcntl.LOCK_UN)
            answers = sorted(fighter.answer() for fighter in four)
            assert [answer.split()[0] for answer in answers] == ["ran", "refused", "refused", "refused"], answers
    backout = track.settled()  # and the log is sound, old numbers included
    assert track.ran == Counter(track.steps)
    assert {step.state for step in backout.leaves} == {StepStatus.DONE}
    assert {len(step.attempts) for step in backout.leaves} == {1}
    _numbers_only_grow(track.database)


def _numbers_only_grow(database: Path) -> None:
    """Looked at here without the program's own rule for it."""
    with Reader.open(database) as reader:
        records = [json.loads(record) for _seq, record, _hash in reader.records("backout:1")]
    taken = [record["lease"] for record in records if record["kind"] == "ControlsTaken"]
    assert taken == list(range(1, len(taken) + 1))
    newest = 0
    for record in records:
        newest += record["kind"] == "ControlsTaken"
        if record["kind"] != "StepFinished":
            assert record["lease"] == newest, record

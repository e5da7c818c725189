"""The campaign itself: what hangs, dies or raises is a violation with its seed, and everything has its turn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.campaigns.__main__ import campaign
from tests.campaigns.crew import DIED, Answer, Order, Worker
from tests.campaigns.experiment import Dice, Experiment, every_experiment, number_of, spread
from tests.campaigns.tally import Tally, found, goals, next_of
from tests.engine.bench import lives, wait_for

SHAM = "tests.campaigns.sham"


def _tallies() -> dict[str, Tally]:
    return {one.name: Tally(one, one.why_not()) for one in every_experiment(SHAM)}


def test_what_hangs_dies_violates_or_raises_is_told_with_its_seed_and_leaves_nothing_running(tmp_path: Path) -> None:
    tallies, worker = _tallies(), Worker(tmp_path, package=SHAM)
    try:
        campaign(list(tallies.values()), [worker], minutes=1, seed=7, most=1)
    finally:
        worker.end()
    ((seed, hung),) = tallies["one that hangs"].violations
    assert (seed, hung.split(":")[0]) == (7, "hung")
    wait_for(lambda: not lives(int((tmp_path / "orphan").read_text())))
    assert tallies["one that dies"].violations == [(7, DIED)]
    broken = f"broken by {Dice('one that violates', 7).randrange(1000)}"
    assert tallies["one that violates"].violations == [(7, broken)]
    assert tallies["one that raises"].violations == [(7, "KeyError: 'what'")]
    assert tallies["one that cannot"].trials == 0
    lines = found(list(tallies.values())).splitlines()
    assert "not tried here: there is no moon tonight" in lines[5]
    assert lines[6].split() == ["together", "4", "4"]


def test_everything_is_tried_once_before_anything_is_tried_again_then_each_has_its_share() -> None:
    def one(name: str, share: float) -> Tally:
        return Tally(Experiment(name, lambda _dice, _ground: None, goal=1, share=share))

    tallies, turns = [one("a", 1), one("b", 3), one("c", 1)], []
    for _ in range(503):
        turn = next_of(tallies, None)
        assert turn is not None
        turns.append(turn.experiment.name)
        turn.begun += 1
        turn.count(Answer(Order(turn.experiment, turn.begun), None, 1.0))
    assert turns[:3] == ["a", "b", "c"]
    assert (turns.count("a"), turns.count("b"), turns.count("c")) == (101, 301, 101)
    assert next_of(tallies, 101) is tallies[1] or next_of(tallies, 101) is None


def test_the_table_of_a_night_says_what_falls_short_of_its_goal() -> None:
    slow = Tally(Experiment("slow", lambda _dice, _ground: None, goal=10_000), trials=2, took_s=20.0)
    fast = Tally(Experiment("fast", lambda _dice, _ground: None, goal=10_000), trials=2, took_s=2.0)
    _, first, second = goals([slow, fast], 2).splitlines()
    assert first.split() == ["slow", "10000", "10.00", "50.0", "2880", "short", "of", "it"]
    assert second.split() == ["fast", "10000", "1.00", "50.0", "28800"]


def test_seeds_in_a_row_take_every_fault_once() -> None:
    for total in (1, 2, 7, 100, 377):
        assert sorted(spread(number, total) for number in range(5, 5 + total)) == list(range(total))
    assert number_of(Dice("x", 41)) == 41


def test_from_the_command_line_a_time_that_is_over_ends_it() -> None:
    command = [sys.executable, "-m", "tests.campaigns", "--minutes", "0.02", "--only", "killed together", "--jobs", "1"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.splitlines()[0].split()[0] == "experiment"
    assert "killed together" in done.stdout

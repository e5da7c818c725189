"""`python -m tests.campaigns --minutes N`: every experiment for its share of the time, and a table of what was found.

Two trials at a time on two cores, each in a process of its own. All experiments are tried once before any is tried
again, so that a campaign that is cut short (Ctrl+C too) has tried all. A trial follows from its seed: what violated a
promise is tried again with `--only NAME --seed SEED --trials 1`. Exits with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Sequence

from tests.campaigns.crew import Order, Worker, crew
from tests.campaigns.experiment import Experiment, every_experiment
from tests.campaigns.tally import Tally, found, goals, next_of

_GRACE_S = 20.0  # what is under way when the time is over may still end
_LOOK_S = 0.02


def campaign(
    tallies: Sequence[Tally], workers: Sequence[Worker], *, minutes: float, seed: int, most: int | None
) -> None:
    """Try each experiment for its share of `minutes`, and `most` times at the most; the first time with `seed`."""
    of, until = {one.experiment.name: one for one in tallies}, time.monotonic() + minutes * 60
    with contextlib.suppress(KeyboardInterrupt):
        while (left_s := until - time.monotonic()) > -_GRACE_S:
            for worker in workers:
                if worker.order is not None and (answer := worker.answer()) is not None:
                    of[answer.order.experiment.name].count(answer)
                if worker.is_free and left_s > 0 and (turn := next_of(tallies, most)) is not None:
                    worker.take(Order(turn.experiment, seed + turn.begun))
                    turn.begun += 1
            if not any(worker.order for worker in workers) and (left_s <= 0 or next_of(tallies, most) is None):
                break
            _say_progress(tallies, workers, left_s)
            time.sleep(_LOOK_S)
    _say("")


def _say_progress(tallies: Sequence[Tally], workers: Sequence[Worker], left_s: float) -> None:
    trials, violations = sum(one.trials for one in tallies), sum(len(one.violations) for one in tallies)
    now = ", ".join(worker.order.experiment.name for worker in workers if worker.order is not None)
    minutes, seconds = divmod(max(0, int(left_s)), 60)
    _say(f"{minutes}:{seconds:02} left, {trials} trials, {violations} violations; now: {now}"[:110])


def _say(text: str) -> None:
    """One line on the terminal that is written over by the next; nothing where there is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def _given(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long (5)")
    parser.add_argument("--seed", type=int, default=1, help="of the first trial of each; it counts up from there (1)")
    parser.add_argument("--trials", type=int, default=None, help="of each experiment, at the most")
    parser.add_argument("--only", default="", help="the experiments whose names hold this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at a time (one a core)")
    parser.add_argument("--goals", action="store_true", help="say also what a night would come to at this pace")
    parser.add_argument("--keep", action="store_true", help="keep the folders of the trials, to look at them")
    return parser.parse_args(arguments)


def _why_not(experiment: Experiment) -> str | None:
    try:
        return experiment.why_not()
    except OSError as error:  # what asks whether something is possible may find that not even asking is
        return str(error)


def main(arguments: Sequence[str]) -> int:
    """Run the campaign that the arguments ask for, and print its table."""
    given = _given(arguments)
    chosen = [one for one in every_experiment() if given.only in one.name]
    tallies = [Tally(one, _why_not(one)) for one in chosen]
    with crew(given.jobs, keep=given.keep) as workers:
        campaign(tallies, workers, minutes=given.minutes, seed=given.seed, most=given.trials)
    print(found(tallies))
    if given.goals:
        print(f"\nA night of 8 hours, {given.jobs} at a time\n{goals(tallies, given.jobs)}")
    for tally in tallies:
        for seed, violation in tally.violations[:8]:
            print(f"\n{tally.experiment.name}, seed {seed}: {violation}")
    return 1 if any(tally.violations for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Many kills and many races on one log: a few of them in the suite, all with BACKOUT_CAMPAIGN=full."""

from __future__ import annotations

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import first_fault, verify_log, why_not_sound
from tests.campaigns.counts import count
from tests.store import workers
from tests.store.shelf import filled

KILLS = count(500)
RACES = count(200, 20)


def test_no_acknowledged_event_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    """Kill -9 at a random moment while events are appended, again and again, into the same file."""
    path = tmp_path / "backout.sqlite"
    filled(path)
    chance = random.Random(20261122)  # the same moments each time, as far as the machine allows
    acknowledged: dict[str, list[tuple[int, str]]] = {}
    for kill in range(KILLS):
        new = _append_and_kill(path, 0.0005 * chance.randrange(100), heard=1 + kill % 2)
        for log_id, seq, event_id in new:
            acknowledged.setdefault(log_id, []).append((seq, event_id))
        with Reader.open(path) as reader:
            for log_id in {log_id for log_id, _, _ in new} | set(reader.logs()[-1:]):
                stored = {(event.seq, event.event_id) for event in reader.events_after(log_id, 0)}
                lost = {(seq, i) for seq, i in acknowledged.get(log_id, []) if seq > 1} - stored
                assert not lost, f"kill {kill} lost {lost} of {log_id}"
                assert verify_log(reader, log_id).findings == ()
    assert sum(map(len, acknowledged.values())) > KILLS, "the writers were killed before they wrote anything"
    with Reader.open(path) as reader:
        assert set(acknowledged) <= set(reader.logs())
    assert why_not_sound(path) is first_fault(path) is None


def _append_and_kill(path: Path, after_s: float, heard: int) -> list[tuple[str, int, str]]:
    """Kill it some time after it was heard of so often, however slow the machine is; what it acknowledged."""
    context = workers.processes()
    receive, send = context.Pipe(duplex=False)
    worker = context.Process(target=workers.append_until_killed, args=(path, send))
    worker.start()
    send.close()
    with receive:
        got = [receive.recv() for _ in range(heard)]  # from the first on it appends
        time.sleep(after_s)
        worker.kill()
        worker.join(workers.PATIENCE_S)
        got += _rest(receive)
    return got


def _rest(receive: Connection) -> list[tuple[str, int, str]]:
    got = []
    try:
        while True:
            got.append(receive.recv())
    except EOFError:  # the end; a last message that was cut off is not an acknowledgement
        return got


def test_a_step_that_several_want_to_start_at_once_is_started_by_one(tmp_path: Path) -> None:
    path = tmp_path / "backout.sqlite"
    log_id = filled(path)
    context = workers.processes()
    together = context.Barrier(3)
    answers = [context.Pipe(duplex=False) for _ in range(3)]
    crew = [context.Process(target=workers.claim, args=(path, log_id, RACES, together, send)) for _, send in answers]
    for worker, (_, send) in zip(crew, answers, strict=True):
        worker.start()
        send.close()  # so that a worker that dies is no answer, and not one that is waited for
    won = [receive.recv() for receive, _ in answers]
    for worker in crew:
        worker.join(workers.PATIENCE_S)
    assert sorted(step for steps in won for step in steps) == list(range(RACES))
    with Reader.open(path) as reader:
        started = [int(event.data["step"]) for event in reader.events_after(log_id, 6)]
    assert sorted(started) == list(range(RACES))
    assert verify_log(path, log_id).ok


def test_processes_that_make_the_same_database_make_one(tmp_path: Path) -> None:
    for attempt in range(max(2, RACES // 10)):
        path = tmp_path / f"{attempt}" / "backout.sqlite"
        context = workers.processes()
        together = context.Barrier(3)
        answers = [context.Pipe(duplex=False) for _ in range(3)]
        crew = [context.Process(target=workers.begin, args=(path, 4, together, send)) for _, send in answers]
        for worker, (_, send) in zip(crew, answers, strict=True):
            worker.start()
            send.close()
        numbers = [log_id for receive, _ in answers for log_id in receive.recv()]
        for worker in crew:
            worker.join(workers.PATIENCE_S)
        assert sorted(numbers) == sorted(f"backout:{number}" for number in range(1, 13))
        assert why_not_sound(path) is first_fault(path) is None

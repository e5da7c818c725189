"""The link: one thread owns the operator, the loop never waits, and nothing that was asked for is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest

from backout_tui.domain.backout.items import Attempt
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs, problem_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.night.link import Link
from backout_tui.ui.night.seen import Listener, Piece, Seen
from tests import scenes
from tests.story import KIM
from tests.ui.doubles import FakeOperator


@dataclass
class Ear:
    """Keeps what the link tells."""

    seen: list[Seen] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    troubles: list[BackoutError | None] = field(default_factory=list)
    crashes: list[Exception] = field(default_factory=list)

    @property
    def listener(self) -> Listener:
        return Listener(self.seen.append, self.pieces.append, self.troubles.append, self.crashes.append)


@contextmanager
def linked(operator: FakeOperator) -> Iterator[Link]:
    """A link that is open, and closed afterwards."""
    link = Link(lambda: operator)
    link.start()
    try:
        link.opened()
        yield link
    finally:
        link.close()


@asynccontextmanager
async def listening(operator: FakeOperator) -> AsyncIterator[tuple[Link, Ear]]:
    """The same, with somebody who listens."""
    ear = Ear()
    with linked(operator) as link:
        link.attach(ear.listener)
        yield link, ear


async def until(condition: object) -> None:
    """Wait until `condition()` holds, for at most a minute."""
    assert callable(condition)
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


def running(operator: FakeOperator) -> Attempt:
    """The attempt that runs in the scene."""
    attempt = operator.backout.steps["4"].attempt
    assert attempt is not None
    return attempt


async def test_a_verb_is_done_in_the_one_thread_and_its_receipt_comes_back() -> None:
    async with listening(FakeOperator(scenes.fresh())) as (link, ear):
        threads = {await link.call(lambda op: threading.current_thread().name) for _ in range(3)}
        assert threads == {"backout-operator"}
        receipt = await link.call(problem_verbs.log, "5xx on charge")
        assert receipt.created == "P1"
        assert ear.seen[-1].backout.problems[0].title == "5xx on charge"


async def test_what_is_true_is_told_before_the_answer() -> None:
    """Whoever awaits a verb must find the dashboard showing what it did."""
    async with listening(FakeOperator(scenes.fresh())) as (link, ear):
        receipt = await link.call(problem_verbs.log, "one")
        assert ear.seen[-1].backout is receipt.backout


async def test_a_refusal_and_trouble_are_raised_where_the_verb_is_awaited() -> None:
    operator = FakeOperator(scenes.observer())
    async with listening(operator) as (link, _):
        with pytest.raises(Refused, match="kim has the controls"):
            await link.call(note_verbs.add, "hello")
        operator.trouble = BackoutError("the disk is full")
        with pytest.raises(BackoutError, match="the disk is full"):
            await link.call(note_verbs.add, "hello")


async def test_what_another_process_appends_is_seen_within_a_second() -> None:
    operator = FakeOperator(scenes.fresh())
    async with listening(operator) as (_, ear):
        operator.tell("ProblemLogged", problem="P1", title="from afar", severity="critical", kind="fault")
        began = time.monotonic()
        await until(lambda: ear.seen and ear.seen[-1].backout.problems)
        assert time.monotonic() - began < 30


async def test_that_somebody_took_the_controls_is_told_though_the_backout_is_the_same() -> None:
    operator = FakeOperator(scenes.observer(), holder_lives=False)
    async with listening(operator) as (_, ear):
        await until(lambda: ear.seen and ear.seen[-1].why_not_act is None)
        operator.lives = True
        await until(lambda: ear.seen[-1].why_not_act is not None)


async def test_nothing_is_told_while_nothing_changes() -> None:
    async with listening(FakeOperator(scenes.step_running())) as (_, ear):
        await until(lambda: ear.seen)
        count = len(ear.seen)
        await asyncio.sleep(0.6)
        assert len(ear.seen) == count
        assert not ear.troubles


async def test_output_comes_from_its_start_and_then_as_it_grows() -> None:
    operator = FakeOperator(scenes.step_running())
    intent = running(operator).intent
    operator.outputs[intent] = "one\n"
    async with listening(operator) as (link, ear):
        link.show_output(running(operator))
        await until(lambda: ear.pieces)
        assert (ear.pieces[0].text, ear.pieces[0].afresh) == ("one\n", True)
        operator.outputs[intent] += "two\n"
        await until(lambda: len(ear.pieces) > 1)
        assert (ear.pieces[1].text, ear.pieces[1].afresh) == ("two\n", False)


async def test_a_character_that_was_cut_between_two_reads_arrives_whole() -> None:
    operator = FakeOperator(scenes.step_running())
    whole = "支払い".encode()
    async with listening(operator) as (link, ear):
        for end in range(1, len(whole) + 1):
            operator.raw_output = whole[:end]
            link.show_output(running(operator))
            await link.call(lambda op: None)
        assert "".join(piece.text for piece in ear.pieces) == "支払い"


async def test_output_that_has_ended_is_read_once() -> None:
    operator = FakeOperator(scenes.step_failed())
    async with listening(operator) as (link, ear):
        link.show_output(running(operator))
        await until(lambda: ear.pieces)
        reads = operator.reads
        await asyncio.sleep(0.6)
        assert operator.reads == reads


async def test_trouble_is_told_once_and_that_it_is_over() -> None:
    operator = FakeOperator(scenes.fresh())
    async with listening(operator) as (_, ear):
        operator.trouble = BackoutError("the disk is gone")
        await until(lambda: ear.troubles)
        await asyncio.sleep(0.6)
        operator.trouble = None
        await until(lambda: len(ear.troubles) > 1)
        assert [str(one) for one in ear.troubles] == ["the disk is gone", "None"]


async def test_a_bug_while_looking_is_handed_to_the_app() -> None:
    operator = FakeOperator(scenes.fresh())
    async with listening(operator) as (_, ear):
        operator.bug = ZeroDivisionError("a bug")
        await until(lambda: ear.crashes)
        operator.bug = None
        assert isinstance(ear.crashes[0], ZeroDivisionError)


def test_what_opening_raises_is_raised_where_it_is_waited_for() -> None:
    def none() -> Operator:
        raise BackoutError("there is no backout 9")

    link = Link(none)
    link.start()
    with pytest.raises(BackoutError, match="there is no backout 9"):
        link.opened()
    link.close()


async def test_closing_does_what_was_asked_for_and_closes_the_operator() -> None:
    operator = FakeOperator(scenes.fresh())
    with linked(operator) as link:
        link.attach(Ear().listener)
        wanted = [asyncio.ensure_future(link.call(note_verbs.add, f"note {number}")) for number in range(20)]
        await asyncio.sleep(0)
        await asyncio.to_thread(link.close)
        assert sum(event.kind == "NoteAdded" for event in operator.story.events) == 20
        assert operator.is_closed
        for one in wanted:
            one.cancel()


def test_a_link_whose_loop_has_ended_still_closes() -> None:
    operator = FakeOperator(scenes.fresh())
    link = Link(lambda: operator)
    link.start()

    async def brief() -> None:
        link.attach(Ear().listener)
        await link.call(note_verbs.add, "one")

    asyncio.run(brief())
    operator.tell("NoteAdded", actor=KIM, text="nobody listens")
    time.sleep(0.3)
    link.close()
    assert operator.is_closed

"""The link between the screen and the one thread that owns the operator: wishes go in, what is true comes out.

The screen never waits: `await link.call(verb, ...)` gives the verb's receipt, or raises what it raised. Between two
wishes the thread looks for what others wrote, and reads on in the output that is shown.
"""

from __future__ import annotations

import asyncio
import codecs
import contextvars
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import Silent
from backout_tui.domain.controls import NO_STANDING, Standing
from backout_tui.domain.doubt import Life, doubts
from backout_tui.domain.items import Attempt
from backout_tui.domain.past import NO_PAST, Past
from backout_tui.domain.refusal import Refusal
from backout_tui.errors import BackoutError

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator

P = ParamSpec("P")
T = TypeVar("T")

LOOK_S = 0.25
"""Seconds between two looks at the log: another terminal sees a change well within a second."""
TAIL_S = 0.1
"""The same while a command's output is shown as it comes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the operator sees: the backout, why they may not write now (None: they may), who they are, the log's fault.

    `fault` says what is wrong with the log itself; "" while nothing was found. `past` is how long commands took before,
    once that was read; `silent` names the running steps that have printed nothing for too long. `standing` is where
    this session stands with the controls. `lives` is what can be said now of the processes of what is in doubt, by the
    attempts' intents. `unseen` says what runs and cannot be looked into by this login.
    """

    backout: Backout
    why_not_act: Refusal | None
    actor: str
    fault: str = ""
    past: Past = NO_PAST
    silent: Silent = field(default_factory=dict)
    standing: Standing = NO_STANDING
    lives: Mapping[str, Life] = field(default_factory=dict)
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of an attempt's output. `afresh`: it begins anew; `tail` replaces the tail before."""

    intent: str
    text: str
    dropped: int = 0
    tail: str = ""
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """What is told to the screen, in its own loop. `trouble` None: what was wrong is over."""

    seen: Callable[[Seen], None]
    output: Callable[[Piece], None]
    trouble: Callable[[BackoutError | None], None]
    crashed: Callable[[Exception], None]


class Tail:
    """How far one attempt's output has been read; belongs to the link's thread."""

    def __init__(self, attempt: Attempt) -> None:
        """Begin at the start."""
        self.attempt = attempt
        self.is_over = False
        self._offset = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._end: tuple[int, str] = (0, "")
        self._afresh = True

    def is_of(self, attempt: Attempt) -> bool:
        """Whether `attempt` is the one that is read here, and its output still where it was."""
        return (self.attempt.intent, self.attempt.output) == (attempt.intent, attempt.output)

    def read(self, operator: Operator) -> Piece | None:
        """What came since the last time; None when nothing did. What has ended is read once."""
        part = operator.output(self.attempt, self._offset)
        self.is_over = self.attempt.state != "running"
        text, end = self._decode(part.text), (part.dropped, part.tail)
        self._offset = part.offset
        if not (text or self._afresh or end != self._end):
            return None
        piece = Piece(self.attempt.intent, text, part.dropped, part.tail, self._afresh)
        self._end, self._afresh = end, False
        return piece


class Link:
    """Owns the thread. `start` it early, `attach` the screen when there is one, `close` it at the end."""

    def __init__(self, open_operator: Callable[[], Operator]) -> None:
        """`open_operator` is called in the thread; whatever it raises, `opened` raises."""
        self._open = open_operator
        self._jobs: queue.SimpleQueue[Callable[[Operator], None] | None] = queue.SimpleQueue()
        self._first: Future[Seen] = Future()
        self._thread = threading.Thread(target=self._work, name="backout-operator")
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self._wanted: Attempt | None = None
        self._tail: Tail | None = None
        self._last: Seen | None = None
        self._trouble = ""
        self._closing, self._left = False, True

    # ── the screen's side ─────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Begin to open the backout."""
        self._thread.start()

    def opened(self) -> Seen:
        """Wait until the backout is open. Raises what opening it raised."""
        return self._first.result()

    def attach(self, listener: Listener) -> None:
        """Tell `listener`, in the running loop, what changes from now on."""
        # What is told must find the app: this thread's own context knows none, and a timer begun in it never fires.
        self._context = contextvars.copy_context()
        self._loop, self._listener = asyncio.get_running_loop(), listener
        self._jobs.put(self._tell_again)

    async def call(self, verb: Callable[Concatenate[Operator, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `verb` in the thread and give what it returns; raises Refused, BackoutError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def job(operator: Operator) -> None:
            try:
                result = verb(operator, *args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - it is raised again, where the answer is awaited
                self._look(operator)
                self._tell(loop, None, _fail, answer, error)
            else:
                self._look(operator)  # first what is true now, then the answer
                self._tell(loop, None, _give, answer, result)

        self._jobs.put(job)
        return await answer

    def show_output(self, attempt: Attempt | None) -> None:
        """Read on in the output of `attempt` from now on, from its start; None: of nothing."""
        if attempt != self._wanted:
            self._wanted = attempt
            self._jobs.put(self._look)

    def close(self, *, left: bool = True) -> None:
        """Do what was asked for so far, close the operator, and end the thread. `left`: the person chose to leave."""
        self._closing, self._left = True, left
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()

    @property
    def last(self) -> Seen | None:
        """What was seen last: for the words on leaving."""
        return self._last

    # ── the thread's side ─────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            operator = self._open()
        except BaseException as error:  # noqa: BLE001 - `opened` raises it again
            self._first.set_exception(error)
            return
        try:
            self._last = _seen(operator)
            self._first.set_result(self._last)
            while (job := self._next()) is not None:
                job(operator)
        finally:
            operator.close(left=self._left)

    def _next(self) -> Callable[[Operator], None] | None:
        try:
            reading = self._tail is not None and not self._tail.is_over
            return self._jobs.get(timeout=TAIL_S if reading else LOOK_S)
        except queue.Empty:
            return self._look

    def _look(self, operator: Operator) -> None:
        """Tell what changed: the backout, the controls, the output."""
        try:
            operator.refresh()
            operator.take_what_is_given()
            self._tell_seen(operator)
            self._tell_output(operator)
        except BackoutError as error:
            self._tell_trouble(error)
        except Exception as error:  # noqa: BLE001 - our bug: the app ends, and says so
            self._announce(lambda listener: listener.crashed, error)
        else:
            self._tell_trouble(None)

    def _tell_again(self, operator: Operator) -> None:
        """Tell a new listener what it may have missed since the backout was opened."""
        self._last, self._tail = _seen(operator), None
        self._announce(lambda listener: listener.seen, self._last)
        self._look(operator)

    def _tell_seen(self, operator: Operator) -> None:
        seen, before = _seen(operator), self._last
        if before is None or seen.backout is not before.backout or _beside(seen) != _beside(before):
            self._last = seen
            self._announce(lambda listener: listener.seen, seen)

    def _tell_output(self, operator: Operator) -> None:
        wanted = self._wanted
        if wanted is None:
            self._tail = None
        elif self._tail is None or not self._tail.is_of(wanted):
            self._tail = Tail(wanted)
        piece = self._tail.read(operator) if self._tail is not None and not self._tail.is_over else None
        if piece is not None:
            self._announce(lambda listener: listener.output, piece)

    def _tell_trouble(self, error: BackoutError | None) -> None:
        words = str(error) if error is not None else ""
        if words != self._trouble:
            self._trouble = words
            self._announce(lambda listener: listener.trouble, error)

    def _announce(self, what: Callable[[Listener], Callable[[T], None]], value: T) -> None:
        if self._listener is not None and self._loop is not None:
            self._tell(self._loop, self._context, what(self._listener), value)

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context | None,
        telling: Callable[..., None],
        *args: object,
    ) -> None:
        """Call `telling` in the screen's loop, unless that has ended."""
        if not self._closing:
            try:
                loop.call_soon_threadsafe(telling, *args, context=context)
            except RuntimeError:  # the loop was closed between the question and the call: nobody listens any more
                self._closing = True


def _seen(operator: Operator) -> Seen:
    return Seen(
        backout=operator.backout,
        why_not_act=operator.why_not_act(),
        actor=operator.actor.name,
        fault=operator.desk.distrusted,
        past=operator.past,
        silent=operator.silent_steps(),
        standing=operator.standing,
        lives={
            doubt.attempt.intent: operator.life_of(doubt.attempt)
            for doubt in doubts(operator.backout)
            if doubt.attempt is not None
        },
        unseen=operator.closed_to_us(),
    )


def _beside(seen: Seen) -> tuple[object, ...]:
    """What may change though the backout is the same."""
    return seen.why_not_act, seen.past, seen.silent, seen.standing, seen.lives, seen.unseen


def _give(answer: asyncio.Future[T], result: T) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[T], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)

"""The link between the screen and the one thread that owns the operator: calls go in, what is true comes out.

The screen never waits: `await link.call(verb, ...)` returns the verb's receipt, or raises what it raised. Between two
calls the thread looks for what others wrote, and reads on in the output that is shown.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from backout_tui.domain.backout.items import Attempt
from backout_tui.engine.typed_file import Typed, TypedFile
from backout_tui.errors import BackoutError
from backout_tui.ui.night.seen import Listener, Seen, Tail, beside, seen_by

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator

P = ParamSpec("P")
T = TypeVar("T")

LOOK_S = 0.25
"""Seconds between two looks at the log: another terminal sees a change well within a second."""
TAIL_S = 0.1
"""The same while a command's output is shown live."""


class Link:
    """Owns the thread. `start` it early, `attach` the screen when there is one, `close` it at the end."""

    def __init__(self, open_operator: Callable[[], Operator]) -> None:
        """`open_operator` is called in the thread; `opened` raises whatever it raises."""
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
        self._database: Path | None = None
        self.missed = list[str]()
        self._typed: TypedFile | None = None
        self.typed_before: Typed = {}

    # ── the screen's side ─────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Begin to open the backout."""
        self._thread.start()

    def opened(self) -> Seen:
        """Wait until the backout is open. Raises what opening it raised."""
        return self._first.result()

    def attach(self, listener: Listener) -> None:
        """Tell `listener`, in the running loop, what changes from now on."""
        # The callbacks need the app's context: this thread's has none, and a timer started in it never fires.
        self._context = contextvars.copy_context()
        self._loop, self._listener = asyncio.get_running_loop(), listener
        self._jobs.put(self._tell_again)

    async def call(self, verb: Callable[Concatenate[Operator, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `verb` in the thread and return its result; raises Refused, BackoutError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def job(operator: Operator) -> None:
            try:
                result = verb(operator, *args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is awaited
                self._miss(error)
                self._tell(loop, None, _fail, answer, error)
            else:
                self._tell_what_came_of_it(operator)  # first what is true now, then the answer
                self._tell(loop, None, _give, answer, result)
            self._look(operator)  # after the answer: a look may wait for the database or fail, and reports that itself

        self._jobs.put(job)
        return await answer

    async def look(self, verb: Callable[[Operator], T]) -> T:
        """Like `call`, for work that nobody waits for: on a locked database it gives up as soon as a call comes."""

        def hurried(operator: Operator) -> T:
            with operator.yielding(self._is_wanted):
                return verb(operator)

        return await self.call(hurried)

    def held_by(self) -> str:
        """Which process has the database locked just now; "" when nobody is known to."""
        from backout_tui.engine.session.standing import (
            lock_holder,  # imported by the thread; the first picture must not wait
        )

        return lock_holder(self._database) if self._database is not None else ""

    def keep_typed(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what was typed and is not recorded, for when the terminal is lost."""
        if self._typed is not None:
            self._typed.keep(typed)

    def show_output(self, attempt: Attempt | None) -> None:
        """Read on in the output of `attempt` from its start; None stops reading."""
        if attempt != self._wanted:
            self._wanted = attempt
            self._jobs.put(self._look)

    def close(self, *, left: bool = True) -> None:
        """Do what was asked for so far, close the operator, and end the thread. `left`: the person chose to leave."""
        self._closing, self._left = True, left
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()
        if self._typed is not None:
            self._typed.finish()

    @property
    def last(self) -> Seen | None:
        """What was seen last, for the words on leaving."""
        return self._last

    # ── the thread's side ─────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            operator = self._open()
            self._database = operator.desk.database
            self._typed = TypedFile(self._database, operator.actor.name, str(operator.backout.id))
            self.typed_before = self._typed.read()
        except BaseException as error:  # noqa: BLE001 - `opened` raises it again
            self._first.set_exception(error)
            return
        try:
            self._last = seen_by(operator)
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

    def _miss(self, error: BaseException) -> None:
        """Keep an error that comes after the screen has gone; it is printed on leaving."""
        if self._closing and isinstance(error, BackoutError):
            self.missed.append(str(error))

    def _tell_what_came_of_it(self, operator: Operator) -> None:
        """Tell what the verb changed without reading the database: the operator has it already."""
        with suppress(BackoutError):
            self._tell_seen(operator)

    def _look(self, operator: Operator) -> None:
        """Tell what changed: the backout, the controls, the output."""
        try:
            with operator.yielding(self._is_wanted):
                operator.refresh()
                operator.take_what_is_given()
                self._tell_seen(operator)
                self._tell_output(operator)
        except BackoutError as error:
            if not self._is_wanted():  # otherwise the waiting call reports the trouble
                self._tell_trouble(error)
        except Exception as error:  # noqa: BLE001 - our bug: the app ends and says so
            self._announce(lambda listener: listener.crashed, error)
        else:
            self._tell_trouble(None)

    def _is_wanted(self) -> bool:
        """Whether a call waits for this thread."""
        return not self._jobs.empty()

    def _tell_again(self, operator: Operator) -> None:
        """Tell a new listener what it may have missed since the backout was opened."""
        self._last, self._tail = seen_by(operator), None
        self._announce(lambda listener: listener.seen, self._last)
        self._look(operator)

    def _tell_seen(self, operator: Operator) -> None:
        seen, before = seen_by(operator), self._last
        if before is None or seen.backout is not before.backout or beside(seen) != beside(before):
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
        """Call `telling` in the screen's loop, unless the loop has ended."""
        if not self._closing:
            try:
                loop.call_soon_threadsafe(telling, *args, context=context)
            except RuntimeError:  # the loop was closed between the check and the call, so nobody listens any more
                self._closing = True


def _give(answer: asyncio.Future[T], result: T) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[T], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)

"""A screen from which actions start: they ask in dialogs, go on in the background, and say what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.keys import CommandScreen

T = TypeVar("T")
Flow = Coroutine[Any, Any, None]

PATIENCE_S = 2.0
"""Seconds that keys wait for an action: a store that hangs must not keep anybody from leaving."""


class FlowScreen(CommandScreen[int]):
    """Asks, goes on, says."""

    def __init__(self) -> None:
        """Nothing is under way yet."""
        super().__init__()
        self._under_way: set[Worker[None]] = set()
        self._patience: Timer | None = None
        self._told: set[str] = set()

    @abstractmethod
    def say(self, words: str, *, warning: bool = False) -> None:
        """Say what came of a key, until the next one."""

    def ask(self, dialog: Screen[T], then: Callable[[T], Flow]) -> None:
        """Open `dialog` at once, so that what is typed ahead finds it, and go on with `then` unless it is left."""

        def answered(answer: T | None) -> None:
            if answer is not None:
                self.work(then(answer))

        self.app.push_screen(dialog, answered)

    async def answer(self, dialog: Screen[T]) -> T | None:
        """The answer of a dialog in the middle of an action; None when it was left."""
        return await self.app.push_screen_wait(dialog)

    def work(self, flow: Flow) -> None:
        """Go on with an action. Keys wait for what it brings about: its next dialog, or what is true after it."""
        worker = self.run_worker(flow, group="actions")
        self._under_way.add(worker)
        self._wait_a_while()

    @property
    def is_busy(self) -> bool:
        """Whether an action is under way that has not taken too long yet."""
        return bool(self._under_way)

    @property
    def is_free(self) -> bool:
        """Whether nothing is under way, and no dialog or other screen is on top."""
        return not self._under_way and self.app.screen is self

    @property
    def takes_keys(self) -> bool:
        """Whether keys may come now: not while an action is under way, unless it takes long."""
        return super().takes_keys and not self.is_busy

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Let the keys through when an action has come to its end."""
        if event.worker.is_finished and event.worker in self._under_way:
            self._under_way.discard(event.worker)
            self.release_keys()

    def on_screen_resume(self) -> None:
        """Back from a dialog: an action that goes on gets its time anew. Textual calls the handlers above by itself."""
        if self._under_way:
            self._wait_a_while()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the terminal to another program; the time of the action that does so stands still meanwhile."""
        if self._patience is not None:
            self._patience.stop()
        with self.app.suspend():
            yield
        self._wait_a_while()

    def _wait_a_while(self) -> None:
        if self._patience is not None:
            self._patience.stop()
        self._patience = self.set_timer(PATIENCE_S, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        if self.app.screen is not self:
            return  # a dialog is open: once it was answered, the action gets its time anew
        if self._under_way:
            self._under_way.clear()
            self.say("Not done yet: the disk or the database is slow, or locked. It is still tried.", warning=True)
        self.release_keys()

    async def outcome_of(self, wanted: Awaitable[T]) -> T | None:
        """What is awaited; None when it was refused, or something outside is wrong: that was said."""
        try:
            return await wanted
        except Refused as refused:
            self.say(refused.reason, warning=True)
        except BackoutError as error:
            self.tell_trouble(error)
        return None

    def trouble(self, error: BackoutError | None) -> None:
        """What is wrong while nobody asked for anything is told in a dialog once, and again only in a line."""
        if error is None:
            self.say("What was wrong outside is over.")
        elif str(error) in self._told:
            self.say(str(error), warning=True)
        else:
            self._told.add(str(error))
            self.tell_trouble(error)

    def tell_trouble(self, error: BackoutError) -> None:
        """Show what is wrong outside; the log goes on."""
        from backout_tui.ui.dialogs.tell import Tell  # trouble is rare: the first picture does not wait for it

        parts = [
            error.what[:1].upper() + error.what[1:] + ".",
            f"Where: {error.where}" if error.where else "",
            error.todo,
        ]
        self.app.push_screen(Tell("Something outside is wrong", "\n\n".join(filter(None, parts)), tone="warning"))

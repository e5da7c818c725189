"""A screen where actions start: they ask in dialogs, go on in the background, and say what happened."""

from __future__ import annotations

import subprocess
from abc import abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.dialogs.fates import Memory
from backout_tui.ui.terminal.driver import TerminalDriver
from backout_tui.ui.terminal.keys import CommandScreen

T = TypeVar("T")
Flow = Coroutine[Any, Any, None]

SEE_S = 1.0
"""Seconds between two looks at what is typed in an open dialog."""
PATIENCE_S = 2.0
"""Seconds that keys wait for an action, so that a store that hangs keeps nobody from leaving."""


class FlowScreen(CommandScreen[int]):
    """Asks in dialogs, runs actions in the background, and says what happened."""

    def __init__(self, memory: Memory | None = None) -> None:
        """No action is under way yet; `memory` has what was typed before."""
        super().__init__()
        self._under_way: set[Worker[None]] = set()
        self._patience: Timer | None = None
        self._told: set[str] = set()
        self._memory = memory or Memory()
        self._asked: dict[str, Any] = {}
        self._seeing: Timer | None = None
        self._untold: deque[Screen[None]] = deque()
        self._says_waiting = False

    @abstractmethod
    def say(self, words: str, *, warning: bool = False) -> None:
        """Say what a key did, until the next key."""

    def say_no_key(self, words: str) -> None:
        """Say it where the results of keys are said."""
        if words:
            self.say(words, warning=True)
        else:
            self.be_quiet()

    @property
    def subject(self) -> str:
        """What all dialogs of this screen are about, where their titles do not say it."""
        return ""

    def ask(self, dialog: Screen[T], then: Callable[[T], Flow]) -> None:
        """Open `dialog` at once, so that it gets the keys typed ahead; go on with `then` unless the person leaves."""

        def answered(answer: T | None) -> None:
            typed = self._take_typed(name)
            if answer is not None:
                self._memory.answered(name)
                self.work(then(answer), name, typed)
            else:
                self._leave(name, typed)

        name = self._refill(dialog)
        self.app.push_screen(dialog, answered)

    async def answer(self, dialog: Screen[T]) -> T | None:
        """Return the answer of a dialog in the middle of an action; None when the person left it."""
        name = self._refill(dialog)
        answer = await self.app.push_screen_wait(dialog)
        typed = self._take_typed(name)
        if answer is None:
            self._memory.note(name, None)
            self._leave(name, typed)
        else:
            self._memory.answered(name)
            self._memory.note(name, typed)
        return answer

    def _refill(self, dialog: Screen[Any]) -> str:
        """Put back what was typed into the dialog of this name but not recorded; return the name."""
        heading, subject = getattr(dialog, "heading", ""), getattr(dialog, "subject", "") or self.subject
        name = f"{heading} ({subject})" if subject else str(heading)
        refill = getattr(dialog, "refill", None)  # an Ask has it; checked this way because importing Ask takes time
        if refill is not None:
            if kept := self._memory.kept(name):
                refill(kept)
            self._asked[name] = dialog
            if self._seeing is None:
                self._seeing = self.set_interval(SEE_S, self._see_typed)
        return name

    def _take_typed(self, name: str) -> dict[str, str]:
        """Return what was typed into a dialog that was closed."""
        dialog = self._asked.pop(name, None)
        if not self._asked and self._seeing is not None:
            self._seeing.stop()
            self._seeing = None
        return dict(dialog.to_keep) if dialog is not None else {}

    def _leave(self, name: str, typed: dict[str, str]) -> None:
        self._memory.keep(name, typed)
        if typed:
            self.say("What you typed is kept: the same key brings it back.")

    def _see_typed(self) -> None:
        """Keep what stands in the open dialogs, because the terminal may be lost at any moment."""
        for name, dialog in self._asked.items():
            self._memory.see(name, dict(dialog.to_keep))

    def on_unmount(self) -> None:
        """The program ends, perhaps without its terminal: keep what is typed."""
        self._see_typed()

    def work(self, flow: Flow, title: str = "", typed: dict[str, str] | None = None) -> None:
        """Run an action. Keys wait for its result: its next dialog, or what is true after it.

        It started with what was `typed` in the dialog `title`; that comes back there unless all of it succeeds.
        """
        worker = self.run_worker(self._remembering(flow, title, typed or {}), group="actions")
        self._under_way.add(worker)
        self._wait_a_while()

    async def _remembering(self, flow: Flow, title: str, typed: dict[str, str]) -> None:
        with self._memory.action(title, typed):
            await flow

    def recorded(self) -> None:
        """Note that all that was typed for the running action so far is recorded, although it goes on."""
        self._memory.recorded()

    @property
    def is_busy(self) -> bool:
        """Whether an action is under way and has not taken too long yet."""
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
        """Let the keys through when an action has ended."""
        if event.worker.is_finished and event.worker in self._under_way:
            self._under_way.discard(event.worker)
            self.release_keys()

    def on_screen_resume(self) -> None:
        """Restart the time of an action that goes on after a dialog. Textual calls inherited handlers by itself."""
        if self._under_way:
            self._wait_a_while()
        self.call_after_refresh(self._tell_next)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Lend the terminal to another program; the time of the action that does so stops meanwhile."""
        if self._patience is not None:
            self._patience.stop()
        with self.app.suspend():
            yield
        self._wait_a_while()

    def run_aside(self, command: Sequence[str]) -> int:
        """Run a program in the terminal, which the screen gives up meanwhile; return its exit code. Raises OSError."""
        with self.aside(), subprocess.Popen(command) as process:  # noqa: S603 - what the operator has chosen
            driver = self.app._driver
            if isinstance(driver, TerminalDriver):
                driver.beside = process
            try:
                return process.wait()
            finally:
                if isinstance(driver, TerminalDriver):
                    driver.beside = None

    def _wait_a_while(self) -> None:
        if self._patience is not None:
            self._patience.stop()
        self._patience = self.set_timer(PATIENCE_S, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        if self.app.screen is not self:
            return  # a dialog is open: the action's time restarts after the answer
        if self._under_way:
            self._under_way.clear()
            self._patience = self.set_interval(1.0, self._say_who_waits)
            self._say_who_waits()
        self.release_keys()

    def _say_who_waits(self) -> None:
        """Say that an action waits until its result is known, so that nobody repeats it while it may still happen."""
        if self._memory.waits:
            self.say(self._memory.waiting_words(self.held_by()), warning=True)
            self._says_waiting = True

    def _waits_no_more(self) -> None:
        """Take back the words of waiting when the work is done or has failed; the result is said next."""
        if self._says_waiting and not self._memory.waits:
            self._says_waiting = False
            self.be_quiet()
            if self._patience is not None:
                self._patience.stop()

    def be_quiet(self) -> None:
        """Take back what was said."""

    def held_by(self) -> str:
        """Return which process has the database locked just now; "" if none is known."""
        return ""

    async def outcome_of(self, wanted: Awaitable[T]) -> T | None:
        """Return what is awaited; None when it was refused or something failed, which the person was told."""
        try:
            try:
                with self._memory.waiting():
                    return await wanted
            finally:
                self._waits_no_more()
        except Refused as refused:
            kept = " What you typed is kept." if self._memory.titles else ""
            self.say(f"{refused.reason}{kept}", warning=True)
        except BackoutError as error:
            self.tell_trouble(error, self._memory.titles)
        return None

    def trouble(self, error: BackoutError | None) -> None:
        """Report trouble that comes without anybody asking: the first time in a dialog, and then only in a line.

        While an action waits, it says nothing: the person is told what happens to that action, and nothing else.
        """
        if self._memory.waits:
            return
        if error is None:
            self.say("The problem outside is gone.")
            return
        error = BackoutError(error.what, where=error.where, todo=_of_a_look(error.todo))
        if str(error) in self._told:
            self.say(str(error), warning=True)
        else:
            self._told.add(str(error))
            self._tell_when_free(error, (), by_itself=True)

    def tell_trouble(self, error: BackoutError, what: Sequence[str] = ()) -> None:
        """Show what is wrong outside the program; the log goes on. `what` names the dialogs whose answers it concerns.

        While somebody types in another dialog, it waits until that is closed.
        """
        self._tell_when_free(error, what, by_itself=False)

    def _tell_when_free(self, error: BackoutError, what: Sequence[str], *, by_itself: bool) -> None:
        from backout_tui.ui.dialogs.tell import Tell  # trouble is rare: the first picture does not wait for it

        parts = [
            error.what[:1].upper() + error.what[1:] + ".",
            f"Where: {error.where}" if error.where else "",
            error.todo,
            f"Not done: {', '.join(what)}. What you typed there is kept." if what else "",
        ]
        words = "\n\n".join(filter(None, parts))
        self._untold.append(Tell("That did not work", words, tone="warning", by_itself=by_itself))
        self._tell_next()

    def _tell_next(self) -> None:
        """Tell the next trouble, if no dialog is open."""
        if self._untold and not self._asked:
            self.app.push_screen(self._untold.popleft())


def _of_a_look(todo: str) -> str:
    """Say what to do when a look failed that nobody asked for."""
    itself = "It is tried again by itself; there is nothing to do again."
    return f"{todo.replace(', then do it again', '')} {itself}".strip()

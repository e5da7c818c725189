"""What every action needs of the dashboard: ask in a dialog, do one verb, say what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from backout_tui.domain.backout import Backout
from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.keys import CommandScreen
from backout_tui.ui.link import Link
from backout_tui.ui.situation import Item, Situation

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator

P = ParamSpec("P")
T = TypeVar("T")
Flow = Coroutine[Any, Any, None]

PATIENCE_S = 2.0
"""Seconds that keys wait for an action: a store that hangs must not keep anybody from leaving."""


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """The output of a command that has ended: whose it is ("step 4"), and the SHA-256 that names it."""

    label: str
    sha256: str


class Board(CommandScreen[int]):
    """A screen over a link. The actions, in `ui/actions`, are written against this."""

    def __init__(self, link: Link, now: Callable[[], datetime]) -> None:
        """`now` gives the time of day, aware."""
        super().__init__()
        self.link, self.now = link, now
        self._under_way: set[Worker[None]] = set()
        self._patience: Timer | None = None

    @property
    @abstractmethod
    def truth(self) -> Backout:
        """The backout as it stands."""

    @property
    @abstractmethod
    def situation(self) -> Situation:
        """Where the operator stands."""

    @property
    @abstractmethod
    def kept_output(self) -> KeptOutput | None:
        """The finished output that the dashboard shows, else the newest one."""

    @abstractmethod
    def action_command(self, command_id: str) -> None:
        """Do what a key of the table does, or say why not."""

    @abstractmethod
    def point_at(self, item: Item) -> None:
        """Put the cursor of the item's pane on it."""

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
    def takes_keys(self) -> bool:
        """Whether keys may come now: not while an action is under way, unless it takes long."""
        return super().takes_keys and not self._under_way

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Let the keys through when an action has come to its end."""
        if event.worker.is_finished and event.worker in self._under_way:
            self._under_way.discard(event.worker)
            self.release_keys()

    def on_screen_resume(self) -> None:
        """Back from a dialog: an action that goes on gets its time anew."""
        super().on_screen_resume()
        if self._under_way:
            self._wait_a_while()

    def _wait_a_while(self) -> None:
        if self._patience is not None:
            self._patience.stop()
        self._patience = self.set_timer(PATIENCE_S, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        self._under_way.clear()
        self.release_keys()

    async def do(self, verb: Callable[Concatenate[Operator, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do `verb`, and give what it returns; None when it was refused, or something is wrong: that was said."""
        try:
            return await self.link.call(verb, *args, **kwargs)
        except Refused as refused:
            self.say(refused.reason, warning=True)
        except BackoutError as error:
            self.tell_trouble(error)
        return None

    def tell_trouble(self, error: BackoutError) -> None:
        """Show what is wrong outside; the log goes on."""
        from backout_tui.ui.dialogs.tell import Tell  # trouble is rare: the first picture does not wait for it

        parts = [
            error.what[:1].upper() + error.what[1:] + ".",
            f"Where: {error.where}" if error.where else "",
            error.todo,
        ]
        self.app.push_screen(Tell("Something outside is wrong", "\n\n".join(filter(None, parts)), tone="warning"))

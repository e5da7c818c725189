"""What every action needs of the dashboard: what is true, where we stand, and one way to do a verb."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from backout_tui.domain.backout.state import Backout
from backout_tui.errors import BackoutError
from backout_tui.ui.dialogs.fates import Memory
from backout_tui.ui.dialogs.flow_screen import FlowScreen
from backout_tui.ui.night.link import Link
from backout_tui.ui.night.panes import controls_words
from backout_tui.ui.night.seen import Seen
from backout_tui.ui.night.situation import Item, Situation

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator

P = ParamSpec("P")
T = TypeVar("T")


class KeptOutput(Struct, frozen=True):
    """The output of a command that has ended: whose it is ("step 4"), and its SHA-256."""

    label: str
    sha256: str


BROAD, HIGH = 110, 34
"""The size from which all four panes are open."""


class Board(FlowScreen):
    """A screen over a link. The actions, in `ui/night/actions`, are written against this."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (BROAD, "-broad")]  # noqa: RUF012 - Textual's own, and never changed
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]  # noqa: RUF012 - as above

    seen: Seen
    """What the link saw last."""
    left_for_list = False
    """Whether the operator left for the list of all backouts and plans."""

    def __init__(self, link: Link, now: Callable[[], datetime]) -> None:
        """`now` gives the time of day, aware."""
        super().__init__(Memory(link.typed_before, link.keep_typed))
        self.link, self.now = link, now

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
        """The finished output that the dashboard shows, or else the newest one."""

    @abstractmethod
    def action_command(self, command_id: str) -> None:
        """Do what a key of the table does, or say why not."""

    @abstractmethod
    def point_at(self, item: Item) -> None:
        """Put the cursor of the item's pane on it."""

    def fit(self, width: int, height: int) -> None:
        """Set this size's breakpoints before the first layout; Textual sets them only after it and lays out again."""
        across = self._get_breakpoint_classes(width, self.HORIZONTAL_BREAKPOINTS)
        down = self._get_breakpoint_classes(height, self.VERTICAL_BREAKPOINTS)
        self.update_classes(dict.fromkeys(across | down, True), update=False)

    def tell_controls(self, before: Seen, now: Seen) -> None:
        """Say that the controls changed hands or are asked for; show the brief to the person who asked and got them."""
        if words := controls_words.news(before, now):
            self.say(words, warning=True)
        if controls_words.came(before, now) and self.app.screen is self:
            self.action_command("brief")

    async def do(self, verb: Callable[Concatenate[Operator, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do `verb` and return its result; None when it was refused or something failed, which the person was told."""
        return await self.outcome_of(self.link.call(verb, *args, **kwargs))

    async def look(self, verb: Callable[[Operator], T]) -> T | None:
        """Do something that nobody asked for; report what fails as for any look, and return None."""
        try:
            return await self.link.look(verb)
        except BackoutError as error:
            self.trouble(error)
        return None

    def held_by(self) -> str:
        """Return which process has the database locked just now."""
        return self.link.held_by()

"""An operator without files, so that the screens can be put into any state: what verbs draft is folded in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.holders import Asking, Holder
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.runs import Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.whereabouts import OutOfReach, Reach
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.doubt import Life
from backout_tui.domain.values import replace
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Decide, Operator, OutputPart, Receipt
from backout_tui.engine.soundness import Fault
from backout_tui.errors import BackoutError
from backout_tui.settings import MailSettings, Settings
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.night.dashboard import Dashboard
from backout_tui.ui.night.footer import KeyLine
from backout_tui.ui.night.link import Link
from backout_tui.ui.terminal.keys import SETTLE_S
from backout_tui.ui.widgets.one_line import OneLine
from tests.scenes import Scene
from tests.story import SAM, THREE_AM, Story


@dataclass
class StoppedClock:
    """A clock that stands still until it is moved."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def mono_ns(self) -> int:
        return int((self.moment - THREE_AM).total_seconds() * 1e9)

    def boot_id(self) -> str:
        return "5f1c6a9e-0000-4000-8000-000000000001"

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FakeOperator(Operator):
    """Works on a scene. `outputs` are what attempts printed, by their intents; `trouble` is raised by every look.

    It is the session that has the controls when they are this person's, unless they have them `elsewhere`. `gone`:
    whoever has them did not leave, and does not live; `unseen`: nobody can see from here whether they do.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        actor: Actor = SAM,
        holder_lives: bool = True,
        gone: bool = False,
        elsewhere: bool = False,
        unseen: bool = False,
        outputs: Mapping[str, str] | None = None,
        past: Past = NO_PAST,
    ) -> None:
        self.clock = StoppedClock(scene.now)
        settings = Settings(MailSettings(sender="backout@example.org"))
        desk = Desk(Path("/nowhere/backout.sqlite"), actor, settings, {}, Path("/srv/deploy"), "test", self.clock)
        super().__init__(desk, scene.backout)
        self.story = Story(list(scene.events), (scene.now - THREE_AM).total_seconds() / 60)
        self.began_with = len(self.story.events)
        self.lives, self.gone, self.unseen = holder_lives, gone, unseen
        self.asker_lives = True
        self.is_dashboard = True
        lease = scene.backout.lease
        if lease is not None and lease.actor.name == actor.name and not elsewhere:
            self.session.id = lease.session
        self.outputs = dict(outputs or {})
        self.blobs: dict[str, bytes] = {}
        self.living: dict[str, Life] = {}
        self.away: dict[str, OutOfReach] = {}
        self.trouble: BackoutError | None = None
        self.bug: Exception | None = None
        self.fault: Fault | None = None
        self.raw_output: bytes | None = None
        self.reads = 0
        self.asked: list[str] = []
        self.silent: dict[str, datetime] = {}
        self.known_past = past
        self.is_closed = False

    def tell(self, kind: str, /, **data: Any) -> Event:
        """Something that another process appended."""
        return self.story.tell(kind, **data)

    def refresh(self) -> Backout:
        if (wrong := self.trouble or self.bug) is not None:
            raise wrong
        self.backout = fold.fold(self.backout, self.story.events[self.backout.seq :])
        return self.backout

    def events(self, after: int = 0) -> list[Event]:
        return self.story.events[after:]

    def blob(self, sha256: str) -> bytes | None:
        return self.blobs.get(sha256)

    def output(self, attempt: Attempt, offset: int = 0) -> OutputPart:
        self.reads += 1
        text = self.outputs.get(attempt.intent, "").encode() if self.raw_output is None else self.raw_output
        return OutputPart(text[offset:], len(text))

    def holder_in(self, backout: Backout) -> Holder:
        if backout.lease is None or backout.lease.handed is not None:
            return Holder.FREE
        if backout.lease.session == self.session.id:
            return Holder.LIVES
        if self.unseen:
            return Holder.AWAY if backout.lease.gone is None else Holder.GONE
        return Holder.GONE if self.gone else Holder.LIVES if self.lives else Holder.FREE

    def asks_still(self, asking: Asking) -> bool:
        return self.asker_lives

    def learn_past(self) -> Past:
        self._past = self.known_past
        return self._past

    def silent_steps(self) -> Mapping[str, datetime]:
        return dict(self.silent)

    def why_not_act(self) -> Refusal | None:
        return self.why_no_controls_in(self.backout)

    def begun_session(self) -> dict[str, Any]:
        return {"session": self.session.id}

    def life_of(self, attempt: Attempt) -> Life:
        return self.living.get(attempt.intent, Life.GONE)

    def out_of_reach(self) -> Away:
        return dict(self.away)

    def reach_of(self, attempt: Attempt) -> Reach:
        return Reach.AWAY if attempt.intent in self.away else Reach.LIVES

    @contextmanager
    def yielding(self, to: Callable[[], bool]) -> Iterator[None]:
        yield

    def warm_up(self) -> None:
        self.asked.append("warm up")

    def whether_sound(self) -> Callable[[], Fault | None]:
        return lambda: self.fault

    def _append(self, decide: Decide) -> Receipt:
        if self.trouble is not None:
            raise self.trouble
        drafts: Sequence[Draft] = decide(self.refresh())
        minute = (self.clock.moment - THREE_AM).total_seconds() / 60
        told = [
            self.story.tell(draft.kind, minute, actor=self.actor, event_id=draft.event_id, **dict(draft.data))
            for draft in drafts
        ]
        self.backout = fold.fold(self.backout, told)
        return Receipt(told[-1] if told else None, None, self.backout)

    def close(self, *, left: bool = True) -> None:
        self.is_closed = True


def begin_without_a_supervisor(
    op: Operator,
    intent: str,
    request: Mapping[str, Any],
    secrets: Mapping[str, str],
    drafts: Callable[[Backout], Sequence[Draft]],
) -> Receipt:
    """Stands in for `attempts.begin`: the intent is appended, and nothing runs."""

    def with_id(backout: Backout) -> list[Draft]:
        *before, last = drafts(backout)
        return [*before, replace(last, event_id=intent)]

    return op.append(with_id)


def dashboard_of(operator: FakeOperator) -> tuple[BackoutApp, Dashboard]:
    """An app around the dashboard of `operator`, whose clock it shows. Close `dashboard.link` afterwards."""
    link = Link(lambda: operator)
    link.start()
    dashboard = Dashboard(link, link.opened(), operator.clock.now)
    return BackoutApp(dashboard, look="dark", signs="unicode"), dashboard


@dataclass
class Seat:
    """Somebody at the dashboard: presses keys, reads the screen."""

    app: BackoutApp
    dashboard: Dashboard
    operator: FakeOperator
    pilot: Pilot[Any]

    async def press(self, *keys: str) -> None:
        """Press one key after the other, and wait for what each brings about."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def type(self, text: str, *then: str) -> None:
        """Type `text`, and press the keys `then`."""
        for character in text:
            self.app.post_message(events.Key(_character_to_key(character), character))
        await self.rest()
        await self.press(*then)

    async def confirm(self, *keys: str) -> None:
        """Read the dialog, then press Enter: not sooner than it counts."""
        await asyncio.sleep(SETTLE_S + 0.05)
        await self.press(*keys, "enter")

    async def rest(self) -> None:
        """Wait until nothing is under way, neither in the loop nor in the link's thread, or something is asked."""
        for turn in range(100):
            await self.dashboard.link.call(_nothing)
            await self.pilot.pause()
            if turn > 1 and (self.is_asked() or not self.dashboard.is_busy):
                return
        raise AssertionError("an action does not come to its end")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition()` holds, for at most a minute."""
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, f"it did not come to that:\n{self.text}"
            await self.rest()

    @property
    def lines(self) -> list[str]:
        """What is on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def is_asked(self) -> bool:
        """Whether a dialog, or another screen, is on top of the dashboard."""
        return self.app.screen is not self.dashboard

    @property
    def said(self) -> str:
        """What the footer says in place of the keys."""
        return self.dashboard.query_one(KeyLine).said

    @property
    def next(self) -> str:
        """The Next line."""
        return self.dashboard.query_one("#next", OneLine).text

    @property
    def backout(self) -> Backout:
        """What is true for the operator."""
        return self.operator.backout

    @property
    def new_events(self) -> list[Event]:
        """What was appended since the scene."""
        return self.operator.story.events[self.operator.began_with :]

    @property
    def kinds(self) -> list[str]:
        """The kinds of what was appended since the scene."""
        return [event.kind for event in self.new_events]


def _nothing(_: Operator) -> None:
    """Only to wait for the thread."""


@asynccontextmanager
async def seated(scene: Scene, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Seat]:
    """Somebody at the dashboard of `scene`, in a terminal of that size; `options` are the operator's."""
    operator = FakeOperator(scene, **options)
    app, dashboard = dashboard_of(operator)
    try:
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, dashboard, operator, pilot)
            await seat.rest()
            yield seat
    finally:
        await asyncio.to_thread(dashboard.link.close)

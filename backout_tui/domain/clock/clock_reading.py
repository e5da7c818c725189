"""What the clock says at one moment: the moments that matter, the time in hand, and the mood. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from backout_tui.domain.backout.order import next_step
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.forecast import NOTHING_AHEAD, Ahead
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.moments import later


class Mood(StrEnum):
    """How the time stands: the last of these whose rule holds, or calm if none does."""

    CALM = "calm"  # done within the window even in the bad case, or there is no window to keep
    UNKNOWN = "unknown"  # a step has no estimate, or the end of the window is not known
    TIGHT = "tight"  # done within the window typically, but not in the bad case
    LATE = "late"  # not done within the window even typically, or the window is closed
    NO_WAY_BACK = "no_way_back"  # the point of no return has passed, whatever the window says


class WayBack(Struct, frozen=True):
    """The first step with no way back, and whether it is `behind` us or is the `next` thing to do."""

    step: str
    behind: bool = False
    next: bool = False


class Reading(Struct, frozen=True):
    """What the clock says at `at`. A moment is None if it is not known, or there is no such moment left.

    `decide_by` is the latest moment at which the work, in its bad case, still fits the window; it is set only while
    nobody has decided. `window` is the plan's own text if it cannot be counted. `asks_deployment`: the window counts
    from a deployment, and nobody has said when that was. `is_over`: the backout is closed, so there is no clock.
    """

    at: datetime
    ahead: Ahead = NOTHING_AHEAD
    done_by: datetime | None = None
    done_by_bad: datetime | None = None
    decide_by: datetime | None = None
    closes: datetime | None = None
    window: str = ""
    asks_deployment: bool = False
    deployed_at: datetime | None = None
    way_back: WayBack | None = None
    is_over: bool = False

    @property
    def spare(self) -> timedelta | None:
        """The time in hand in the typical case, negative if it is too late; None without a window."""
        return None if self.closes is None else self.closes - (self.done_by or self.at)

    @property
    def spare_bad(self) -> timedelta | None:
        """The same in the bad case."""
        return None if self.closes is None else self.closes - (self.done_by_bad or self.at)

    @property
    def fit(self) -> Mood:
        """How the work fits its window, without regard to the point of no return."""
        none = timedelta(0)
        if self.closes is not None and (self.closes <= self.at or (self.spare or none) < none):
            return Mood.LATE
        if self.spare_bad is not None and self.spare_bad < none:
            return Mood.TIGHT
        unknown = bool(self.ahead.unknown) or self.asks_deployment or bool(self.window)
        return Mood.UNKNOWN if unknown else Mood.CALM

    @property
    def mood(self) -> Mood:
        """The mood: no way back if that point has passed, otherwise `fit`."""
        return Mood.NO_WAY_BACK if self.way_back is not None and self.way_back.behind else self.fit


def read(backout: Backout, now: datetime, past: Past = NO_PAST) -> Reading:
    """What the clock says `now`; for a closed backout, only when its release was deployed."""
    if backout.closed_at is not None:
        return Reading(now, deployed_at=forecast.deployed_at(backout), is_over=True)
    left, closes = forecast.ahead(backout, now, past), forecast.window_closes(backout)
    asks = forecast.needs_deployment(backout)
    undecided = backout.decision is None and bool(left.known) and closes is not None
    return Reading(
        at=now,
        ahead=left,
        done_by=later(now, left.typical_s) if left.known else None,
        done_by_bad=later(now, left.bad_s) if left.known else None,
        decide_by=later(closes, -left.bad_s) if undecided and closes is not None else None,
        closes=closes,
        window=(backout.plan.fact("window") or "") if closes is None else "",
        asks_deployment=asks,
        deployed_at=forecast.deployed_at(backout),
        way_back=_way_back(backout),
    )


def _way_back(backout: Backout) -> WayBack | None:
    found = forecast.no_way_back_at(backout)
    if found is None:
        return None
    number, behind = found
    stuck = backout.leaves_in(StepStatus.FAILED) or backout.leaves_in(StepStatus.IN_DOUBT)
    first = next_step(backout) if not (behind or stuck) else None
    return WayBack(number, behind, next=first is not None and first.number == number)

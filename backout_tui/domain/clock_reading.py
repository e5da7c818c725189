"""What the clock says at one moment: the moments that matter, the time in hand, and the mood. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backout_tui.domain import clock
from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import NOTHING_AHEAD, Ahead
from backout_tui.domain.items import StepStatus
from backout_tui.domain.moments import later
from backout_tui.domain.next_wish import next_step
from backout_tui.domain.past import NO_PAST, Past


class Mood(StrEnum):
    """How the time stands: the last of these whose rule holds, and calm when none does."""

    CALM = "calm"  # done within the window even in the bad case, or there is no window to keep
    UNKNOWN = "unknown"  # a step has no estimate, or the end of the window is not known
    TIGHT = "tight"  # done within the window typically, and not in the bad case
    LATE = "late"  # not done within the window even typically, or the window is closed
    NO_WAY_BACK = "no_way_back"  # the point of no return is behind us, whatever the window says


@dataclass(frozen=True, slots=True)
class WayBack:
    """The first step with no way back; whether it is `behind` us, or the very `next` thing to do."""

    step: str
    behind: bool = False
    next: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says at `at`. Moments are None where nothing is known, or nothing of the kind is left.

    `decide_by` is the latest moment at which the work, in its bad case, still fits the window; only while nobody has
    decided. `window` is the plan's own word when it is not one that can be counted. `asks_deployment`: the window
    counts from a deployment of which nobody has said when it was. `is_over`: the backout is closed, there is no clock.
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
        """The time in hand in the typical case, negative when it is too late; None without a window."""
        return None if self.closes is None else self.closes - (self.done_by or self.at)

    @property
    def spare_bad(self) -> timedelta | None:
        """The same in the bad case."""
        return None if self.closes is None else self.closes - (self.done_by_bad or self.at)

    @property
    def fit(self) -> Mood:
        """How the work fits its window, whatever the way back."""
        none = timedelta(0)
        if self.closes is not None and (self.closes <= self.at or (self.spare or none) < none):
            return Mood.LATE
        if self.spare_bad is not None and self.spare_bad < none:
            return Mood.TIGHT
        unknown = bool(self.ahead.unknown) or self.asks_deployment or bool(self.window)
        return Mood.UNKNOWN if unknown else Mood.CALM

    @property
    def mood(self) -> Mood:
        """The mood; see there."""
        return Mood.NO_WAY_BACK if self.way_back is not None and self.way_back.behind else self.fit


def read(backout: Backout, now: datetime, past: Past = NO_PAST) -> Reading:
    """What the clock says `now`; of a closed backout, only when its release was deployed."""
    if backout.closed_at is not None:
        return Reading(now, deployed_at=clock.deployed_at(backout), is_over=True)
    left, closes = clock.ahead(backout, now, past), clock.window_closes(backout)
    asks = clock.needs_deployment(backout)
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
        deployed_at=clock.deployed_at(backout),
        way_back=_way_back(backout),
    )


def _way_back(backout: Backout) -> WayBack | None:
    found = clock.no_way_back_at(backout)
    if found is None:
        return None
    number, behind = found
    stuck = backout.leaves_in(StepStatus.FAILED) or backout.leaves_in(StepStatus.IN_DOUBT)
    first = next_step(backout) if not (behind or stuck) else None
    return WayBack(number, behind, next=first is not None and first.number == number)

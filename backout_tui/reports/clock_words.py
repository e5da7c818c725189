"""What the clock says, in words: each saying in full, and a short form where there is little room. Pure.

The head of the dashboard, `show` and the report use the same sayings; every mood has its own words.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from backout_tui.domain.clock.clock_reading import Mood, Reading
from backout_tui.domain.moments import hour
from backout_tui.domain.spans import in_words
from backout_tui.domain.text import clean_line


class Saying(Struct, frozen=True):
    """Words, and a shorter form of them; both are "" when there is nothing to say."""

    text: str = ""
    short: str = ""


NOTHING = Saying()


def done(reading: Reading) -> Saying:
    """When we finish if we go on now, typically and in the bad case; "at least" if a step has no estimate."""
    if reading.done_by is None or reading.done_by_bad is None:
        return Saying("nothing says how long it takes", "end not known") if reading.ahead.unknown else NOTHING
    typical = hour(reading.done_by, reading.at)
    bad = hour(reading.done_by_bad, reading.done_by.astimezone(reading.at.tzinfo))  # the date is said once
    if reading.ahead.unknown:
        return Saying(f"At least until {typical} if we go now", f"At least until {typical}")
    if typical.endswith(bad):
        return Saying(f"Done by {typical} if we go now", f"Done by {typical}")
    return Saying(f"Done by {typical} if we go now, {bad} at worst", f"Done by {typical}-{bad}")


def unknown(reading: Reading) -> Saying:
    """How many steps have no estimate."""
    count = reading.ahead.unknown
    return Saying(f"{count} step{'' if count == 1 else 's'} without estimate") if count else NOTHING


def decide(reading: Reading) -> Saying:
    """The latest moment to decide so that the work fits the window even in the bad case."""
    if reading.decide_by is None or _is_closed(reading):
        return NOTHING
    late = reading.at - reading.decide_by
    if late > timedelta(0):
        return Saying(f"decide now: {span(late)} past the latest moment", "decide now")
    end = hour(reading.decide_by, reading.at)
    return Saying(
        f"decide before {end}" if reading.ahead.unknown else f"decide by {end} at the latest", f"decide by {end}"
    )


def window(reading: Reading) -> Saying:
    """The end of the window, or what is unknown about it."""
    if reading.asks_deployment:
        said = clean_line(reading.window)
        return Saying(f"window {said}: when was it deployed?", "deployed when?")
    if reading.closes is None:
        return Saying(f"window: {clean_line(reading.window)}", "") if reading.window else NOTHING
    end = hour(reading.closes, reading.at)
    if _is_closed(reading):
        return Saying(f"window closed at {end}, {span(reading.at - reading.closes)} ago", f"window closed {end}")
    return Saying(f"window closes {end}", f"window {end}")


def in_hand(reading: Reading) -> Saying:
    """The time in hand: spare, short in the bad case, or too late."""
    spare, spare_bad = reading.spare, reading.spare_bad
    if spare is None or spare_bad is None or _is_closed(reading):
        return NOTHING
    if spare < timedelta(0):
        return Saying(f"too late by {span(-spare)}", f"{span(-spare)} too late")
    if reading.done_by is None:
        return Saying(f"{span(spare)} left")
    if reading.fit is Mood.TIGHT:
        return Saying(f"{span(spare)} spare, but {span(-spare_bad)} too late at worst", f"{span(spare)} spare, tight")
    return Saying(f"{span(spare)} spare")


def way_back(reading: Reading) -> Saying:
    """The point of no return: ahead, next, or behind us."""
    way = reading.way_back
    if way is None:
        return NOTHING
    if way.behind:
        return Saying(f"NO WAY BACK: step {way.step} was begun", f"NO WAY BACK ({way.step})")
    if way.next:
        return Saying(f"next is step {way.step}: no way back after it", f"no way back: step {way.step}")
    return Saying(f"no way back after step {way.step}", f"⚑ at {way.step}")


def sayings(reading: Reading) -> tuple[str, ...]:
    """All that the clock says, in order, each in its full form; hours are those of a clock beside `reading.at`."""
    said = (
        done(reading), unknown(reading), decide(reading), window(reading), in_hand(reading),
        way_back(reading),
    )  # fmt: skip
    return tuple(one.text for one in said if one.text)


def span(time: timedelta) -> str:
    """A span in minutes, for people: `19 min`, `2 h 5 min`; `under a minute`."""
    minutes = int(time.total_seconds() // 60)
    if not minutes:
        return "under a minute"
    return in_words(minutes * 60) if minutes >= 90 else f"{minutes} min"


def _is_closed(reading: Reading) -> bool:
    return reading.closes is not None and reading.closes <= reading.at

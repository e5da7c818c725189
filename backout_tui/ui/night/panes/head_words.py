"""The words of the three lines at the top. Pure; each line drops what matters least to fit its width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from msgspec import Struct
from rich.cells import cell_len

from backout_tui.domain.backout import rehearsing
from backout_tui.domain.backout.holders import NO_STANDING, Standing
from backout_tui.domain.backout.order import done_of
from backout_tui.domain.backout.state import Backout, Decision, Phase
from backout_tui.domain.backout.states import MESSAGE, CheckVerdict
from backout_tui.domain.clock import clock_reading
from backout_tui.domain.clock.clock_reading import Mood, Reading
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.moments import hour
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.authority import PROXY, decider_words
from backout_tui.domain.spans import about
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.reports import clock_words
from backout_tui.reports.clock_words import Saying
from backout_tui.ui.night.panes import controls_words
from backout_tui.ui.widgets.lines import fit
from backout_tui.ui.widgets.one_line import Word


class Part(Struct, frozen=True):
    """A part of a line. When space is short, the part with the highest `rank` turns `short`, then disappears.

    A part with rank 0 never disappears. `yields` is the rank at which a part turns short, if that differs from `rank`.
    """

    text: str
    tone: str = ""
    rank: int = 0
    short: str = ""
    yields: int = 0


def joined(parts: Sequence[Part], width: int, gap: str = " · ") -> list[Word]:
    """The parts that fit into `width` cells, with `gap` between them."""
    shown = [replace(part, text=clean_line(part.text), short=clean_line(part.short)) for part in parts if part.text]
    while _width(shown, gap) > width and (ranked := [part for part in shown if part.rank or part.short]):
        least = max(ranked, key=lambda part: (bool(part.short), (part.yields if part.short else 0) or part.rank))
        at = shown.index(least)
        shown[at : at + 1] = [Part(least.short, least.tone, least.rank)] if least.short else []
    words: list[Word] = []
    for part in _cut(shown, _width(shown, gap) - width):
        words += [Word(gap, "dim")] if words else []
        words.append(Word(part.text, part.tone))
    return words


def _cut(parts: list[Part], surplus: int) -> list[Part]:
    """The parts with the long ones cut, so that no long name can hide that this is a rehearsal."""
    cells = [cell_len(part.text) for part in parts]
    room = sum(cells) - surplus
    most = next((most for most in range(max(cells, default=0), 0, -1) if sum(min(most, n) for n in cells) <= room), 1)
    return [replace(part, text=fit(part.text, min(most, n))) for part, n in zip(parts, cells, strict=True)]


def _width(parts: Sequence[Part], gap: str) -> int:
    return sum(cell_len(part.text) for part in parts) + cell_len(gap) * max(0, len(parts) - 1)


def title(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing = NO_STANDING) -> list[Part]:
    """What is backed out and where, whether it is real, and who has the controls."""
    release = backout.release
    back = f" → {release.returns_to}" if release.returns_to else ""
    return [
        Part(f"{release}{back}", "strong"),
        Part(release.environment, "", rank=3),
        Part("LIVE", "strong") if backout.live else Part("REHEARSAL", "loud"),
        *([Part("shows its mail, sends none", "warning", rank=4)] if backout.live and not backout.sends_mail else []),
        _controls(backout, actor, no_controls, standing),
    ]


NOTHING_AWAITED: Mapping[str, str] = MappingProxyType({})
_COPY = Part("A COPY: it is only read; T adopts it", "loud", short="A COPY: T adopts it")


def title_in(backout: Backout, title: str) -> str:
    """The title of a sheet about `backout`; it names a rehearsal, because the sheet hides the dashboard's head."""
    return title if backout.live else f"{title} · REHEARSAL"


def banner(fault: str) -> list[Word]:
    """The full warning that the log is not what was written; [] for a sound log."""
    return [Word(f"THE LOG IS NOT SOUND: {fault}", "alarm")] if fault else []


def marks(
    backout: Backout,
    actor: str = "",
    standing: Standing = NO_STANDING,
    unseen: str = "",
    awaiting: Mapping[str, str] = NOTHING_AWAITED,
) -> list[Part]:
    """The line that nothing may displace: who asks for the controls, which gate was bypassed."""
    wanted = controls_words.wanted(backout, actor, standing)
    unapproved = not backout.ref.approved and bool(backout.plan.parts)
    unnamed = backout.decision is not None and not backout.decision.named_authoriser
    early = backout.decision.early_s if backout.decision is not None and not unnamed else 0
    return [
        *([Part(wanted[0], "alarm", short=wanted[1])] if wanted is not None else []),
        *([_COPY] if backout.copied else []),
        *(Part(words, "warning", short=words.partition(" (")[0]) for words in awaiting.values()),
        *([Part(unseen, "warning")] if unseen else []),
        *([] if backout.live else [Part(rehearsing.words(backout), "loud")]),
        *([Part("plan not approved", "warning", short="not approved")] if unapproved else []),
        *([Part("decision: not the named authoriser", "warning", short="not the authoriser")] if unnamed else []),
        *([Part(f"decision: by {decider_words(PROXY, early)}", "warning", short="proxy, early")] if early else []),
        *([Part("glass broken", "warning")] if backout.glass else []),
    ]


def _controls(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing) -> Part:
    if backout.closed_at is not None:
        return Part("read only", rank=1)
    words, tone, short = controls_words.who_has_them(backout, actor, no_controls, standing)
    return Part(words, tone, rank=0 if tone else 2, short=short)


def hours(at: datetime) -> tuple[str, str]:
    """The operator's local time with its zone, and UTC; the second is "" when both are the same."""
    local = at.strftime("%H:%M %Z")
    utc = at.astimezone(UTC).strftime("%H:%M UTC")
    return (utc, "") if at.tzname() == "UTC" else (local, utc)


def phases(backout: Backout) -> list[Part]:
    """The line of phases with the progress of each one; the current one is marked."""
    if backout.phase is Phase.CLOSED:
        outcome = backout.verdict.outcome if backout.verdict is not None else ""
        return [Part("Closed", "strong"), Part(outcome, "good" if outcome == "backed-out" else "warning")]
    if backout.decision is not None and not backout.backs_out:
        return list(_other_way(backout, backout.decision))
    return list(_phase_parts(backout))


def _other_way(backout: Backout, decision: Decision) -> Iterator[Part]:
    """The line of phases when the decision was not to back out."""
    yield Part("Identify ✔", "good", rank=5)
    yield Part("Decide ✔", "good", rank=4)
    yield Part(f"▶ {decision.kind.replace('-', ' ').upper()}, decided by {decision.by}", "loud")
    yield _told(backout)
    yield Part("Verdict", "dim", rank=5)


def _phase_parts(backout: Backout) -> Iterator[Part]:
    order = [Phase.IDENTIFYING, Phase.DECIDING, Phase.BACKING_OUT, Phase.VERIFYING, Phase.VERDICT]
    now = order.index(backout.phase)
    passed = sum(check.verdict is CheckVerdict.PASS for check in backout.checks.values())
    settled, of_all = done_of(backout)
    counts = ("", "", f" {settled}/{of_all}", f" {passed}/{len(backout.checks)}", "")
    for index, name in enumerate(("Identify", "Decide", "Back out", "Verify", "Verdict")):
        done = index < now
        text = f"▶ {name}{counts[index]}" if index == now else f"{name}{counts[index]}{' ✔' if done else ''}"
        tone = "strong" if index == now else "good" if done else "dim"
        yield Part(text, tone, rank=5 if name == "Verdict" and index != now else 0)
        if name == "Verify":
            yield _told(backout)


def _told(backout: Backout) -> Part:
    told = sum(MESSAGE[message.state].told for message in backout.messages.values())
    return Part(f"Communicate {told}/{len(backout.messages)}", "", rank=4, short=f"Tell {told}/{len(backout.messages)}")


def time_line(backout: Backout, at: datetime, past: Past = NO_PAST) -> list[Part]:
    """When it is done if it goes on now, what the window allows, and where the point of no return is."""
    if backout.phase is Phase.CLOSED:
        return _closed(backout, at)
    reading = clock_reading.read(backout, at, past)
    behind = reading.way_back is not None and reading.way_back.behind
    asks = reading.asks_deployment
    return [
        _said(clock_words.done(reading), _FIT.get(reading.fit, ""), yields=9),
        _said(clock_words.unknown(reading), "dim", rank=5),
        _said(clock_words.decide(reading), "strong", rank=1, yields=7),
        _said(clock_words.window(reading), _window_tone(reading), rank=0 if asks else 3, yields=1 if asks else 6),
        _said(clock_words.in_hand(reading), _SPARE.get(reading.fit, ""), yields=5),
        _said(clock_words.way_back(reading), _way_tone(reading), rank=0 if behind else 4, yields=2),
    ]


_FIT = {Mood.LATE: "bad", Mood.TIGHT: "warning", Mood.UNKNOWN: "strong"}
_SPARE = {Mood.LATE: "bad", Mood.TIGHT: "warning", Mood.CALM: "good"}


def _said(saying: Saying, tone: str, rank: int = 0, yields: int = 0) -> Part:
    return Part(saying.text, tone if saying.text else "", rank, saying.short, yields)


def _window_tone(reading: Reading) -> str:
    if reading.asks_deployment:
        return "warning"
    return "bad" if reading.closes is not None and reading.closes <= reading.at else ""


def _way_tone(reading: Reading) -> str:
    if reading.way_back is None:
        return ""
    return "loud" if reading.way_back.behind else "warning" if reading.way_back.next else ""


def _closed(backout: Backout, at: datetime) -> list[Part]:
    assert backout.closed_at is not None
    took = int((backout.closed_at - backout.opened_at).total_seconds()) if backout.opened_at is not None else 0
    by = f"by {backout.closed_by} at {hour(backout.closed_at, at)}"
    return [Part(by), Part(f"after {about(took)}"), Part(f"head {backout.head}", "dim", rank=1)]

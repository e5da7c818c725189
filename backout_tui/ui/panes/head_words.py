"""The words of the three lines at the top. Pure; each line is cut to its width by leaving out what matters least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.cells import cell_len

from backout_tui.domain import clock
from backout_tui.domain.backout import Backout, Phase
from backout_tui.domain.controls import NO_STANDING, Standing
from backout_tui.domain.gates import Refusal
from backout_tui.domain.items import StepStatus
from backout_tui.domain.spans import estimate_words
from backout_tui.domain.text import clean_line
from backout_tui.ui.lines import fit
from backout_tui.ui.one_line import Word
from backout_tui.ui.panes import controls_words

_GOOD_MESSAGES = ("sent", "shown")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line. When space is short, the one of the highest `rank` becomes `short`, then goes; 0 never goes."""

    text: str
    tone: str = ""
    rank: int = 0
    short: str = ""


def joined(parts: Sequence[Part], width: int, gap: str = " · ") -> list[Word]:
    """The parts that fit on `width` cells, `gap` between them."""
    shown = [Part(clean_line(part.text), part.tone, part.rank, clean_line(part.short)) for part in parts if part.text]
    while _width(shown, gap) > width and (ranked := [part for part in shown if part.rank or part.short]):
        least = max(ranked, key=lambda part: (bool(part.short), part.rank))
        at = shown.index(least)
        shown[at : at + 1] = [Part(least.short, least.tone, least.rank)] if least.short else []
    words: list[Word] = []
    for part in _cut(shown, _width(shown, gap) - width):
        words += [Word(gap, "dim")] if words else []
        words.append(Word(part.text, part.tone))
    return words


def _cut(parts: list[Part], surplus: int) -> list[Part]:
    """The parts with the long ones cut, so that no long name can crowd out that this is a rehearsal."""
    cells = [cell_len(part.text) for part in parts]
    room = sum(cells) - surplus
    most = next((most for most in range(max(cells, default=0), 0, -1) if sum(min(most, n) for n in cells) <= room), 1)
    return [replace(part, text=fit(part.text, min(most, n))) for part, n in zip(parts, cells, strict=True)]


def _width(parts: Sequence[Part], gap: str) -> int:
    return sum(cell_len(part.text) for part in parts) + cell_len(gap) * max(0, len(parts) - 1)


def title(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing = NO_STANDING) -> list[Part]:
    """What is taken out of where, whether it is real, and who has the controls."""
    release = backout.release
    back = f" → {release.returns_to}" if release.returns_to else ""
    return [
        Part(f"{release}{back}", "strong"),
        Part(release.environment, "", rank=3),
        Part("LIVE", "strong") if backout.live else Part("REHEARSAL", "loud"),
        *([Part("shows its mail, sends none", "warning", rank=4)] if backout.live and not backout.sends_mail else []),
        _controls(backout, actor, no_controls, standing),
    ]


def marks(
    backout: Backout, fault: str = "", actor: str = "", standing: Standing = NO_STANDING, unseen: str = ""
) -> list[Part]:
    """What nothing may crowd out, on a line of its own: who asks for the controls, a fault, what went around a gate."""
    wanted = controls_words.wanted(backout, actor, standing)
    unapproved = not backout.ref.approved and bool(backout.plan.parts)
    unnamed = backout.decision is not None and not backout.decision.named_authoriser
    return [
        *([Part(wanted[0], "alarm", short=wanted[1])] if wanted is not None else []),
        *([Part(f"THE LOG IS NOT SOUND: {fault}", "alarm")] if fault else []),
        *([Part(unseen, "warning")] if unseen else []),
        *([] if backout.live else [Part("A rehearsal: nothing runs, nothing is sent", "loud")]),
        *([Part("plan not approved", "warning", short="not approved")] if unapproved else []),
        *([Part("decision: not the named authoriser", "warning", short="not the authoriser")] if unnamed else []),
        *([Part("glass broken", "warning")] if backout.glass else []),
    ]


def _controls(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing) -> Part:
    if backout.closed_at is not None:
        return Part("read only", rank=1)
    words, tone, short = controls_words.who_has_them(backout, actor, no_controls, standing)
    return Part(words, tone, rank=0 if tone else 2, short=short)


def hours(at: datetime) -> tuple[str, str]:
    """The operator's hour with its zone, and the same in UTC; the second "" when it is the same."""
    local = at.strftime("%H:%M %Z")
    utc = (at - (at.utcoffset() or timedelta())).strftime("%H:%M UTC")
    return (utc, "") if at.tzname() == "UTC" else (local, utc)


def phases(backout: Backout) -> list[Part]:
    """The line of phases with how far each one is; the one of now is marked."""
    if backout.phase is Phase.CLOSED:
        outcome = backout.verdict.outcome if backout.verdict is not None else ""
        return [Part("Closed", "strong"), Part(outcome, "good" if outcome == "backed-out" else "warning")]
    return list(_phase_parts(backout))


def _phase_parts(backout: Backout) -> Iterator[Part]:
    order = [Phase.IDENTIFYING, Phase.DECIDING, Phase.BACKING_OUT, Phase.VERIFYING, Phase.VERDICT]
    now = order.index(backout.phase)
    passed = sum(check.verdict == "pass" for check in backout.checks.values())
    told = sum(message.state in _GOOD_MESSAGES for message in backout.messages.values())
    counts = ("", "", f" {backout.settled}/{len(backout.leaves)}", f" {passed}/{len(backout.checks)}", "")
    for index, name in enumerate(("Identify", "Decide", "Back out", "Verify", "Verdict")):
        done = index < now
        text = f"▶ {name}{counts[index]}" if index == now else f"{name}{counts[index]}{' ✔' if done else ''}"
        tone = "strong" if index == now else "good" if done else "dim"
        yield Part(text, tone, rank=5 if name == "Verdict" and index != now else 0)
        if name == "Verify":
            yield Part(
                f"Communicate {told}/{len(backout.messages)}", "", rank=4, short=f"Tell {told}/{len(backout.messages)}"
            )


def time_line(backout: Backout, at: datetime) -> list[Part]:
    """When it is done if it goes on now, what the window allows, and where there is no way back."""
    if backout.phase in (Phase.CLOSED, Phase.VERDICT):
        return [_window(backout, at, None)] if backout.phase is Phase.VERDICT else _closed(backout, at)
    end = clock.finish(backout, at)
    done_by = Part(f"Done by {_hour(end, at)} if we go now", short=f"Done by {_hour(end, at)}") if end else Part("")
    unknown = clock.ahead(backout, at).unknown
    steps = "step" if unknown == 1 else "steps"
    vague = Part(f"{unknown} {steps} without estimate" if unknown else "", "dim", rank=4)
    return [done_by, vague, _window(backout, at, end), _no_way_back(backout)]


def _closed(backout: Backout, at: datetime) -> list[Part]:
    assert backout.closed_at is not None
    took = int((backout.closed_at - backout.opened_at).total_seconds()) if backout.opened_at is not None else 0
    by = f"by {backout.closed_by} at {_hour(backout.closed_at, at)}"
    return [Part(by), Part(f"after {estimate_words(took)}"), Part(f"head {backout.head}", "dim", rank=1)]


def _window(backout: Backout, at: datetime, end: datetime | None) -> Part:
    closes = clock.window_closes(backout)
    if closes is None:
        return Part("")
    hour = _hour(closes, at)
    if closes <= at:
        return Part(f"window closed at {hour}, {_span(at - closes)} ago", "warning", short=f"window closed {hour}")
    spare = closes - (end or at)
    if spare < timedelta(0):
        return Part(f"window closes {hour}, {_span(-spare)} too late", "warning", short=f"{_span(-spare)} too late")
    said = "spare" if end is not None else "left"
    return Part(f"window closes {hour}, {_span(spare)} {said}", short=f"window {hour}, {_span(spare)} {said}")


def _no_way_back(backout: Backout) -> Part:
    found = clock.no_way_back_at(backout)
    if found is None:
        return Part("")
    number, behind = found
    if behind:
        return Part(f"no way back: step {number} was begun", "warning", short=f"no way back ({number})")
    next_one = next((step.number for step in backout.leaves_in(StepStatus.PENDING)), "")
    tone = "warning" if next_one == number else ""
    return Part(f"no way back after step {number}", tone, short=f"⚑ at {number}", rank=3)


def _hour(moment: datetime | None, at: datetime) -> str:
    return moment.astimezone(at.tzinfo).strftime("%H:%M") if moment is not None else ""


def _span(span: timedelta) -> str:
    """A span in minutes, for people: `19 min`, `2 h 05`."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 90 else f"{minutes} min"

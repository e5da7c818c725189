"""What the program ran, for steps and for checks; what a person saw of a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.reports.sentences.pieces import Sentence, beside, entries, joined, labelled, text, took, with_reason


def _named(what: str, data: Mapping[str, Any]) -> str:
    number = data.get("attempt")
    again = f", attempt {number}" if isinstance(number, int) and number > 1 else ""
    return f"{what} {text(data, what)}{again}"


def _probe(data: Mapping[str, Any]) -> str:
    number = data.get("attempt")
    again = f", run {number}" if isinstance(number, int) and number > 1 else ""
    return f"the probe of step {text(data, 'step')}{again}"


def _probed(data: Mapping[str, Any]) -> str:
    said = "says yes" if data.get("result") == "done" else "says no"
    span = took(data.get("duration_ms"))
    last = text(data, "last").rpartition("\n")[2]
    verb = "could not be judged" if data.get("inconclusive") else said
    return joined(f"{_probe(data)} {verb}{' after ' + span if span else ''}", text(data, "why"), labelled("last", last))


def _started(what: str) -> Sentence:
    return lambda data: joined(
        with_reason(f"started {_instead(data)}{_named(what, data)}", text(data, "command")),
        labelled("until", text(data, "until")),
        labelled("out of order", text(data, "out_of_order")),
        beside(data),
    )


def _instead(data: Mapping[str, Any]) -> str:
    return "the rehearsal command of " if data.get("rehearsed") == "instead" else ""


def _finished(what: str) -> Sentence:
    ended = {"step": ("is done", "has failed"), "check": ("passed", "did not pass")}[what]

    def sentence(data: Mapping[str, Any]) -> str:
        verb = ended[0 if data.get("result") == "done" else 1]
        if data.get("inconclusive"):
            verb = "could not be judged"
        span = took(data.get("duration_ms"))
        tries = data.get("tries")
        tried = f", {tries} {'try' if tries == 1 else 'tries'}" if isinstance(tries, int) else ""
        return joined(
            f"{_named(what, data)} {verb}{' after ' + span if span else ''}{tried}",
            text(data, "why") or _not_met(data) or _stopped(data),
            _captured(data),
        )

    return sentence


def _captured(data: Mapping[str, Any]) -> str:
    kept = data.get("captured")
    return f"{text(kept, 'name')} is {text(kept, 'value')}" if isinstance(kept, Mapping) else ""


def _stopped(data: Mapping[str, Any]) -> str:
    by = text(data, "stopped_by")
    return f"stopped by {by}" if by else ""


def _not_met(data: Mapping[str, Any]) -> str:
    missed = [text(one, "text") for one in entries(data, "expect") if not one.get("met")]
    return joined(*(f"{expected} was expected and not found" for expected in missed))


def _not_started(what: str) -> Sentence:
    return lambda data: with_reason(f"{_named(what, data)} was not started after all", text(data, "why"))


def _in_doubt(what: str) -> Sentence:
    return lambda data: with_reason(f"{_named(what, data)} is in doubt", text(data, "why"))


def _shown(what: str) -> Sentence:
    return lambda data: joined(
        with_reason(f"showed {_named(what, data)}, it does not run in this rehearsal", text(data, "command")),
        labelled("out of order", text(data, "out_of_order")),
        beside(data),
    )


SENTENCES: Mapping[str, Sentence] = {
    **{f"{what.capitalize()}Started": _started(what) for what in ("step", "check")},
    **{f"{what.capitalize()}Finished": _finished(what) for what in ("step", "check")},
    **{f"{what.capitalize()}NotStarted": _not_started(what) for what in ("step", "check")},
    **{f"{what.capitalize()}InDoubt": _in_doubt(what) for what in ("step", "check")},
    **{f"{what.capitalize()}Shown": _shown(what) for what in ("step", "check")},
    "ProbeStarted": lambda data: with_reason(f"started {_probe(data)}", text(data, "command")),
    "ProbeFinished": _probed,
    "ProbeNotStarted": lambda data: with_reason(f"{_probe(data)} was not started after all", text(data, "why")),
    "ProbeInDoubt": lambda data: with_reason(f"{_probe(data)} is in doubt", text(data, "why")),
    "ProbeShown": lambda data: with_reason(f"showed {_probe(data)}, a rehearsal runs nothing", text(data, "command")),
    "StepStopAsked": lambda data: f"asked step {text(data, 'step')} to stop",
    "CheckRecorded": lambda data: with_reason(
        f"check {text(data, 'check')}: {text(data, 'verdict')}", text(data, "note")
    ),
}

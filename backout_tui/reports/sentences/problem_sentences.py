"""Sentences for problems, the decision, calls and the verdict."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from backout_tui.domain.backout.choices import CALL, ProblemKind, Seen
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payload import told
from backout_tui.domain.backout.payloads.backout_payloads import (
    Assigned,
    Called,
    Decided,
    ProblemChanged,
    ProblemLogged,
    ProblemResolved,
    Verdict,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.rules.authority import OTHER, decider_words
from backout_tui.reports.sentences.piece_sentences import Sentence, joined, labelled, saying, with_reason

_STRANGER = " (no contact of the plan)"


def _logged(said: ProblemLogged) -> str:
    severity, assignee = (told(said, name).get(name, "") for name in ("severity", "assignee"))
    return joined(
        f"logged {said.problem}{', ' + severity if severity else ''}: {said.title}",
        said.kind.words if said.kind is not UNSET and said.kind is not ProblemKind.FAULT else "",
        "seen during the deployment" if said.seen is Seen.DURING else "",
        f"assigned to {assignee}{_STRANGER if said.no_contact else ''}" if assignee else "",
        "with an output" if said.output else "",
    )


def _changed(said: ProblemChanged) -> str:
    changes = told(said, "title", "severity", "kind", "seen", "detail")
    changes |= {"kind": said.kind.words} if said.kind is not UNSET else {}
    stranger = _STRANGER if said.no_contact else ""
    assigned = f"assigned to {said.assignee or 'nobody'}{stranger}" if said.assignee is not UNSET else ""
    attached = "an output attached" if said.output else ""
    return with_reason(
        f"changed {said.problem}", joined(*(labelled(*one) for one in changes.items()), assigned, attached)
    )


def _decided(said: Decided) -> str:
    return with_reason(
        f"{said.by} decided to {said.kind.replace('-', ' ')}",
        said.reason,
        labelled("asked", said.question),
        labelled("agreed", said.agreed),
        decider_words(said.role, said.early_s) if said.named_authoriser else decider_words(OTHER, 0),
        "break-glass" if said.break_glass else "",
    )


def _called(event: Event) -> str:
    said = event.says(Called)
    return joined(
        f"called {said.name}{_STRANGER if said.no_contact else ''}: {CALL[said.result].words}",
        said.note,
        f"to be called again at {hour_utc(said.follow_up, event.when)}" if said.follow_up is not None else "",
    )


SENTENCES: Mapping[str, Sentence] = {
    EventKind.PROBLEM_LOGGED: saying(ProblemLogged, _logged),
    EventKind.PROBLEM_CHANGED: saying(ProblemChanged, _changed),
    EventKind.PROBLEM_ASSIGNED: saying(
        Assigned, lambda said: f"assigned {said.problem} to {said.assignee}{_STRANGER if said.no_contact else ''}"
    ),
    EventKind.PROBLEM_RESOLVED: saying(
        ProblemResolved, lambda said: with_reason(f"resolved {said.problem}", said.note)
    ),
    EventKind.DECIDED: saying(Decided, _decided),
    EventKind.CALL_LOGGED: _called,
    EventKind.VERDICT_GIVEN: saying(Verdict, lambda said: with_reason(f"verdict: {said.outcome}", said.reason)),
}

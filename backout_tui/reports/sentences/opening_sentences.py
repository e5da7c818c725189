"""Sentences for opening, closing, notes and variables."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.choices import Mode
from backout_tui.domain.backout.payloads.backout_payloads import (
    Closed,
    DeployedAt,
    Glass,
    Note,
    Opened,
    PrerequisiteAnswered,
    PrerequisitesLeft,
    Reason,
    Reopened,
    Variable,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.codec import rfc3339
from backout_tui.reports.sentences.piece_sentences import Sentence, joined, labelled, listed, saying, with_reason


def _opened(said: Opened) -> str:
    release, plan = said.release, said.plan
    where = f" in {release.environment}" if release.environment else ""
    what = f"backout of {release} to {release.returns_to}{where}"
    opened = f"opened the {what}"
    if said.mode is Mode.REHEARSAL:
        rehearsed = f"what says so runs in {said.rehearsed_in}" if said.rehearsed_in else "nothing is run"
        opened = f"opened a rehearsal of the {what}: {rehearsed}, nothing is sent"
    has_plan = bool(said.content.get("parts"))
    return joined(
        opened,
        f"plan {plan.id} revision {plan.revision}" if plan.id else "",
        "the plan is not approved" if has_plan and not plan.approved else "",
        "" if has_plan else "there is no plan",
        labelled(f"plan check found {listed(plan.despite)}, and it was approved all the same", plan.despite_why),
        labelled("confirmed what is read otherwise than when it was approved", "; ".join(said.read_otherwise)),
        labelled("deployed at", rfc3339(said.deployed_at) if said.deployed_at is not None else ""),
        labelled("because", said.reason),
    )


def _deployed_at(said: DeployedAt) -> str:
    if said.deployed_at is None:
        return "was asked when the release was deployed, and does not know"
    return f"said when the release was deployed: {rfc3339(said.deployed_at)}"


def _closed(said: Closed) -> str:
    return joined(
        f"closed the backout as {said.outcome}" if said.outcome else "closed the backout",
        labelled("left open", listed(said.left_open)),
        labelled("because", said.reason),
    )


def _answered(said: PrerequisiteAnswered) -> str:
    text = f", {said.text}" if said.text else ""
    return with_reason(f"before the start: {said.answer} to {said.number}{text}", said.reason)


def _left(said: PrerequisitesLeft) -> str:
    numbers = ", ".join(map(str, said.left))
    return with_reason(f"started although not everything was ticked in Before you start (left: {numbers})", said.reason)


def _variable(said: Variable) -> str:
    return with_reason(f"set the variable {said.name} to {said.value}", said.reason)


SENTENCES: Mapping[str, Sentence] = {
    EventKind.BACKOUT_OPENED: saying(Opened, _opened),
    EventKind.DEPLOYED_AT_SET: saying(DeployedAt, _deployed_at),
    EventKind.GLASS_BROKEN: saying(Glass, lambda said: with_reason(f"BREAK-GLASS to {said.what}", said.reason)),
    EventKind.VARIABLE_SET: saying(Variable, _variable),
    EventKind.PREREQUISITE_ANSWERED: saying(PrerequisiteAnswered, _answered),
    EventKind.PREREQUISITES_LEFT: saying(PrerequisitesLeft, _left),
    EventKind.NOTE_ADDED: saying(Note, lambda said: f"note: {said.text}"),
    EventKind.REASON_COMPLETED: saying(
        Reason, lambda said: with_reason(f"completed the reason of event {said.event}", said.reason)
    ),
    EventKind.BACKOUT_CLOSED: saying(Closed, _closed),
    EventKind.BACKOUT_REOPENED: saying(Reopened, lambda said: with_reason("reopened the backout", said.reason)),
}

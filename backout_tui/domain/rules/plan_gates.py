"""The gates before the night: why a plan may not be approved, created, started or folded back into, in words.

They work like the gates in `gates`: None if it may be done; `lifted` is what the operator offers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backout_tui.domain.refusal import BREAK_GLASS, CONFIRMATION, NOTHING, REASON, Refusal, first

_NAMED = 5
"""Errors that a refusal names; `plan check` shows all."""


def why_not_approve(
    unconfirmed: Sequence[str],
    errors: Sequence[str] = (),
    lifted: Collection[str] = NOTHING,
    *,
    leads_nowhere: bool = False,
) -> Refusal | None:
    """Why a plan may not be approved: every inherited item has to be confirmed for this release first.

    `errors` are those that the check finds and the plan does not silence: approving it all the same wants a reason. A
    plan that `leads_nowhere` has no steps and does not say that there is no way back.
    """
    if unconfirmed:
        count = "1 item is" if len(unconfirmed) == 1 else f"{len(unconfirmed)} items are"
        how = "First confirm, change or drop each of them: r on the plan, or plan confirm."
        return Refusal(f"{count} not confirmed: {', '.join(unconfirmed)}. {how}")
    if leads_nowhere:
        how = "Add steps, or say under `## If the backout fails` that there is no way back, and what is done instead."
        return Refusal(f"This plan has no steps. {how}")
    if not errors:
        return None
    count = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    named = ", ".join([*errors[:_NAMED], *(["..."] if len(errors) > _NAMED else [])])
    how = "Mend or silence what is found (v on the plan, or plan check), or give a reason to approve it all the same."
    return first([Refusal(f"plan check finds {count} in this plan: {named}. {how}", REASON)], lifted)


def why_not_fold_back(backout_id: int, deviations: int, left: int, how: str) -> Refusal | None:
    """Why the deviations of a backout may not be folded back into its plan, or dismissed.

    `left` is the number that nobody has dealt with; `how` says how the others were dealt with.
    """
    if not deviations:
        return Refusal(f"Backout {backout_id} has nothing to fold back: it followed its plan.")
    if not left:
        return Refusal(f"The deviations of backout {backout_id} were already {how}.")
    return None


def why_not_start(
    *, stored: bool, approved: bool, unconfirmed: int = 0, lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why a plan may not be started: a stored plan has to be approved, with no unconfirmed item.

    A file is started as it is, and marked.
    """
    if not stored or approved:
        return None
    state = f"has {unconfirmed} unconfirmed item{'s' if unconfirmed > 1 else ''}" if unconfirmed else "is not approved"
    return first([Refusal(f"This plan {state}. Have it approved, or break the glass.", BREAK_GLASS)], lifted)


def why_not_read_anew(otherwise: Sequence[str], lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Why an approved plan may not be started as it is: parts of it are read otherwise than when it was approved."""
    if not otherwise:
        return None
    how = "Look at it; then confirm it (--yes), or have the plan mended and approved again."
    words = f"The plan was approved when its fences were read otherwise: {'; '.join(otherwise)}. {how}"
    return first([Refusal(words, CONFIRMATION)], lifted)


def why_not_rehearse_in(rehearsed_in: str, environment: str) -> Refusal | None:
    """Why a rehearsal may not run anything in `rehearsed_in`: it has to be another environment than the plan's."""
    if not rehearsed_in:
        return None
    if not environment:
        words = "The plan names no environment, so no other one can be told apart. Rehearse without one: it only shows."
        return Refusal(words)
    if rehearsed_in.casefold() == environment.casefold():
        return Refusal(
            f"{environment} is the plan's own environment. Rehearse in another, or without one: it only shows."
        )
    return None


def why_not_start_second(open_id: int | None, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Why a second backout of the same release and environment may not be opened; `open_id` is the open one."""
    if open_id is None:
        return None
    words = f"Backout {open_id} of this release is open. Open that one, or give a reason for a second."
    return first([Refusal(words, REASON)], lifted)


def why_not_new_plan(plan_id: int | None, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Why no new plan may be started if one already has steps; `plan_id` is that plan."""
    if plan_id is None:
        return None
    words = (
        f"Plan {plan_id} of this release and environment has steps already. Change it with `plan edit {plan_id}`,"
        f" make one for another release of it with `plan copy {plan_id}`, or give a reason to start it again."
    )
    return first([Refusal(words, REASON)], lifted)

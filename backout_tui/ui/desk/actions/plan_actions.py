"""What people do with plans before the night: look at them, copy them for another release, review and approve them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.plan.readiness import leads_nowhere
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.plan_gates import why_not_approve
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import approving, copying, handing_over
from backout_tui.engine.planning.approving import errors_of
from backout_tui.engine.planning.foldback import not_folded_words
from backout_tui.engine.planning.nearest import nearest
from backout_tui.ui.desk import plan_seen
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import TextField

if TYPE_CHECKING:
    from backout_tui.ui.desk.desk_screen import DeskScreen
    from backout_tui.ui.desk.list_screen import ListScreen
    from backout_tui.ui.desk.plan_screen import PlanScreen


def show_plan(screen: ListScreen, number: int) -> None:
    """Show how ready the plan is, what people said about it, and its text."""
    screen.work(_show_plan(screen, str(number)))


async def _show_plan(screen: ListScreen, number: str) -> None:
    from backout_tui.ui.desk.plan_screen import PlanScreen

    if (seen := await screen.do(plan_seen.look, number)) is not None:
        screen.app.push_screen(PlanScreen(screen, seen))


def review(screen: PlanScreen) -> None:
    """Review the plan's items, one by one."""
    from backout_tui.ui.desk.review_screen import ReviewScreen

    screen.app.push_screen(ReviewScreen(screen.home, screen.seen))


def check(screen: PlanScreen) -> None:
    """Show what is wrong with the plan."""
    from backout_tui.ui.desk.findings_screen import FindingsScreen

    screen.app.push_screen(FindingsScreen(screen.home, screen.seen))


def compare(screen: PlanScreen) -> None:
    """Show what the plan changes against the one it came from."""
    screen.work(_compare(screen))


async def _compare(screen: PlanScreen) -> None:
    from backout_tui.ui.desk.diff_screen import DiffScreen

    if (compared := await screen.do(plan_seen.compare, screen.seen.number)) is not None:
        screen.app.push_screen(DiffScreen(screen.home, screen.seen, compared))


def find_near(screen: ListScreen) -> None:
    """Ask for a release's name and version, and show the plans that it may reuse."""
    field = TextField("release", "release", required=True, hint="payments-api 4.13.0", wrong=_why_no_release)
    note = "Whether a plan exists that it can reuse: of the same service, the same team, or a similar service."
    screen.ask(Ask("Find a plan for a release", [field], note=note, verb="find"), partial(_find_near, screen))


async def _find_near(screen: ListScreen, answers: dict[str, str]) -> None:
    from backout_tui.ui.desk.nearest_screen import NearestScreen

    release = " ".join(answers["release"].split())
    near = await screen.do(nearest, *plans.name_and_version(release))
    if near is not None:
        screen.app.push_screen(NearestScreen(screen, release, near))


def _why_no_release(text: str) -> str:
    return "" if plans.name_and_version(text)[1] else "Say its name and its version."


def copy_plan(screen: DeskScreen, number: str, then: Callable[[int], None], to: str = "") -> None:
    """Copy the plan for another release, `to` if it is known, and call `then` with the copy's number."""
    screen.work(_copy(screen, number, then, to))


async def _copy(screen: DeskScreen, number: str, then: Callable[[int], None], to: str) -> None:
    seen = await screen.do(plan_seen.look, number)
    if seen is None:
        return
    answers = await screen.answer(_copy_dialog(seen, to))
    if answers is None:
        return
    made = await screen.do(_copied, number, answers)
    if made is not None:
        then(made)


def _copy_dialog(seen: PlanSeen, to: str) -> Ask:
    plan = seen.found.plan
    name, version = plan.release
    fields = [
        TextField(
            "to", "release", to or f"{name} ".lstrip(), required=True, hint="payments-api 4.13.0",
            wrong=_why_no_release,
        ),
        TextField("returns_to", "returns to", hint=f"{version or '4.12.0'}, or open"),
        TextField("environment", "environment", plan.fact("environment") or ""),
        TextField("team", "team", plan.fact("team") or ""),
    ]  # fmt: skip
    note = "Everything in it arrives unconfirmed, to be confirmed, edited or dropped for the new release."
    left = not_folded_words(seen.undealt)
    banner = f"! {left[:1].upper()}{left[1:]}: F in its screen." if left else ""
    return Ask(f"Copy the plan of {name} {version}", fields, banner=banner, note=note, verb="copy it")


def _copied(desk: Desk, number: str, answers: dict[str, str]) -> int:
    to = answers["to"]
    revision = copying.copy(
        desk,
        plans.find(desk, number),
        to,
        returns_to=answers["returns_to"],
        environment=answers["environment"],
        team=answers["team"],
    )
    return revision.plan_id


def approve(screen: PlanScreen) -> None:
    """Approve exactly this text, unless something in it is unconfirmed; errors of the check want a reason."""
    seen = screen.seen
    if seen.found.approved and not seen.read_otherwise:
        screen.say("Exactly this text is approved already.")
    elif (refusal := _why_not(seen)) is not None:
        screen.say(refusal.words, warning=True)
    else:
        screen.work(_approve(screen))


def _why_not(seen: PlanSeen) -> Refusal | None:
    """Why nobody may approve it, whatever they say."""
    left = [item.label for item in seen.found.unconfirmed]
    return why_not_approve(left, leads_nowhere=leads_nowhere(seen.found.plan))


async def _approve(screen: PlanScreen) -> None:
    found = screen.seen.found
    authoriser = found.plan.fact("authoriser") or ""
    names = tuple(dict.fromkeys(one.name for one in found.plan.contacts))
    field = TextField("by", "approved by", authoriser, required=True, suggestions=names)
    answers = await screen.answer(Ask("Who approves this plan?", [field], verb="go on"))
    if answers is None or found.revision is None:
        return
    errors, reason = errors_of(screen.seen.checked), ""
    if (refusal := why_not_approve((), errors)) is not None:
        why = await screen.answer(ask_why("Approve the plan", "go on", refusal))
        if why is None:
            return
        reason = why["reason"]
    lines = (f"{screen.seen.title}", f"{screen.seen.place}", f"SHA-256 {found.revision.sha256}")
    sections = [Section(f"{answers['by']} approves exactly this text", lines)]
    sections += (
        [Section("Although plan check finds", errors, "failed"), Section("Because", (reason,))] if errors else []
    )
    if await screen.answer(Confirm("Approve the plan", sections, verb="approve it")) is None:
        return
    work = partial(_approved, found=found, by=answers["by"], reason=reason)
    if await screen.do(work):
        await screen.look_again()
        screen.say(f"Approved by {answers['by']}.")


def _approved(desk: Desk, *, found: plans.Found, by: str, reason: str) -> bool:
    approving.approve(desk, found, by, reason)
    return True


def hand_over(screen: PlanScreen) -> None:
    """Record that the plan was handed over to the people who support production."""
    screen.work(_hand_over(screen))


async def _hand_over(screen: PlanScreen) -> None:
    found = screen.seen.found
    before, names = found.record.handed_over, tuple(dict.fromkeys(one.name for one in found.plan.contacts))
    fields = [
        TextField("to", "handed over to", before.to if before else "", required=True, suggestions=names),
        TextField("accepted_by", "accepted by", hint="empty: not yet; press H again when they did"),
    ]
    note = "The people who support production: its start and its report say who has it."
    answers = await screen.answer(Ask("Hand the plan over", fields, note=note, verb="record it"))
    if answers is None or found.revision is None:
        return
    said = await screen.do(handing_over.hand_over, found, answers["to"], answers["accepted_by"])
    if said is not None:
        await screen.look_again()
        screen.say(f"Recorded: {hand_over_words(said, found.revision.revision)}.")

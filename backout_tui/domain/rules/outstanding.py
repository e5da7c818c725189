"""What is still outstanding in a backout: in doubt, under way, unproven, left open."""

from __future__ import annotations

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.choices import CALL
from backout_tui.domain.backout.items import CheckState, MessageState
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away, Run
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import MESSAGE, RECIPIENT, CheckVerdict, RecipientStatus, StepStatus
from backout_tui.domain.plan.texts import recipients
from backout_tui.domain.rules.authority import agreement_unsaid
from backout_tui.domain.rules.doubt import check_in_doubt


def in_doubt(backout: Backout) -> tuple[str, ...]:
    """Steps, checks and messages whose outcome is unknown, in words."""
    checks = [f"check {check.id}" for check in backout.checks.values() if check_in_doubt(check)]
    steps = [f"step {step.number}" for step in backout.leaves_in(StepStatus.IN_DOUBT)]
    messages = [
        f"“{message.title}” to {one.name}"
        for message in backout.messages.values()
        for one in message.recipients
        if one.state is RecipientStatus.IN_DOUBT
    ]
    return (*steps, *checks, *messages)


def under_way(backout: Backout, away: Away = ALL_IN_REACH) -> tuple[str, ...]:
    """Everything that is running or being sent, in words, with the host of what is `away`."""
    return tuple(_doing(backout, run, away) for run in runs.under_way(backout))


def ways_past(backout: Backout, away: Away) -> str:
    """A sentence on how to get past what is `away`, so that nothing waits forever; "" if nothing is away."""
    beyond = [runs.doubt_command(run) for run in runs.under_way(backout) if run.attempt.intent in away]
    return f" What cannot be asked, declare in doubt (Enter on it, or {', '.join(beyond)})." if beyond else ""


def _doing(backout: Backout, run: Run, away: Away) -> str:
    words = f"{runs.named(backout, run)} is {'being sent' if run.kind == 'MessageSending' else 'running'}"
    beyond = away.get(run.attempt.intent)
    if beyond is None:
        return words
    return f"{words} on {beyond.host}, out of reach from here"


def unproven(backout: Backout) -> tuple[CheckState, ...]:
    """The required checks that have not passed."""
    return tuple(
        check for check in backout.checks.values() if check.required and check.verdict is not CheckVerdict.PASS
    )


def left_open(backout: Backout, outcome: str = "") -> tuple[str, ...]:
    """The list to look at before closing: what was not finished, told, assigned or explained.

    `outcome` is the verdict about to be given; by default the one that was given.
    """
    outcome = outcome or (backout.verdict.outcome if backout.verdict else "")
    backs_out = outcome not in ("fixed-forward", "stood-down")
    open_steps = [s for s in backout.leaves if not s.settled and (backs_out or s.state is StepStatus.IN_DOUBT)]
    steps = [f"step {s.number} is {s.state.words}" for s in open_steps]
    checks = [f"check {check.id} has not passed" for check in unproven(backout)]
    doubt = [f"{what} is in doubt" for what in in_doubt(backout) if not what.startswith("step ")]
    messages = [
        f"“{message.title}” was not sent to everybody"
        for message in backout.messages.values()
        if MESSAGE[message.state].to_be_sent and _is_due_once(message) and untold(backout, message)
        if backs_out or not speaks_of_steps(message)
    ]
    unassigned = [f"{problem.id} is assigned to nobody" for problem in backout.problems if not problem.assignee]
    calls = [f"{call.name} has to be called back" for call in backout.calls if call.follow_up]
    thin = [str(one) for one in backout.thin_reasons]
    agreed = [f"how {one.by} agreed was not said" for one in (backout.decision,) if one and agreement_unsaid(one)]
    return (*steps, *(checks if backs_out else ()), *doubt, *messages, *unassigned, *calls, *agreed, *thin)


def speaks_of_steps(message: MessageState) -> bool:
    """Whether the plan sends this message because it backs out: at the decision, or after a step."""
    when = message.when.strip().lower()
    return message.origin == "plan" and (when == "decision" or when.startswith("after "))


def untold(backout: Backout, message: MessageState) -> tuple[str, ...]:
    """The recipients who neither got the message nor were told by a call; an answered call or a voicemail counts."""
    contacts, unknown = recipients(message.to, backout.plan.contacts)
    called = {call.name.casefold() for call in backout.calls if CALL[call.result].told}
    told = called | {one.name.casefold() for one in message.recipients if RECIPIENT[one.state].not_again}
    names = (*(contact.name for contact in contacts), *unknown)
    return tuple(name for name in names if name.casefold() not in told) if names else ("",)


def needs_a_call(backout: Backout, message: MessageState) -> bool:
    """Whether sending would reach nobody else: nobody left has an address for the message's channel."""
    if message.by != "email":
        return True
    contacts, _ = recipients(message.to, backout.plan.contacts)
    left = {name.casefold() for name in untold(backout, message)}
    return not any(contact.address("email") for contact in contacts if contact.name.casefold() in left)


def _is_due_once(message: MessageState) -> bool:
    return not message.when.startswith("every")

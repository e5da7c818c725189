"""What is still outstanding in a backout: in doubt, under way, unproven, left open."""

from __future__ import annotations

from backout_tui.domain.authority import agreement_unsaid
from backout_tui.domain.backout import Backout
from backout_tui.domain.items import CheckState, MessageState, StepState, StepStatus
from backout_tui.domain.messages import recipients
from backout_tui.domain.remembered import once_for_steps


def in_doubt(backout: Backout) -> tuple[str, ...]:
    """Everything whose outcome is unknown, in words."""
    steps = [f"step {step.number}" for step in backout.leaves_in(StepStatus.IN_DOUBT)]
    messages = [
        f"“{message.title}” to {one.name}"
        for message in backout.messages.values()
        for one in message.recipients
        if one.state == "in_doubt"
    ]
    return (*steps, *messages)


def under_way(backout: Backout) -> tuple[str, ...]:
    """Everything that is running or being sent, in words."""
    steps = [f"step {step.number} is running" for step in backout.leaves_in(StepStatus.RUNNING)]
    probes = [f"the probe of step {step.number} is running" for step in probed(backout)]
    checks = [f"check {check.id} is running" for check in backout.checks.values() if check.running]
    messages = [f"“{message.title}” is being sent" for message in backout.messages.values() if message.sending]
    return (*steps, *probes, *checks, *messages)


@once_for_steps
def probed(backout: Backout) -> tuple[StepState, ...]:
    """The steps whose probe is running."""
    newest = ((step, step.last_probe) for step in backout.leaves)
    return tuple(step for step, probe in newest if probe is not None and probe.state == "running")


def unproven(backout: Backout) -> tuple[CheckState, ...]:
    """The required checks that have not passed."""
    return tuple(check for check in backout.checks.values() if check.required and check.verdict != "pass")


def left_open(backout: Backout, outcome: str = "") -> tuple[str, ...]:
    """The list that is looked at before closing: what was not finished, told, assigned or explained.

    `outcome` is the verdict that is about to be given; else the one that was.
    """
    outcome = outcome or (backout.verdict.outcome if backout.verdict else "")
    backs_out = outcome not in ("fixed-forward", "stood-down")
    open_steps = [s for s in backout.leaves if not s.settled and (backs_out or s.state is StepStatus.IN_DOUBT)]
    steps = [f"step {s.number} is {s.state.value.replace('_', ' ')}" for s in open_steps]
    checks = [f"check {check.id} has not passed" for check in unproven(backout)]
    doubt = [f"{what} is in doubt" for what in in_doubt(backout) if not what.startswith("step ")]
    messages = [
        f"“{message.title}” was not sent to everybody"
        for message in backout.messages.values()
        if message.state in ("draft", "partly", "failed") and _is_due_once(message) and untold(backout, message)
        if backs_out or not speaks_of_steps(message)
    ]
    unassigned = [f"{problem.id} is assigned to nobody" for problem in backout.problems if not problem.assignee]
    calls = [f"{call.name} has to be called back" for call in backout.calls if call.follow_up]
    thin = [str(one) for one in backout.thin_reasons]
    agreed = [f"how {one.by} agreed was not said" for one in (backout.decision,) if one and agreement_unsaid(one)]
    return (*steps, *(checks if backs_out else ()), *doubt, *messages, *unassigned, *calls, *agreed, *thin)


def speaks_of_steps(message: MessageState) -> bool:
    """Whether the plan sends this message because it backs out: at the decision to, or after a step."""
    when = message.when.strip().lower()
    return message.origin == "plan" and (when == "decision" or when.startswith("after "))


def untold(backout: Backout, message: MessageState) -> tuple[str, ...]:
    """Who has neither got the message nor was called: a call that was answered, or a voicemail, tells as well."""
    contacts, unknown = recipients(message.to, backout.plan.contacts)
    called = {call.name.casefold() for call in backout.calls if call.result in ("reached", "voicemail")}
    told = called | {one.name.casefold() for one in message.recipients if one.state in ("sent", "in_doubt", "queued")}
    names = (*(contact.name for contact in contacts), *unknown)
    return tuple(name for name in names if name.casefold() not in told) if names else ("",)


def needs_a_call(backout: Backout, message: MessageState) -> bool:
    """Whether sending tells nobody more: all who are left have no address for the message's channel."""
    if message.by != "email":
        return True
    contacts, _ = recipients(message.to, backout.plan.contacts)
    left = {name.casefold() for name in untold(backout, message)}
    return not any(contact.address("email") for contact in contacts if contact.name.casefold() in left)


def _is_due_once(message: MessageState) -> bool:
    return not message.when.startswith("every")

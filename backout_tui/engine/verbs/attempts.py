"""What is common to everything that is begun and has an outcome: intent, then act. contract.md section 3."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from backout_tui.domain.backout import Backout
from backout_tui.domain.capturing import captured_by
from backout_tui.domain.events import Draft
from backout_tui.domain.items import CheckState, StepState
from backout_tui.domain.loops import item_of
from backout_tui.domain.placeholders import unfilled, used_variables
from backout_tui.engine import spool
from backout_tui.engine.masking import why_not_maskable
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.secrets import Secrets
from backout_tui.errors import Refused

NONE_OF_ITS_OWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Preview:
    """What exactly would run: shown before it does. `type_number`: it cannot be undone, so its number is typed.

    `runs` is False where a rehearsal only shows it. `changed` is the difference to the plan's command
    (`domain/step_changes.py`), empty where it is the plan's own. `besides` says in words what else belongs to the run:
    its item, that it is repeated, what is kept of its output.
    """

    command: str
    shell: str
    host: str
    user: str
    cwd: str
    timeout_s: int | None = None
    warnings: tuple[str, ...] = ()
    type_number: bool = False
    missing: tuple[str, ...] = ()
    asked_secrets: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    runs: bool = True
    changed: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()


def preview(op: Operator, item: StepState | CheckState) -> Preview:
    """What exactly running a step's or a check's command would do, less what only a step can say."""
    backout = op.backout
    asked = asked_secrets(op, backout, item.command)
    return Preview(
        command=item.command,
        shell="bash -eo pipefail" if item.language == "bash" else "sh -e",
        host=op.actor.host,
        user=op.actor.login,
        cwd=backout.cwd or str(op.desk.cwd),
        timeout_s=item.timeout_s,
        missing=(*gaps(backout, item.command, item_of(item)), *asked),
        asked_secrets=asked,
        expects=item.expects,
        runs=backout.live,
    )


def new_id() -> str:
    """The event id of an intent; its spool folder bears it."""
    return uuid.uuid4().hex


def begin(
    op: Operator,
    intent: str,
    request: Mapping[str, Any],
    secrets: Mapping[str, str],
    drafts: Callable[[Backout], Sequence[Draft]],
) -> Receipt:
    """Prepare the attempt and hold its lock, append the intent (the last of `drafts`), then hand over to a supervisor.

    Raises Refused or BackoutError, and then nothing runs.
    """
    op.desk.journal()  # a database that cannot be written is told before anything is prepared
    database = op.desk.database
    common = {"database": str(database.absolute()), "log": op.log_id, "intent": intent, "after": op.backout.seq}
    folder, lock = spool.make_attempt(database, intent, {**common, **request})
    try:
        receipt = op.append(lambda backout: _with_id(drafts(backout), intent))
    except Refused:
        spool.abandon(folder, lock)
        raise
    except BaseException:
        # Whether the claim was recorded is not known: the folder stays, so that settling can say "not started".
        os.close(lock)
        raise
    spool.spawn_supervisor(folder, lock, secrets, op.desk.environment)
    return receipt


def _with_id(drafts: Sequence[Draft], intent: str) -> list[Draft]:
    return [*drafts[:-1], replace(drafts[-1], event_id=intent)]


def secret_names(backout: Backout, script: str) -> tuple[str, ...]:
    """The plan's secrets that a script uses."""
    used = used_variables(script)
    return tuple(variable.name for variable in backout.plan.variables if variable.secret and variable.name in used)


def gaps(backout: Backout, script: str, own: Mapping[str, str] = NONE_OF_ITS_OWN) -> tuple[str, ...]:
    """What has to be filled before a script may run: placeholders, and variables without a value; secrets are not.

    Of a variable that a step captures, that step is named. `own` are variables that the script has besides the plan's.
    """
    secrets, captured = secret_names(backout, script), captured_by(backout.plan)
    values = {**dict.fromkeys((variable.name for variable in backout.plan.variables), None), **dict.fromkeys(captured)}
    missing = unfilled(script, {**values, **backout.variables, **own})
    return tuple(
        f"{name} (captured by step {captured[name]})" if name in captured else name
        for name in missing
        if name not in secrets
    )


def refuse_unknown_secrets(op: Operator, backout: Backout, what: str, script: str) -> None:
    """Raise Refused for a secret that `what` needs and nobody has said, or that could not be hidden in its output."""
    for name in secret_names(backout, script):
        if why := _why_not_hand_over(op.desk.secrets, name):
            raise Refused(f"{what} needs the secret {name}: {why.rstrip('.')}.")


def _why_not_hand_over(secrets: Secrets, name: str) -> str:
    if (value := secrets.find(name)) is None:
        return secrets.trouble(name) or f"set the environment variable {name}, or type it when it is asked for"
    if why := why_not_maskable(value):
        secrets.forget(name)  # what was typed too short is asked for again
        return why
    return ""


def asked_secrets(op: Operator, backout: Backout, script: str) -> tuple[str, ...]:
    """The secrets that a person has to type before the script can run."""
    return tuple(name for name in secret_names(backout, script) if not op.desk.secrets.find(name))


def known_secrets(op: Operator, backout: Backout, script: str) -> dict[str, str]:
    """The secrets that are handed to the supervisor: those that the script names, and all others that are at hand.

    A command can print what its text does not name, as `env` does; what is not handed over is not hidden either.
    """
    named, secrets = secret_names(backout, script), op.desk.secrets
    every = [variable.name for variable in backout.plan.variables if variable.secret]
    found = {name: secrets.find(name) if name in named else secrets.at_hand(name) for name in every}
    return {name: value for name, value in found.items() if value}


def command_request(
    op: Operator, backout: Backout, *, script: str, language: str, secrets: Sequence[str]
) -> dict[str, Any]:
    """The part of a request that steps and checks share."""
    return {
        "language": language,
        "script": script,
        "cwd": backout.cwd or str(op.desk.cwd),
        "variables": dict(backout.variables),
        "secrets": list(secrets),
    }

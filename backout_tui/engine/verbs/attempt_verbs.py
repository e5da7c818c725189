"""What all attempts share: first the intent is recorded, then the act begins. contract.md section 3."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.capturing import captured_by
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import CheckState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.loops import item_of
from backout_tui.domain.plan.placeholders import unfilled, used_variables
from backout_tui.domain.shell.expansions import expansions
from backout_tui.domain.shell.names import wanted_names
from backout_tui.domain.values import replace
from backout_tui.engine.attempts import beginning
from backout_tui.engine.attempts.around import names_around
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.printed.masking import why_not_maskable
from backout_tui.engine.session.secret_values import Secrets
from backout_tui.engine.verbs.mistakes import mistakes_in
from backout_tui.errors import Refused

NONE_OF_ITS_OWN: Mapping[str, str] = MappingProxyType({})


class Preview(Struct, frozen=True):
    """Exactly what would run, shown before it does. `type_number`: it cannot be undone, so its number must be typed.

    `runs` is False when a rehearsal only shows it. `changed` is the difference from the plan's command
    (`changed_steps`), empty when nothing was changed. `besides` says in words what else is part of the run: its item,
    that it is repeated, what is kept of its output. `wrong` is what the check calls an error in the command.
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
    wrong: tuple[str, ...] = ()


def preview(op: Operator, item: StepState | CheckState, *, runs: bool | None = None) -> Preview:
    """Exactly what running a step's or a check's command would do, without the parts that only steps have.

    `runs` says whether it really runs; a rehearsal runs nothing unless the plan says so.
    """
    backout = op.backout
    runs = backout.live if runs is None else runs
    asked = asked_secrets(op, backout, item.command)
    return Preview(
        command=item.command,
        shell="bash -eo pipefail" if item.language == "bash" else "sh -e",
        host=op.actor.host,
        user=op.actor.login,
        cwd=backout.cwd or str(op.desk.cwd),
        timeout_s=item.timeout_s,
        missing=(*gaps(op, backout, item.command, item.language, item_of(item)), *asked),
        wrong=mistakes_in(op, item) if runs else (),
        asked_secrets=asked,
        expects=item.expects,
        runs=runs,
    )


def new_id() -> str:
    """A new event id for an intent; its spool folder has the same name."""
    return uuid.uuid4().hex


def begin(
    op: Operator,
    intent: str,
    request: Mapping[str, Any],
    secrets: Mapping[str, str],
    drafts: Callable[[Backout], Sequence[Draft]],
) -> Receipt:
    """Prepare the attempt and hold its lock, append the intent (the last of `drafts`), then hand over to a supervisor.

    Raises Refused or BackoutError; then nothing runs.
    """
    op.desk.journal()  # a database that cannot be written is reported before anything is prepared
    database = op.desk.database
    whole = {
        "database": str(database.absolute()),
        "database_id": op.desk.reader.id,
        "log": op.log_id,
        "intent": intent,
        "after": op.backout.seq,
        **request,
    }
    folder, lock = beginning.make_attempt(database, intent, whole)
    with contextlib.closing(folder):
        try:
            spool = beginning.spooled(folder, whole).record()
            receipt = op.append(lambda backout: _claimed(drafts(backout), intent, spool))
        except Refused:
            beginning.abandon(folder, lock)
            raise
        except BaseException:
            # The claim may have been recorded: the folder stays, so that settling can say "not started".
            os.close(lock)
            raise
        beginning.spawn_supervisor(folder, lock, secrets, op.desk.environment)
    return receipt


def _claimed(drafts: Sequence[Draft], intent: str, spool: Mapping[str, Any]) -> list[Draft]:
    """The drafts, the last one as the claim: it gets its folder's id, and names the folder by owner, inode and hash."""
    claim = drafts[-1]
    return [*drafts[:-1], replace(claim, event_id=intent, data={**claim.data, "spool": spool})]


def secret_names(backout: Backout, script: str) -> tuple[str, ...]:
    """The plan's secrets that a script uses."""
    used = used_variables(script)
    return tuple(variable.name for variable in backout.plan.variables if variable.secret and variable.name in used)


def gaps(
    op: Operator, backout: Backout, script: str, language: str, own: Mapping[str, str] = NONE_OF_ITS_OWN
) -> tuple[str, ...]:
    """What must be filled in before a script may run: placeholders, variables without a value or that nothing sets.

    Secrets don't count. A variable that a step captures is listed with that step. `own` are variables that the script
    has besides the plan's. A value that somebody gave counts even if it is empty: that was meant.
    """
    secrets, captured = secret_names(backout, script), captured_by(backout.plan)
    names = dict.fromkeys([*(variable.name for variable in backout.plan.variables), *captured])
    given = {*backout.variables, *own, *secrets, *_provided(backout, script)}
    missing = unfilled(script, [name for name in names if name not in given])
    around = names_around(op.desk.environment, language)
    unset = wanted_names(script, frozenset([*names, *given, *around]))
    return tuple(
        f"{name} (captured by step {captured[name]})" if name in captured else name
        for name in (*missing, *sorted(unset))
    )


def _provided(backout: Backout, script: str) -> frozenset[str]:
    """The plan's variables that nobody asks for, and for which the script itself has a value (`${TAG:-latest}`)."""
    asked = {one.name for one in backout.plan.variables if one.flag}
    found = list(expansions(script))
    return frozenset(one.name for one in found) - {one.name for one in found if not one.may_be_unset} - asked


def refuse_unknown_secrets(op: Operator, backout: Backout, what: str, script: str) -> None:
    """Raise Refused for a secret that `what` needs, if nobody has given it or it could not be hidden in the output."""
    for name in secret_names(backout, script):
        if why := _why_not_hand_over(op.desk.secrets, name):
            raise Refused(f"{what} needs the secret {name}: {why.rstrip('.')}.")


def _why_not_hand_over(secrets: Secrets, name: str) -> str:
    if (value := secrets.find(name)) is None:
        return secrets.trouble(name) or f"set the environment variable {name}, or type it when it is asked for"
    if why := why_not_maskable(value):
        secrets.forget(name)  # a typed value that is too short is asked for again
        return why
    return ""


def asked_secrets(op: Operator, backout: Backout, script: str) -> tuple[str, ...]:
    """The secrets that a person has to type before the script can run."""
    return tuple(name for name in secret_names(backout, script) if not op.desk.secrets.find(name))


def known_secrets(op: Operator, backout: Backout, script: str) -> dict[str, str]:
    """The secrets to hand to the supervisor: those that the script names, and all others that are available.

    A command can print secrets that its text doesn't name, as `env` does. Only those handed over can be hidden.
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

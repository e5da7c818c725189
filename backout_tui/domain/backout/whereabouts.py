"""Which machine something was started on, and whether it is this one: a name is not enough. contract.md section 3.

A name can be reassigned in a second, and two machines may share one. What decides is the machine-id, of which the log
keeps only a keyed hash, together with the boot. The attempt's own lock comes before both, wherever it can be asked.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from backout_tui.domain.backout.events import Event

_OF_A_PROCESS = "process-"  # how the clock names a boot if the kernel doesn't name it


class Machine(Struct, frozen=True):
    """What is known of a machine: its name, the keyed hash of its machine-id, and its boot.

    `id` is "" for a machine that has none, and None in older records, which didn't identify machines by it. `boot` is
    "" if the kernel gives none.
    """

    name: str = ""
    id: str | None = None
    boot: str = ""


NOWHERE = Machine()
"""No known machine."""


def begun_on(event: Event, machine: str | None) -> Machine:
    """The machine on which `event` was recorded; `machine` is the id in its record, None in older ones."""
    boot = "" if event.boot_id.startswith(_OF_A_PROCESS) else event.boot_id
    return Machine(event.actor.host, machine, boot)


class Whereabouts(StrEnum):
    """Where something was started, as seen from here."""

    HERE = "here"  # on this machine, in this boot, whatever it was called then
    REBOOTED = "rebooted"  # on this machine, before it was restarted: nothing of it lives
    ELSEWHERE = "elsewhere"  # on another machine
    UNKNOWN = "unknown"  # it cannot be known: a cloned image, or a machine without a machine-id


class Lock(StrEnum):
    """What the lock of an attempt or a session says when it is asked from here."""

    HELD = "held"
    FREE = "free"
    MISSING = "missing"  # neither the lock nor its folder is here
    TORN = "torn"  # its folder is here, but the lock is not in it
    CLOSED = "closed"  # it belongs to another login, and this one may not look


class Reach(StrEnum):
    """What can be said from here about something that has no outcome yet."""

    LIVES = "lives"  # somebody holds its lock
    OVER = "over"  # nothing holds it any more: it can be settled
    CLOSED = "closed"  # it is on this machine, but only another login may look
    AWAY = "away"  # it cannot be asked from here


def whereabouts(then: Machine, here: Machine) -> Whereabouts:
    """Where `then` is, as seen from `here`."""
    same_name = then.name == here.name
    same_boot = then.boot == here.boot if then.boot and here.boot else None
    if then.id is None:
        return _by_name(same_name=same_name, same_boot=same_boot)
    if not then.id or not here.id:
        return Whereabouts.UNKNOWN
    if then.id != here.id:
        return Whereabouts.ELSEWHERE
    if same_boot:
        return Whereabouts.HERE
    return Whereabouts.REBOOTED if same_boot is False and same_name else Whereabouts.UNKNOWN


def _by_name(*, same_name: bool, same_boot: bool | None) -> Whereabouts:
    """The best answer for an older record, which has no machine-id."""
    if same_name:
        return Whereabouts.REBOOTED if same_boot is False else Whereabouts.HERE
    # Every boot has its own name, but containers share their kernel's.
    return Whereabouts.UNKNOWN if same_boot else Whereabouts.ELSEWHERE


def reach(where: Whereabouts, lock: Lock, *, local: bool, same_boot: bool = False) -> Reach:
    """What can be said of something started at `where` whose lock says `lock`. The lock decides first.

    `local`: its folder is, or would be, on a file system that no other machine writes to. There a free lock is free,
    whoever took it. On a network file system it says nothing about another machine, whose locks may not be visible
    here. `same_boot`: it was started under the kernel that runs here, even if no machine-id says so.
    """
    ours = where in (Whereabouts.HERE, Whereabouts.REBOOTED)
    if lock is Lock.HELD:
        return Reach.LIVES
    if lock is Lock.FREE:
        return Reach.OVER if ours or local else Reach.AWAY
    if lock is Lock.CLOSED:
        return Reach.CLOSED if ours or local else Reach.AWAY
    gone = ours or (local and same_boot and where is Whereabouts.UNKNOWN)
    return Reach.OVER if gone else Reach.AWAY


class OutOfReach(Struct, frozen=True):
    """Something under way that cannot be asked from here: the host it was started on, and why it cannot be asked."""

    host: str
    why: str


def why_out_of_reach(where: Whereabouts, host: str, *, login: str = "") -> OutOfReach:
    """Why something started on `host` cannot be asked. `login`, unless it is "", is the only login that may look."""
    if login:
        why = f"only the login {login} may look whether it still runs"
    elif where is Whereabouts.ELSEWHERE:
        why = f"{host} is another machine, and its lock cannot be seen from here"
    else:
        why = f"whether {host} is this machine cannot be known, and its lock cannot be seen from here"
    return OutOfReach(host, why)

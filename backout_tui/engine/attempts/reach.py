"""Whether an attempt can be asked about from here: first by its lock, then by the machine it was started on."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.whereabouts import (
    Lock,
    Machine,
    OutOfReach,
    Reach,
    Whereabouts,
    reach,
    whereabouts,
    why_out_of_reach,
)
from backout_tui.engine.attempts.liveness import asked
from backout_tui.engine.attempts.spool import attempt_of
from backout_tui.store.file import place

# File systems that other machines may write to as well: one machine may not see another one's locks on them.
_OF_A_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|afs|ncpfs|9p|virtiofs|vboxsf|vmhgfs|prl_fs|fuse(\.(?!fuse-overlayfs)\S*)?|ceph|lustre|gpfs"
    r"|glusterfs|beegfs|orangefs|pvfs2|ocfs2|gfs2?|coda|davfs"
)
_MOUNTS = Path("/proc/self/mountinfo")
_NO_DISK = 0  # the major device number of file systems without a disk, such as network ones


def reach_of(database: Path, attempt: Attempt, here: Machine) -> Reach:
    """What can be found out from `here` about `attempt`."""
    with contextlib.closing(attempt_of(database, attempt.intent, attempt.spool)) as folder:
        said, lock = asked(folder, attempt.spool, same_boot=in_same_boot(attempt.on, here))
    if lock >= 0:
        os.close(lock)
    return judged(database, said, attempt.on, here)


def judged(database: Path, said: Lock, on: Machine, here: Machine) -> Reach:
    """What follows from the lock `said` of an attempt in this database."""
    where = whereabouts(on, here)
    ours = where in (Whereabouts.HERE, Whereabouts.REBOOTED)
    local = not ours and said is not Lock.HELD and is_local(database.parent)
    return reach(where, said, local=local, same_boot=in_same_boot(on, here))


def in_same_boot(on: Machine, here: Machine) -> bool:
    """Whether something begun `on` a machine was begun under the kernel that runs `here`."""
    return bool(on.boot) and on.boot == here.boot


def why_away(database: Path, attempt: Attempt, here: Machine) -> OutOfReach | None:
    """Why `attempt` cannot be asked about from `here`; None when it can."""
    said = reach_of(database, attempt, here)
    if said not in (Reach.AWAY, Reach.CLOSED):
        return None
    login = owner_of(database, attempt) if said is Reach.CLOSED else ""
    return why_out_of_reach(whereabouts(attempt.on, here), attempt.host, login=login)


def owner_of(database: Path, attempt: Attempt) -> str:
    """The login whose attempt this is: as the claim says, or else the owner of its folder."""
    if attempt.spool is not None:
        return place.name_of(attempt.spool.uid)
    try:
        return place.name_of((place.spool_root(database) / attempt.intent).stat().st_uid)
    except OSError:
        return "that began it"


def is_local(folder: Path) -> bool:
    """Whether only this machine writes to the file system of `folder`. An unknown file system doesn't count as local.

    In a chroot the folder's mount may not be listed: there a file system with its own disk is local.
    """
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        listed = mounted_as_local(mounts, folder.resolve())
        return os.major(folder.stat().st_dev) != _NO_DISK if listed is None else listed
    except OSError:
        return False


def mounted_as_local(mounts: str, folder: Path) -> bool | None:
    """The same, from the text of `/proc/self/mountinfo`; None when no mount there holds the absolute `folder`."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields, _, beside = line.partition(" - ")
        point = Path(_unescaped(fields.split(" ")[4])) if fields.count(" ") >= 4 else None
        if point is not None and folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), beside.partition(" ")[0]  # of two mounts at one place the later one counts
    return _OF_A_NETWORK.fullmatch(kind) is None if kind else None


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), field)

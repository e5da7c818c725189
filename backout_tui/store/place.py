"""Where the database lies, and who may touch it. contract.md section 6.

A database is private (0600 in a folder 0700), or, in a setgid and group-writable folder, shared by that group (0660).
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from backout_tui.errors import BackoutError

_URL = re.compile(r"([a-z][a-z0-9+.-]*):/", re.IGNORECASE)
_SHARED_FOLDER = stat.S_ISGID | stat.S_IWGRP
_EFFECTIVE = os.access in os.supports_effective_ids


def default_database() -> Path:
    """The database of this user, in the state folder of the system."""
    from platformdirs import user_state_path

    return user_state_path("backout-tui", appauthor=False) / "backout.sqlite"


def refuse_url(database: str | Path) -> None:
    """Raise BackoutError when `database` is a URL and not the path of a file."""
    if match := _URL.match(str(database)):
        # the scheme alone: the rest of a URL may hold a password
        raise BackoutError(f"a {match[1]} database cannot be used yet, only the path of a SQLite file")


def beside(path: Path) -> Path:
    """The folder `<database>.d` with spool and backups, made when it is missing."""
    folder = path.with_name(path.name + ".d")
    _make_folder(folder, shared=is_shared(path.parent))
    return folder


def spool_root(path: Path) -> Path:
    """The folder with one folder per attempt; `prepare` makes it."""
    return path.with_name(path.name + ".d") / "spool"


def prepare(path: Path) -> None:
    """Make folder, file and `<database>.d` where they are missing; raise BackoutError for what is not safe to write."""
    refuse_url(path)
    _prepare_folder(path.parent)
    shared = is_shared(path.parent)
    _prepare_file(path, shared=shared)
    _check_leftovers(path)
    _make_folder(beside(path) / "spool", shared=shared)


def check_readable(path: Path) -> None:
    """Raise BackoutError unless `path` is a regular file that this user may read, whoever owns it."""
    refuse_url(path)
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NoDatabase(path) from None
    except OSError as error:
        raise _cannot(error, path) from error
    if not stat.S_ISREG(found.st_mode):
        raise BackoutError("this is not a regular file", where=str(path), todo="Give the path of a database.")
    if not _may(path, os.R_OK):
        raise BackoutError(
            "you may not read this file", where=str(path), todo="Ask its owner for a copy or for access."
        )
    _check_leftovers(path)


def may_write(path: Path) -> bool:
    """Whether this user writes to the database at `path`: theirs or their group's, in a folder they may write to."""
    own = path.stat().st_uid == os.geteuid() or is_shared(path.parent)
    return own and _may(path, os.W_OK) and _may(path.parent, os.W_OK | os.X_OK)


class NoDatabase(BackoutError):  # noqa: N818 - said to people, like its parent
    """There is no database yet at the place where one is looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "there is no database here",
            where=str(path),
            todo="Check the path; a first backout or plan makes a new database.",
        )


def _prepare_folder(folder: Path) -> None:
    if not folder.exists() and not folder.is_symlink():
        _make_folder(folder, shared=False)
    found = _folder_state(folder)
    if found.st_uid not in (os.geteuid(), 0) and not is_shared(folder):
        raise _foreign(folder, found)
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise BackoutError(
            "everybody may write to this folder, so anybody could replace the log",
            where=str(folder),
            todo="Take that right away (chmod o-w), or choose another folder with --database.",
        )


def _make_folder(folder: Path, *, shared: bool) -> None:
    """Make a folder of our own; one that is there already must be ours, or our group's when `shared`."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        if shared:
            folder.chmod(0o2770)  # below the umask, which would take the group's right away
    except FileExistsError:
        found = _folder_state(folder)
        if found.st_uid != os.geteuid() and not shared:
            raise _foreign(folder, found) from None
    except OSError as error:
        raise _cannot(error, folder) from error


def _folder_state(folder: Path) -> os.stat_result:
    found = _look(folder)
    if stat.S_ISLNK(found.st_mode):
        raise BackoutError("this folder is a symbolic link", where=str(folder), todo="Give the path it points to.")
    if not stat.S_ISDIR(found.st_mode):
        raise BackoutError("this is not a folder", where=str(folder), todo="Choose another path with --database.")
    return found


def _prepare_file(path: Path, *, shared: bool) -> None:
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        _check_file(path, _look(path), shared=shared)
    except OSError as error:
        raise _cannot(error, path) from error
    else:
        os.fchmod(made, 0o660 if shared else 0o600)
        os.close(made)


def _check_file(path: Path, found: os.stat_result, *, shared: bool) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise BackoutError("the database is a symbolic link", where=str(path), todo="Give the path it points to.")
    if not stat.S_ISREG(found.st_mode):
        raise BackoutError("this is not a regular file", where=str(path), todo="Choose another path with --database.")
    if found.st_uid != os.geteuid() and not shared:
        raise _foreign(path, found)
    if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not shared):
        raise BackoutError(
            "others may write to this database, so its log cannot be trusted",
            where=str(path),
            todo=f"Look at it with `verify`, then take the right away: chmod {'o-w' if shared else '600'} {path}.",
        )


def _check_leftovers(path: Path) -> None:
    """Refuse a journal that is not the database owner's own: SQLite would play it back into the file."""
    path = path.resolve()  # SQLite looks beside the file itself, not beside a link to it
    owners = {_look(path).st_uid, os.geteuid()}
    for journal in (path.with_name(path.name + suffix) for suffix in ("-journal", "-wal")):
        if not os.path.lexists(journal):
            continue
        try:
            found = journal.lstat()
        except FileNotFoundError:
            continue  # another process finished its transaction just now
        foreign = found.st_uid not in owners and not is_shared(path.parent)
        if foreign or not stat.S_ISREG(found.st_mode):
            raise BackoutError(
                "a journal that is not yours lies beside the database",
                where=str(journal),
                todo="Find out who put it there.",
            )


def is_shared(folder: Path) -> bool:
    """Whether a group shares what lies in this folder: it is setgid, and its group may write to it."""
    try:
        return folder.stat().st_mode & _SHARED_FOLDER == _SHARED_FOLDER
    except OSError:
        return False  # what cannot be looked at is refused where it is used


def _may(path: Path, right: int) -> bool:
    return os.access(path, right, effective_ids=_EFFECTIVE)


def _look(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except OSError as error:
        raise _cannot(error, path) from error


def _foreign(path: Path, found: os.stat_result) -> BackoutError:
    return BackoutError(
        f"this belongs to another user ({name_of(found.st_uid)})",
        where=str(path),
        todo="Work as that user, or choose another database with --database.",
    )


def name_of(uid: int) -> str:
    """The login of a user, `uid 4001` when it has no entry."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _cannot(error: OSError, path: Path) -> BackoutError:
    return BackoutError(
        f"this cannot be used: {error.strerror or error}",
        where=str(path),
        todo="Check the path and its rights, or choose another database with --database.",
    )

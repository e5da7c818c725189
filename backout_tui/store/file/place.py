"""Where the database lies, and who may access it. contract.md section 6.

A database is private (0600 in a folder with 0700), or, in a setgid and group-writable folder, shared with that group
(0660).
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from backout_tui.errors import BackoutError

_URL = re.compile(r"([a-z][a-z0-9+.-]*):/", re.IGNORECASE)
_SHARED_FOLDER = stat.S_ISGID | stat.S_IWGRP
_OF_THE_GROUP = 0o3770  # sticky: only a file's owner and the folder's owner can remove it
_EFFECTIVE = os.access in os.supports_effective_ids


def default_database() -> Path:
    """The user's own database, in the system's folder for application state."""
    from platformdirs import user_state_path

    return user_state_path("backout-tui", appauthor=False) / "backout.sqlite"


def refuse_url(database: str | Path) -> None:
    """Raise BackoutError when `database` is a URL instead of a file path."""
    if match := _URL.match(str(database)):
        # Name only the scheme: the rest of a URL may hold a password.
        raise BackoutError(f"a {match[1]} database cannot be used yet, only the path of a SQLite file")


def beside(path: Path) -> Path:
    """The folder `<database>.d`, which holds the spool and the backups; it is made when it is missing."""
    folder = path.with_name(path.name + ".d")
    _make_folder(folder, shared=is_shared(path.parent))
    return folder


def spool_root(path: Path) -> Path:
    """The folder that holds one folder per attempt; `make_spool` makes it."""
    return path.with_name(path.name + ".d") / "spool"


def make_spool(path: Path) -> None:
    """Make the folder of attempts if it is missing. Raises BackoutError when it is not safe to write to."""
    _make_folder(beside(path) / "spool", shared=is_shared(path.parent))


def make_sessions(path: Path) -> Path:
    """Make the folder of the sessions' locks if it is missing, and return it. Raises BackoutError like `make_spool`."""
    folder = beside(path) / "sessions"
    _make_folder(folder, shared=is_shared(path.parent))
    return folder


def make_typed(path: Path) -> None:
    """Make the folder of what was typed and not recorded. Raises OSError, and BackoutError like `make_spool`."""
    _prepare_folder(path.parent)
    _make_folder(beside(path) / "typed", shared=is_shared(path.parent))


def prepare(path: Path) -> None:
    """Make the folder, the file and `<database>.d` if they are missing. Raises BackoutError when one isn't safe."""
    refuse_url(path)
    _prepare_folder(path.parent)
    shared = is_shared(path.parent)
    _prepare_file(path, shared=shared)
    _check_leftovers(path)
    make_spool(path)


def check_file(path: Path) -> None:
    """Raise BackoutError unless `path` is a regular file: reading a pipe or a device could block or never end."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "no path holds such a character"
        raise BackoutError(f"it cannot be read: {why}", where=str(path)) from error
    if not stat.S_ISREG(found.st_mode):
        raise BackoutError("this is not a regular file", where=str(path), todo="Give the path of a file.")


def check_readable(path: Path) -> None:
    """Raise BackoutError unless `path` is a regular file that this user may read, whoever owns it."""
    refuse_url(path)
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NoDatabase(path) from None
    except (OSError, ValueError) as error:
        raise _cannot(error, path) from error
    if not stat.S_ISREG(found.st_mode):
        raise BackoutError("this is not a regular file", where=str(path), todo="Give the path of a database.")
    if not _may(path, os.R_OK):
        raise BackoutError(
            "you may not read this file", where=str(path), todo="Ask its owner for a copy or for access."
        )
    _check_leftovers(path)


def may_write(path: Path) -> bool:
    """Whether this user can write to the database at `path` and in its folder: the file is theirs or their group's."""
    own = path.stat().st_uid == os.geteuid() or is_shared(path.parent)
    return own and _may(path, os.W_OK) and _may(path.parent, os.W_OK | os.X_OK)


class NoDatabase(BackoutError):  # noqa: N818 - said to people, like its parent
    """There is no database at the given place yet."""

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
            todo="Remove that permission (chmod o-w), or choose another folder with --database.",
        )


def _make_folder(folder: Path, *, shared: bool) -> None:
    """Make a folder of our own; an existing one must be ours, or our group's when `shared`."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        if shared:
            folder.chmod(_OF_THE_GROUP)  # after the umask, which would remove the group's rights
    except FileExistsError:
        found = _folder_state(folder)
        if found.st_uid != os.geteuid():
            if not shared:
                raise _foreign(folder, found) from None
        elif shared and is_for_a_group(found.st_mode) and not found.st_mode & stat.S_ISVTX:
            folder.chmod(_OF_THE_GROUP)  # an older version left it with the rights it was shared with
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
            todo=f"Look at it with `verify`, then remove that permission: chmod {'o-w' if shared else '600'} {path}.",
        )


def _check_leftovers(path: Path) -> None:
    """Refuse a journal file that the database's owner did not make: SQLite would play it back into the database."""
    path = path.resolve()  # SQLite looks beside the real file, not beside a link to it
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
    """Whether a group shares the contents of this folder: it is setgid and group-writable."""
    try:
        return is_for_a_group(folder.stat().st_mode)
    except OSError:
        return False  # a folder that cannot be examined is refused where it is used


def is_for_a_group(mode: int) -> bool:
    """Whether a folder with this mode is shared by its group."""
    return mode & _SHARED_FOLDER == _SHARED_FOLDER


def _may(path: Path, right: int) -> bool:
    return os.access(path, right, effective_ids=_EFFECTIVE)


def _look(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except (OSError, ValueError) as error:
        raise _cannot(error, path) from error


def _foreign(path: Path, found: os.stat_result) -> BackoutError:
    return BackoutError(
        f"this belongs to another user ({name_of(found.st_uid)})",
        where=str(path),
        todo="Work as that user, or choose another database with --database.",
    )


def name_of(uid: int) -> str:
    """The login of a user, or `uid 4001` when the user has no entry."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _cannot(error: OSError | ValueError, path: Path) -> BackoutError:
    why = error.strerror or error if isinstance(error, OSError) else "no path can hold such a character"
    return BackoutError(
        f"this cannot be used: {why}",
        where=str(path),
        todo="Check the path and its permissions, or choose another database with --database.",
    )

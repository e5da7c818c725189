"""Recognises that the machine lacks something, such as memory, so that the error is not reported as our bug."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from backout_tui.domain.text import clean_line

_ROOM = "Make room"
_WORDS = {
    errno.EMFILE: "Raise the limit of open files (ulimit -n)",
    errno.ENFILE: "End what keeps so many files open",
    errno.ENOMEM: "End what takes the memory",
    errno.EAGAIN: "Raise the limit of processes (ulimit -u), or end some",
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: f"{_ROOM}, or ask for more of it",
    errno.EFBIG: "Raise the limit of a file's size (ulimit -f)",
    errno.EIO: "Look at the disk",
    errno.EROFS: "See why the disk is mounted read-only",
    errno.EINTR: "Nothing else is wrong",
}
_NO_THREAD = "can't start new thread"
_AGAIN = "Then look at the log before you do it again: what was recorded stays."


def what_is_scarce(error: BaseException) -> tuple[str, str] | None:
    """Return what the machine lacks and what to do about it; None when `error` has another cause.

    Imports can fail for this reason too: a library does not fit into memory, or a file cannot be opened.
    """
    for one in _with_causes(error):
        if isinstance(one, MemoryError | SystemError):  # the interpreter ran out of memory internally
            return "there is not enough memory", f"{_WORDS[errno.ENOMEM]}, or raise the limit (ulimit -v). {_AGAIN}"
        if isinstance(one, OSError) and one.errno in _WORDS:
            where = f"{clean_line(str(one.filename))}: " if one.filename else ""
            return f"{where}{(one.strerror or str(one)).lower()}", f"{_WORDS[one.errno]}. {_AGAIN}"
        if isinstance(one, RuntimeError) and str(one) == _NO_THREAD:
            return "no thread can be started", f"{_WORDS[errno.EAGAIN]}. {_AGAIN}"
    if isinstance(error, ImportError):
        what = f"a part of the program cannot be loaded: {clean_line(str(error))}"
        return what, f"Look at memory, open files and the installation. {_AGAIN}"
    return None


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__

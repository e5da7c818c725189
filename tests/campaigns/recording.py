"""A run of the real program as a list of what it did to the files below one folder, from its system calls."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from backout_tui.domain.values import replace
from tests.campaigns.disk import Op
from tests.campaigns.tracing import whole

CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir"
WHOLE_DATA = ("-y", "-s", str(1 << 24), "-e", f"trace={CALLS}")
"""The options with which a run is traced so that it can be read here."""

_RESULT = re.compile(rb"\) += (-?\d+)(?:<(.*)>)?(?: .*)?$", re.DOTALL)
_FD = re.compile(rb"\d+<(.*?)>")
_TEXT = rb'"((?:[^"\\]|\\.)*)"'
_NAME = re.compile(rb"(?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?" + _TEXT, re.DOTALL)


def ops(log: Path, below: Path) -> Iterator[Op]:
    """What succeeded, in order, with paths relative to the folder `below` ("" is itself)."""
    for _thread, name, said in whole(log):
        result = _RESULT.search(said)
        if result is None or int(result[1]) < 0:
            continue
        arguments = said[: result.start()]
        for op in _READ[name](arguments, int(result[1]), (result[2] or b"").decode()):
            path, to = _relative(op.path, below), _relative(op.to, below)
            if path is not None and to is not None:
                yield replace(op, path=path, to=to)


def _relative(path: str, below: Path) -> str | None:
    if not path:
        return ""
    root = str(below)
    return path[len(root) + 1 :] if path == root or path.startswith(root + "/") else None


def _opened(arguments: bytes, _: int, path: str) -> Iterator[Op]:
    if b"O_CREAT" in arguments:
        yield Op("make", path)
    if b"O_TRUNC" in arguments:
        yield Op("cut", path)


def _pwritten(arguments: bytes, length: int, _: str) -> Iterator[Op]:
    yield Op("write", _fd(arguments), _data(arguments)[:length], at=int(arguments.rpartition(b", ")[2]))


def _written(arguments: bytes, length: int, _: str) -> Iterator[Op]:
    yield Op("append", _fd(arguments), _data(arguments)[:length])


def _synced(arguments: bytes, _: int, __: str) -> Iterator[Op]:
    yield Op("sync", _fd(arguments))


def _truncated(arguments: bytes, _: int, __: str) -> Iterator[Op]:
    yield Op("cut", _fd(arguments), at=int(arguments.rpartition(b", ")[2]))


def _renamed(arguments: bytes, _: int, __: str) -> Iterator[Op]:
    before, after = _names(arguments)
    yield Op("rename", before, to=after)


def _removed(arguments: bytes, _: int, __: str) -> Iterator[Op]:
    yield Op("remove", _names(arguments)[0])


def _made_folder(arguments: bytes, _: int, __: str) -> Iterator[Op]:
    yield Op("folder", _names(arguments)[0])


_READ: dict[str, Callable[[bytes, int, str], Iterator[Op]]] = {
    "openat": _opened, "pwrite64": _pwritten, "write": _written, "fsync": _synced, "fdatasync": _synced,
    "ftruncate": _truncated, "rename": _renamed, "renameat": _renamed, "renameat2": _renamed, "unlink": _removed,
    "unlinkat": _removed, "rmdir": _removed, "mkdir": _made_folder, "mkdirat": _made_folder,
}  # fmt: skip


def _fd(arguments: bytes) -> str:
    match = _FD.match(arguments)
    return match[1].decode() if match is not None else "/"


def _data(arguments: bytes) -> bytes:
    match = re.search(_TEXT, arguments, re.DOTALL)
    return _unescaped(match[1]) if match is not None else b""


def _names(arguments: bytes) -> list[str]:
    found = []
    for match in _NAME.finditer(arguments):
        name = _unescaped(match[2]).decode()
        found.append(str(Path((match["folder"] or b"/").decode(), name)))
    return found


def _unescaped(text: bytes) -> bytes:
    return codecs.escape_decode(text)[0]  # C's escapes, as strace prints them

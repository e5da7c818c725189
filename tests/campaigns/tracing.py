"""System calls of the real program, by strace: which it makes, and the same run with one of them killed or failing."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "unlinkat", "mkdir",
    "mkdirat", "rmdir", "link", "linkat", "chmod", "fchmod", "fcntl", "flock", "memfd_create", "pread64",
)  # fmt: skip
"""What the write path is made of."""

PATIENCE_S = 120.0
_LINE = re.compile(rb"(\d+) +(?:([a-z0-9_]+)\((.*)|<\.\.\. ([a-z0-9_]+) resumed>(.*))", re.DOTALL)
_UNFINISHED = b" <unfinished ...>"


@functools.cache
def why_no_tracing() -> str | None:
    """Why no program can be traced here; None when one can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    command = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=openat", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"strace cannot trace here: {done.stderr.strip()}" if done.returncode else None


@dataclass(frozen=True, slots=True)
class Call:
    """One system call: the `nth` of its name (from 1) that this thread of the program made, and what it said."""

    thread: int
    name: str
    nth: int
    said: str


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended: its exit code (negative: by that signal), and what it printed."""

    code: int
    out: str
    err: str


def run(command: Sequence[str], environment: Mapping[str, str], cwd: Path, *options: str) -> Done:
    """Run a program, under strace with `options` where there are any. strace ends when all that it started has ended.

    Raises subprocess.TimeoutExpired when that takes longer than the patience.
    """
    traced = ["strace", "-f", "--seccomp-bpf", "-q", *options, *command] if options else [*command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(traced, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=environment, cwd=cwd)
        try:
            code = process.wait(PATIENCE_S)
        except BaseException:
            process.kill()
            process.wait()
            raise
        printed = [(file.seek(0), file.read())[1].decode("utf-8", "replace") for file in (out, err)]
    return Done(code, *printed)


def calls(command: Sequence[str], environment: Mapping[str, str], cwd: Path, log: Path) -> tuple[Done, list[Call]]:
    """Run it undisturbed; every call of the write path that it made, in the order of their beginnings."""
    done = run(command, environment, cwd, "-y", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    counted: Counter[tuple[int, str]] = Counter()
    found = []
    for line in log.read_bytes().splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and match[2] is not None:
            thread, name = int(match[1]), match[2].decode()
            counted[thread, name] += 1
            found.append(Call(thread, name, counted[thread, name], match[3].decode("utf-8", "replace")))
    return done, found


def with_fault(call: Call, fault: str) -> tuple[str, ...]:
    """The options by which this call meets its `fault` (`signal=KILL`, `error=EIO`), in every thread that makes it."""
    inject = f"inject={call.name}:{fault}:when={call.nth}"
    return ("-o", "/dev/null", "-e", f"trace={call.name}", "-e", inject)


def whole(log: Path) -> Iterator[tuple[int, str, bytes]]:
    """Thread, name, and arguments with result of each call in a log, in the order in which they ended."""
    begun: dict[int, bytes] = {}
    for line in log.read_bytes().splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        thread = int(match[1])
        if match[2] is None:
            yield thread, match[4].decode(), begun.pop(thread) + match[5]
        elif match[3].endswith(_UNFINISHED):
            begun[thread] = match[3].removesuffix(_UNFINISHED)
        else:
            yield thread, match[2].decode(), match[3]

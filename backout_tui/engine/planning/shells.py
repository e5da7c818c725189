"""Commands read by the shells that will run them, and by shellcheck: read only, nothing of them is run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.placeholders import placeholders
from backout_tui.domain.text import clean_line

T = TypeVar("T")

DEADLINE_S = 10.0
_AT_ONCE = 4
_LINE = re.compile(r"(?:line )?(\d+): (.*)")
# Other files, the first line, variables that come from outside, and `cd` that fails: scripts are run with -e.
_NOT_ASKED = "SC1090,SC1091,SC2148,SC2154,SC2164"


def about_shells(
    scripts: Iterable[Passage], found: Collection[Finding], environment: Mapping[str, str]
) -> Iterator[Finding]:
    """shell-syntax and shellcheck; of what a rule has `found` something in already nothing more is said."""
    broken = {one.line for one in found if one.rule in ("curly-quote", "bidi-character", "confusable-character")}
    whole = [one for one in scripts if not placeholders(one.text) and broken.isdisjoint(_lines_of(one))]
    syntax = list(_each(whole, lambda script: _read_by_shell(script, environment)))
    yield from (one for one in syntax if one is not None)
    if shellcheck := found_shellcheck(environment):
        readable = [script for script, one in zip(whole, syntax, strict=True) if one is None]
        said = {one.line for one in found}
        for remarks in _each(readable, lambda script: list(_read_by_shellcheck(script, shellcheck, environment))):
            yield from (one for one in remarks if one.line not in said)


def found_shellcheck(environment: Mapping[str, str]) -> str | None:
    """Where shellcheck is; None where it is not installed."""
    return shutil.which("shellcheck", path=environment.get("PATH"))


def _each(scripts: Collection[Passage], ask: Callable[[Passage], T]) -> Iterator[T]:
    """What `ask` says of each, some at a time, in order."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(ask, scripts)


def _lines_of(script: Passage) -> range:
    return range(script.line, script.line_end + 1)


def _read_by_shell(script: Passage, environment: Mapping[str, str]) -> Finding | None:
    shell = "bash" if script.key == "bash" else "sh"
    done = _ask([shell, "-n"], script.text, environment)
    if done is None or done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
    match = _LINE.search(said)
    line = script.line + int(match[1]) - 1 if match else script.line
    what = clean_line(match[2] if match else said)
    text = f"{shell} cannot read this command: {what[:1].lower()}{what[1:]}"
    return finding("shell-syntax", min(line, script.line_end), script.item, text)


def _read_by_shellcheck(script: Passage, program: str, environment: Mapping[str, str]) -> Iterator[Finding]:
    shell = "bash" if script.key == "bash" else "sh"
    command = [program, "-f", "json", "-s", shell, "-S", "warning", "-e", _NOT_ASKED, "--norc", "-"]
    done = _ask(command, script.text, environment)
    try:
        remarks = json.loads(done.stdout) if done is not None else []
    except ValueError:  # an older one without these options, or one that broke off
        return
    for one in remarks:
        text = f"{clean_line(one['message'])} (SC{one['code']})"
        yield finding("shellcheck", script.line + one["line"] - 1, script.item, text)


def _ask(command: list[str], script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes] | None:
    """What a reading program says of `script`; None when there is no such program, or it does not come to an end."""
    try:
        return subprocess.run(  # noqa: S603 - a shell told to read only, or shellcheck
            command,
            input=f"{script}\n".encode("utf-8", "replace"),
            capture_output=True,
            env=dict(environment),
            timeout=DEADLINE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None

"""Has commands parsed by the shells that will run them, and by shellcheck. Nothing is executed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.placeholders import placeholders
from backout_tui.domain.shell.handed_on import handed_on
from backout_tui.domain.text import clean_line

MOST = 2_000
"""How many different commands are checked: each takes two milliseconds, and no plan typed by people has that many."""
DEADLINE_S = 30.0
_TOGETHER = 100
_AT_ONCE = 4
_NAMED = 3
_LINE = re.compile(r"(?:line )?(\d+): (.*)")
# One shell that starts the others takes a quarter of the time that starting each of them from here takes.
_READ_EACH = 'for one; do "$0" -n "./$one" 2>"$one.said" || echo "$one"; done'
# These are about sourced files, the first line, variables set outside, and a failing `cd`: scripts run with -e.
_NOT_ASKED = "SC1090,SC1091,SC2148,SC2154,SC2164"


class Script(NamedTuple):
    """The script of one or more commands of a plan, as a file called `name`, and the shell that will run it."""

    name: str
    shell: str
    places: list[Passage]


class Remark(NamedTuple):
    """A remark on one line of a script, counted from 1."""

    line: int
    words: str


_SAY_WHY_IT_IS_BROKEN = frozenset({"curly-quote", "bidi-character", "confusable-character", "other-shell"})

Told = dict[str, list[Remark]]
"""The remarks on scripts, by name; scripts that were not checked are missing."""


def about_shells(
    scripts: Iterable[Passage], found: Collection[Finding], environment: Mapping[str, str]
) -> Iterator[Finding]:
    """shell-syntax, shell-unread, shellcheck; where another rule has `found` something, nothing more is reported."""
    broken = {one.line for one in found if one.rule in _SAY_WHY_IT_IS_BROKEN}
    different = _different(
        one for one in scripts if not placeholders(one.text) and broken.isdisjoint(range(one.line, one.line_end + 1))
    )
    asked = different[:MOST]
    yield from _unread([place for one in different[MOST:] for place in one.places])
    with tempfile.TemporaryDirectory(prefix="backout-tui-check-") as folder:
        for one in asked:
            Path(folder, one.name).write_bytes(f"{one.places[0].text}\n".encode("utf-8", "replace"))
        syntax = _told(asked, lambda some: _read_by_shell(some, folder, environment))
        yield from _unreadable(asked, syntax)
        if shellcheck := found_shellcheck(environment):
            readable = [one for one in asked if not syntax.get(one.name)]
            advice = _told(readable, lambda some: _read_by_shellcheck(some, shellcheck, folder, environment))
            yield from _advised(readable, advice, {one.line for one in found})


def about_syntax(command: Passage, environment: Mapping[str, str]) -> Iterator[Finding]:
    """shell-syntax of one command, which the shell reads without a file: the disk may be full when it is to run."""
    (script,) = _different([command])
    done = _ask([script.shell, "-n"], None, environment, f"{command.text}\n".encode("utf-8", "replace"))
    if done is not None and done.returncode:
        yield from _unreadable([script], {script.name: [_first_said(done.stderr.decode("utf-8", "replace"))]})


def found_shellcheck(environment: Mapping[str, str]) -> str | None:
    """Where shellcheck is installed; None when it isn't."""
    return shutil.which("shellcheck", path=environment.get("PATH"))


def _different(passages: Iterable[Passage]) -> list[Script]:
    """The scripts that differ in text or shell, in the order of the plan."""
    scripts: dict[tuple[str, str], Script] = {}
    for one in passages:
        shell = "bash" if one.key == "bash" else "sh"
        scripts.setdefault((shell, one.text), Script(f"{len(scripts)}.sh", shell, [])).places.append(one)
    return list(scripts.values())


def _unread(places: Sequence[Passage]) -> Iterator[Finding]:
    if places:
        items = list(dict.fromkeys(one.item for one in places))
        more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
        text = (
            f"{len(places):,} commands were not read by the shell, which reads the first {MOST:,} different ones "
            f"({', '.join(items[:_NAMED])}{more}): read these with `sh -n` yourself, or split the plan"
        )
        yield finding("shell-unread", places[0].line, "", text)


def _told(scripts: Sequence[Script], ask: Callable[[Sequence[Script]], Told]) -> Told:
    """All remarks that `ask` returns; it is called with the scripts of one shell, a limited number at a time."""
    batches = []
    for shell in ("sh", "bash"):
        ours = [one for one in scripts if one.shell == shell]
        batches += [ours[at : at + _TOGETHER] for at in range(0, len(ours), _TOGETHER)]
    told: Told = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for some in pool.map(ask, batches):
            told.update(some)
    return told


def _read_by_shell(scripts: Sequence[Script], folder: str, environment: Mapping[str, str]) -> Told:
    shell = scripts[0].shell
    if shutil.which(shell, path=environment.get("PATH")) is None:
        return {}
    done = _ask(["sh", "-c", _READ_EACH, shell, *(one.name for one in scripts)], folder, environment)
    names = done.stdout.decode("ascii", "replace").split() if done is not None else ()
    return {name: [_first_said(Path(folder, f"{name}.said").read_text("utf-8", "replace"))] for name in names}


def _first_said(words: str) -> Remark:
    said = words.strip().split("\n")[0]
    match = _LINE.search(said)
    return Remark(int(match[1]) if match else 1, clean_line(match[2] if match else said))


def _unreadable(scripts: Iterable[Script], told: Told) -> Iterator[Finding]:
    for script in scripts:
        for remark in told.get(script.name, ()):
            text = f"{script.shell} cannot read this command: {remark.words[:1].lower()}{remark.words[1:]}"
            for place in script.places:
                line = min(place.line + remark.line - 1, place.line_end)
                yield finding("shell-syntax", line, place.item, text)


def _read_by_shellcheck(scripts: Sequence[Script], program: str, folder: str, environment: Mapping[str, str]) -> Told:
    options = ["-f", "json", "-s", scripts[0].shell, "-S", "warning", "-e", _NOT_ASKED, "--norc"]
    done = _ask([program, *options, *(one.name for one in scripts)], folder, environment)
    told: Told = {}
    try:
        remarks = json.loads(done.stdout) if done is not None else []
    except ValueError:  # an older version without these options, or one that crashed
        return told
    for one in remarks:
        said = Remark(one["line"], f"{clean_line(one['message'])} (SC{one['code']})")
        told.setdefault(one["file"], []).append(said)
    return told


def _advised(scripts: Iterable[Script], told: Told, said: Collection[int]) -> Iterator[Finding]:
    for script in scripts:
        for remark in told.get(script.name, ()):
            for place in script.places:
                line = place.line + remark.line - 1
                if line not in said:
                    yield finding("shellcheck", line, place.item, remark.words)


def _ask(
    command: list[str], folder: str | None, environment: Mapping[str, str], script: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    """Run a checker on files in `folder`, or on `script`; None when it isn't installed or doesn't finish."""
    try:
        return subprocess.run(  # noqa: S603 - a shell told to read only, or shellcheck
            command, cwd=folder, input=script, capture_output=True, env=handed_on(environment),
            timeout=DEADLINE_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None

"""Pipes whose reader stops early: under `pipefail` their writer's SIGPIPE (exit code 141) counts as a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backout_tui.domain.shell.shell_commands import Command, commands_of, run_by
from backout_tui.domain.shell.words import DEEPEST

_PIPES = frozenset({"|", "|&"})
_WRITES_AT_ONCE = frozenset({
    "echo", "printf", "hostname", "date", "uname", "id", "whoami", "basename", "dirname", "pwd", "nproc", "wc",
    "readlink", "realpath", "mktemp", "uptime",
})  # fmt: skip
_OFF = re.compile(r"^\s*set\s[^\n#]*\+o\s+pipefail", re.MULTILINE)
_WORTH_A_LOOK = re.compile(r"\bhead\b|grep\b.*-|\bsed\b.*[qQ]|awk\b.*exit|\bdd\b", re.DOTALL)
_SED_QUITS = re.compile(r"(?:^|[;{}\d/$\s])[qQ]\d*\s*(?:$|[;}])")
_INSTEAD = {
    "head": "`sed -n 1,Np`, or `|| true` behind it",
    "grep": "`grep ... >/dev/null`, which reads to the end",
    "sed": "`sed -n 1,Np`, which reads to the end",
    "awk": "`awk` without `exit`",
    "dd": "`|| true` behind it",
}


def closed_early(script: str, line: int = 1, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Each reader of a pipe in `script` that may stop before its writer: its line, what it is, and what to write.

    Not where the outcome makes no difference: `|| true`, or a substitution among a command's arguments. A writer
    that writes once and little, such as `echo`, has ended before its reader does. Never raises.
    """
    if "|" not in script or _WORTH_A_LOOK.search(script) is None or _OFF.search(script):
        return
    commands = commands_of(script, line)
    for at, command in enumerate(commands):
        if at and commands[at - 1].after in _PIPES and not _does_not_matter(commands, at):
            words = [word.plain for word in run_by(command.arguments)]
            if not _writes_at_once(commands[at - 1]) and (what := _stops_early(words)):
                yield command.line, f"| {what}", _INSTEAD[_family(words[0])]
        inside = [] if command.arguments or depth >= DEEPEST else [one for word in command.words for one in word.inside]
        for text, begun in inside:
            yield from closed_early(text, begun, depth + 1)


def _does_not_matter(commands: Sequence[Command], at: int) -> bool:
    """Whether the pipe at `at` is followed by `|| true`."""
    end = next((one for one in range(at, len(commands)) if commands[one].after not in _PIPES), at)
    after = commands[end + 1].program if end + 1 < len(commands) else ""
    return commands[end].after == "||" and after in ("true", ":")


def _writes_at_once(writer: Command) -> bool:
    words = [word.plain for word in run_by(writer.arguments)]
    if not words:
        return False
    last_line = words[0] == "tail" and bool(re.fullmatch(r"tail (?:-n ?)?-?1(?: \S+)?", " ".join(words)))
    counts = words[0] == "grep" and any(re.fullmatch(r"-\w*c\w*|--count", word) for word in words[1:])
    return words[0].rpartition("/")[2] in _WRITES_AT_ONCE or "--version" in words or last_line or counts


def _family(program: str) -> str:
    """The program that it works like."""
    name = program.rpartition("/")[2]
    return {"egrep": "grep", "fgrep": "grep", "zgrep": "grep", "gawk": "awk", "mawk": "awk", "nawk": "awk"}.get(
        name, name
    )


def _stops_early(words: Sequence[str]) -> str:
    """How a reader that may stop before the end is named; "" for one that reads to the end."""
    family = _family(words[0]) if words else ""
    rule = {"head": _head, "grep": _grep, "sed": _sed, "awk": _awk, "dd": _dd}.get(family)
    return rule(words) if rule else ""


def _head(words: Sequence[str]) -> str:
    all_but = re.search(r"(?:^| )(?:-[nc] ?|--(?:lines|bytes)[= ])-\d", " ".join(words[1:]))
    return "" if all_but else " ".join(words[:3] if words[1:2] in (["-n"], ["-c"]) else words[:2])


def _grep(words: Sequence[str]) -> str:
    left = iter(words[1:])
    for word in left:
        if word == "--":
            break
        if re.fullmatch(r"-[A-Za-z]*[efABCdD]", word):
            next(left, "")
        long = re.fullmatch(r"--(?:quiet|silent|max-count(?:=.*)?)", word)
        short = re.fullmatch(r"-[^-efABCdD]*?[qm].*", word)
        if long or short:
            return f"{words[0]} {word}"
    return ""


def _sed(words: Sequence[str]) -> str:
    return "sed ... q" if any(_SED_QUITS.search(word) for word in words[1:] if not word.startswith("-")) else ""


def _awk(words: Sequence[str]) -> str:
    return "awk ... exit" if any(re.search(r"\bexit\b", word.partition("END")[0]) for word in words[1:]) else ""


def _dd(words: Sequence[str]) -> str:
    return "dd count=" if any(word.startswith("count=") for word in words) else ""

"""Commands that don't end by themselves: they follow a log, watch, listen, or loop forever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backout_tui.domain.shell.shell_commands import Command, commands_of, run_by
from backout_tui.domain.shell.words import Word

_CLUSTER = frozenset({"kubectl", "oc", "k", "k3s", "microk8s"})
_CONTAINER = frozenset({"docker", "podman", "nerdctl", "docker-compose", "podman-compose"})
_FOLLOWERS = {"journalctl": "f", "dmesg": "w", "aws": "", "nomad": "", "argocd": "", "logcli": "", "gcloud": ""}
_ENDS_A_PIPE = re.compile(r"^(?:head|grep .*(?:-\w*q|-\w*m ?\d|--quiet|--max-count)|sed .*\dq|timeout)\b")
_WORTH_A_LOOK = re.compile(
    r"\b(?:tail|ping6?|i?top|nc|ncat|netcat|watch|sleep|inotifywait|tcpdump|stern|yes|multitail|while|until|logs|stats|attach|events|port-forward|proxy|journalctl|dmesg)\b"
    r"|\s(?:-w|--watch|--watch-only|--watch=true|--follow)\b"
)
_FAR = 50  # how many commands to look ahead for what stops one
_LOOPS = frozenset({"for", "while", "until", "select"})
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})
_FOREVER = {"while": ("true", ":", "1", "[ 1 ]", "[ true ]", "/bin/true"), "until": ("false", "[ 0 -eq 1 ]")}


def endless(script: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """Each command of `script` that never ends: its line, and the part that doesn't end.

    A command in the background, under `timeout`, or piped into something that stops it (`head`, `grep -q`) does end.
    """
    if _WORTH_A_LOOK.search(script) is None:
        return
    commands = commands_of(script, line)
    for at, command in enumerate(commands):
        what = _endless(command.arguments)
        if what and not _in_background(commands, at) and not _stopped_by_pipe(commands, at, what):
            yield command.line, what
    yield from _loops(commands)


def _endless(arguments: Sequence[Word]) -> str:
    """The part that doesn't end, as a person would name it; "" for a command that ends."""
    words = run_by(arguments)
    if not words:
        return ""
    plain = [word.plain for word in words]
    program = plain[0].rpartition("/")[2]
    inner = _inner_script(program, plain)
    if inner:
        return next((what for _, what in endless(inner)), "")
    rule = _BY_PROGRAM.get(program)
    if program in _CLUSTER:
        return _cluster(program, plain)
    if program in _CONTAINER:
        return _container(program, plain)
    if program in _FOLLOWERS:
        return f"{program} {found}" if (found := _flag(plain, _FOLLOWERS[program], "--follow")) else ""
    return rule(plain) if rule else ""


def _inner_script(program: str, plain: Sequence[str]) -> str:
    """The script that `sh -c`, `ssh` or `kubectl exec ... --` runs; "" for other programs."""
    if program in _SHELLS:
        at = next((at for at, word in enumerate(plain) if re.fullmatch(r"-\w*c", word)), 0)
        return plain[at + 1] if at and at + 1 < len(plain) else ""
    if program == "ssh":
        return _after_host(plain)
    if program in _CLUSTER and "exec" in plain and "--" in plain:
        return " ".join(plain[plain.index("--") + 1 :])
    return ""


def _after_host(plain: Sequence[str]) -> str:
    at = 1
    while at < len(plain) and plain[at].startswith("-"):
        at += 2 if re.fullmatch(r"-[BbcDEeFIiJLlmOopQRSWw]", plain[at]) else 1
    return " ".join(plain[at + 1 :])


def _flag(plain: Sequence[str], short: str, *long: str) -> str:
    """The option in `plain`, alone or combined with other letters (`-fn100`); "" if it is not there."""
    for word in plain[1:]:
        if word in long or any(word.startswith(f"{one}=") and not word.endswith("=false") for one in long):
            return word
        if short and re.fullmatch(rf"-[A-Za-z0-9]*{short}[A-Za-z0-9]*", word) and not word.startswith("--"):
            return word
    return ""


def _says(what: str, plain: Sequence[str]) -> str:
    return f"{plain[0]} {what}".strip()


def _cluster(program: str, plain: Sequence[str]) -> str:
    if "port-forward" in plain or "proxy" in plain:
        return f"{program} {'port-forward' if 'port-forward' in plain else 'proxy'}"
    if "rollout" in plain or "wait" in plain:
        return ""
    if "logs" in plain and (found := _exact(plain, "-f", "--follow", "--follow=true")):
        return f"{program} logs {found}"
    found = _exact(plain, "-w", "--watch", "--watch=true", "--watch-only")
    return f"{program} {found}" if found else ""


def _container(program: str, plain: Sequence[str]) -> str:
    if "logs" in plain and (found := _exact(plain, "-f", "--follow", "--follow=true")):
        return f"{program} logs {found}"
    if "stats" in plain[1:3] and "--no-stream" not in plain:
        return f"{program} stats"
    if "attach" in plain[1:3]:
        return f"{program} attach"
    return f"{program} events" if "events" in plain[1:3] and not _exact(plain, "--until") else ""


def _exact(plain: Sequence[str], *options: str) -> str:
    return next((word for word in plain if word in options), "")


def _tail(plain: Sequence[str]) -> str:
    ends = any(word.startswith("--pid") for word in plain)
    found = "" if ends else _flag(plain, "[fF]", "--follow")
    return _says(found, plain) if found else ""


def _ping(plain: Sequence[str]) -> str:
    return "" if _flag(plain, "[cw]", "--count", "--deadline") else "ping without -c"


def _top(plain: Sequence[str]) -> str:
    return "" if _flag(plain, "n", "--iterations") else plain[0]


def _netcat(plain: Sequence[str]) -> str:
    return _says("-l", plain) if _flag(plain, "l", "--listen") else ""


def _watch(plain: Sequence[str]) -> str:
    return "" if _flag(plain, "g", "--chgexit") else "watch"


def _sleep(plain: Sequence[str]) -> str:
    return "sleep infinity" if plain[1:2] in (["infinity"], ["inf"]) else ""


def _inotify(plain: Sequence[str]) -> str:
    return "inotifywait -m" if _flag(plain, "m", "--monitor") else ""


def _dump(plain: Sequence[str]) -> str:
    return "" if _flag(plain, "[cG]") else plain[0]


def _stern(plain: Sequence[str]) -> str:
    return "" if "--no-follow" in plain else "stern"


def _always(plain: Sequence[str]) -> str:
    return plain[0]


_BY_PROGRAM: dict[str, Callable[[Sequence[str]], str]] = {
    "tail": _tail,
    "ping": _ping,
    "ping6": _ping,
    "top": _top,
    "iotop": _top,
    "nc": _netcat,
    "ncat": _netcat,
    "netcat": _netcat,
    "watch": _watch,
    "sleep": _sleep,
    "inotifywait": _inotify,
    "tcpdump": _dump,
    "stern": _stern,
    "yes": _always,
    "multitail": _always,
}


def _in_background(commands: Sequence[Command], at: int) -> bool:
    """Whether the list with the command `at` ends with `&`, or the group that it closes does."""
    for command in commands[at : at + _FAR]:
        if command.after not in ("&&", "||", "|", "|&", ")"):
            return command.after == "&"
    return False


def _stopped_by_pipe(commands: Sequence[Command], at: int, what: str) -> bool:
    """Whether a later part of the pipe stops it, like `head`."""
    for before, command in pairwise(commands[at : at + _FAR]):
        if before.after not in ("|", "|&"):
            return False
        if _ENDS_A_PIPE.match(" ".join(word.plain for word in command.arguments)) or what == "yes":
            return True
    return False


@dataclass(slots=True)
class _Loop:
    """An open loop: where it begins, how it loops forever ("" if it doesn't), and whether something leaves it."""

    line: int
    forever: str
    leaves: bool = False
    ends_script: bool = False


def _loops(commands: Sequence[Command]) -> Iterator[tuple[int, str]]:
    """The endless loops that nothing inside them leaves."""
    open_loops: list[_Loop] = []
    for command in commands:
        if any(keyword in _LOOPS for keyword in command.keywords):
            open_loops.append(_Loop(command.line, _forever(command)))
        if open_loops:
            open_loops[-1].leaves |= command.program == "break"
            open_loops[-1].ends_script |= command.program in ("exit", "return", "exec")
        if "done" in command.keywords and open_loops:
            loop = open_loops.pop()
            if open_loops:
                open_loops[-1].ends_script |= loop.ends_script
            if loop.forever and not (loop.leaves or loop.ends_script) and command.after not in ("&", "|"):
                yield loop.line, loop.forever


def _forever(command: Command) -> str:
    """The beginning of a loop whose own condition never ends it; "" for any other."""
    words = " ".join(word.plain for word in command.arguments)
    head = next((word for word in command.keywords if word in _FOREVER), "")
    return f"{head} {words}" if head and words in _FOREVER[head] else ""

"""Options of the shell's own commands that only bash knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from backout_tui.domain.shell.words import Word

_OPTION = re.compile(r"-[A-Za-z]+")
_BASH_MODES = frozenset({
    "pipefail", "posix", "errtrace", "functrace", "physical", "histexpand", "history", "braceexpand", "keyword",
    "onecmd", "privileged", "interactive-comments", "hashall",
})  # fmt: skip
_NOT_SIGNALS = frozenset({"ERR", "DEBUG", "RETURN"})

Found = tuple[str, str] | None
"""What is written, and what to write instead or ""."""


def foreign_option(plain: Sequence[str], words: Sequence[Word]) -> Found:
    """What a built-in command is given that `sh` doesn't take; None for nothing, and for other programs.

    `plain` are the command's words without quotes, `words` the same as written.
    """
    rule = _RULES.get(plain[0]) if plain else None
    return rule(plain, words) if rule else None


def _read(plain: Sequence[str], _: Sequence[Word]) -> Found:
    for word in plain[1:]:
        if not word.startswith("-") or word == "--":
            break
        if word != "-r":
            instead = "`printf` before it" if "p" in word else ""
            return f"read {word}", instead
    names = [word for word in plain[1:] if not word.startswith("-")]
    return None if names else ("read without a name", "`read -r NAME`")


def _echo(plain: Sequence[str], words: Sequence[Word]) -> Found:
    first = plain[1] if len(plain) > 1 else ""
    if re.fullmatch(r"-n?[eE]n?", first) and words[1].text == first:
        return f"echo {first}", "`printf`"
    return None


def _printf(plain: Sequence[str], _: Sequence[Word]) -> Found:
    if plain[1:2] == ["-v"]:
        return "printf -v", "`NAME=$(printf ...)`"
    match = re.search(r"%(?:q|\([^)]*\)T)", plain[1]) if len(plain) > 1 else None
    return (f"printf {match[0]}", "") if match else None


def _set(plain: Sequence[str], _: Sequence[Word]) -> Found:
    words = iter(plain[1:])
    for option in words:
        if option == "--" or not re.fullmatch(r"[-+][A-Za-z]+", option):
            return None
        if "o" in option and (name := next(words, "")) in _BASH_MODES:
            return f"set -o {name}", ""
        if letter := re.search(r"[ETHBPt]", option):
            return f"set -{letter[0]}", ""
    return None


def _trap(plain: Sequence[str], _: Sequence[Word]) -> Found:
    for word in plain[2:]:
        if word in _NOT_SIGNALS:
            return f"trap ... {word}", "`trap ... EXIT`"
        if word.startswith("SIG"):
            return f"trap ... {word}", f"`{word.removeprefix('SIG')}`"
    return None


def _kill(plain: Sequence[str], _: Sequence[Word]) -> Found:
    long = next((word for word in plain[1:3] if re.fullmatch(r"-?SIG[A-Z0-9]+", word)), "")
    return (f"kill {long}", f"`{long.replace('SIG', '', 1)}`") if long else None


def _test(plain: Sequence[str], words: Sequence[Word]) -> Found:
    for word in words[2:]:
        if word.text == "==":
            return f"{plain[0]} ... ==", "a single `=`"
        if word.text == "=~":
            return f"{plain[0]} ... =~", "`grep -q`, or `case`"
    return (f"{plain[0]} -v", '`[ -n "${NAME+set}" ]`') if plain[1:2] == ["-v"] and len(plain) in (3, 4) else None


def _exec(plain: Sequence[str], words: Sequence[Word]) -> Found:
    if len(words) > 1 and re.fullmatch(r"\{[A-Za-z_]\w*\}", words[1].text):
        return f"exec {words[1].text}>", "a number from 3 to 9"
    return (f"exec {plain[1]}", "") if plain[1:2] and plain[1] in ("-a", "-c", "-l") else None


def _no_option_but(allowed: str, instead: str = "") -> Callable[[Sequence[str], Sequence[Word]], Found]:
    """A rule for a command whose first word may be no other option than the letters `allowed`."""

    def rule(plain: Sequence[str], _: Sequence[Word]) -> Found:
        first = plain[1] if len(plain) > 1 else ""
        wrong = _OPTION.fullmatch(first) and not set(first[1:]) <= set(allowed)
        return (f"{plain[0]} {first}", instead) if wrong else None

    return rule


_RULES: dict[str, Callable[[Sequence[str], Sequence[Word]], Found]] = {
    "read": _read,
    "echo": _echo,
    "printf": _printf,
    "set": _set,
    "trap": _trap,
    "kill": _kill,
    "[": _test,
    "test": _test,
    "exec": _exec,
    "export": _no_option_but("p"),
    "readonly": _no_option_but("p"),
    "local": _no_option_but(""),
    "unset": _no_option_but("fv"),
    "type": _no_option_but("", "`command -v`"),
    "wait": _no_option_but("", "`wait` for each process"),
}

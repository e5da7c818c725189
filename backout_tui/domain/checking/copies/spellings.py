"""A version in other spellings: `2_7_0`, `2-7`, `2.7` and `27` all mean 2.7.0. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator

from backout_tui.domain.checking.copies.products import is_of_another_product

_RUN = re.compile(r"\d+|[a-z]+")
_UNIT = r"(?!\s?(?:%|‰|s\b|ms\b|min\b|h\b|days?\b|hours?\b|minutes?\b|seconds?\b|[KMG]i?B\b|x\b))"
_MARKED = r"(?:(?<=[A-Za-z_@#=])|(?<=[A-Za-z_]-)|(?<![\d]/)(?<=/)|(?<=version )|(?<=release )|(?<=build )|(?<=tag ))"


def spellings_in(line: str, version: str, ours: Collection[str], *, bare: bool) -> Iterator[str]:
    """`version` in other spellings in `line`, as written; one that also spells a version in `ours` is no sign.

    `bare` says that a number alone may be one, as in a command.
    """
    allowed = {spelt for one in ours for spelt, _ in _spellings(one)}
    for spelt, pattern in _spellings(version):
        if spelt in allowed:
            continue
        for match in (*pattern.finditer(line), *(_bare(spelt).finditer(line) if bare and spelt.isdecimal() else ())):
            if not is_of_another_product(line[: match.start()]):
                yield match[0]


def _plain(version: str) -> str:
    return version.casefold().removeprefix("v")


@functools.lru_cache(maxsize=256)
def _spellings(version: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each spelling with the pattern that finds it; the version itself only where it is glued to a word."""
    runs = _RUN.findall(_plain(version))
    if len(runs) < 2:
        return ()
    found: dict[str, re.Pattern[str]] = {}
    for shortened in dict.fromkeys((tuple(runs), *_shortened(runs))):
        for sign in "._-":
            found[sign.join(shortened)] = _joined(sign, shortened, whole=_plain(version))
        glued = "".join(shortened)
        if glued.isdecimal() and len(glued) > 1:
            found[glued] = re.compile(rf"{_MARKED}(?<!\d){glued}(?![\d%]|[.:]\d){_UNIT}", re.IGNORECASE)
        elif not glued.isdecimal():
            found[glued] = re.compile(rf"(?<![a-z0-9]){glued}(?![a-z0-9])", re.IGNORECASE)
    return tuple(found.items())


def _shortened(runs: list[str]) -> Iterator[tuple[str, ...]]:
    """Without its last parts, down to two: `2.7` for 2.7.0."""
    if all(run.isdecimal() for run in runs):
        yield from (tuple(runs[:end]) for end in range(len(runs) - 1, 1, -1))


def _joined(sign: str, runs: tuple[str, ...], *, whole: str) -> re.Pattern[str]:
    said = sign.join(runs)
    before = rf"(?<![\d])(?<!\d[._-]){'(?<=[A-Za-z][-_/])' if sign == '-' and len(runs) == 2 else ''}"
    if said == whole:
        before = r"(?<=[A-Za-uw-z])"  # glued to a word; whole, it is the version itself, which is an error
    return re.compile(rf"{before}{re.escape(said)}(?![\d]|[._-]\d){_UNIT}", re.IGNORECASE)


@functools.lru_cache(maxsize=256)
def _bare(spelt: str) -> re.Pattern[str]:
    """A number alone, but not what `sleep` or `timeout` waits."""
    return re.compile(rf"(?<!\S)(?<!sleep )(?<!timeout )(?<!-n ){spelt}(?!\S)")

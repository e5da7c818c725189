"""Which words of a copied plan still stand as they stood in the plan that it was copied from. Pure.

A word is inherited while a neighbour of it is the same as before: changing the rest of the sentence does not make a
version in it new. A neighbour like "to" proves nothing, so there both neighbours count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backout_tui.domain.checking.passages import Passage

_WORD = re.compile(r"\S+")
_WEAK = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"})
_Word = tuple[int, int, str]  # the line's place in the passage, the word's place in the line, the word


class Inherited:
    """The words of the passages of a plan when it was copied."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        """Remember each word with its neighbours."""
        self._pairs: set[tuple[str, str]] = set()
        self._triples: set[tuple[str, str, str]] = set()
        for passage in passages:
            for before, word, after in _triples(_words(passage), passage):
                self._triples.add((before, word, after))
                self._pairs |= {(before, word), (word, after)}

    def lines(self, passage: Passage) -> Iterator[tuple[int, str, str]]:
        """Each line: its number, the line, and the line with everything blanked that was written since the copy."""
        words = list(_words(passage))
        kept = [
            word for word, three in zip(words, _triples(words, passage), strict=True) if self._stands(*three)
        ]  # fmt: skip
        by_line: dict[int, list[_Word]] = {}
        for one in kept:
            by_line.setdefault(one[0], []).append(one)
        for at, (number, line) in enumerate(passage.lines()):
            yield number, line, _masked(line, by_line.get(at, ()))

    def _stands(self, before: str, word: str, after: str) -> bool:
        if (before, word, after) in self._triples:
            return True
        one = before not in _WEAK and (before, word) in self._pairs
        return one or (after not in _WEAK and (word, after) in self._pairs)


def _words(passage: Passage) -> Iterator[_Word]:
    for at, line in enumerate(passage.text.split("\n")):
        yield from ((at, match.start(), match[0]) for match in _WORD.finditer(line))


def _triples(words: Iterable[_Word], passage: Passage) -> Iterator[tuple[str, str, str]]:
    """Each word between its neighbours; the ends of the passage have names that say what it is."""
    edge = f" {passage.kind} {passage.key}"
    said = [edge, *(word.casefold() for _, _, word in words), edge]
    yield from zip(said, said[1:], said[2:], strict=False)


def _masked(line: str, kept: Iterable[_Word]) -> str:
    masked = [" "] * len(line)
    for _, start, word in kept:
        masked[start : start + len(word)] = word
    return "".join(masked)

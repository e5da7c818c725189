"""The letters that name checks, and steps that were added: A ... Z, AA, AB ..."""

from __future__ import annotations


def letter_after(taken: set[str]) -> str:
    """The next free letter: A ... Z, AA, AB ..."""
    number = 0
    while True:
        number += 1
        rest, letters = number, ""
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        if letters not in taken:
            return letters

"""Removes secrets from a command's cleaned output before any of it is written, in every form it may print them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from backout_tui.engine.printed.forms import SHORTEST, Form, Searched, forms_of, openings_of

MASK = "***"
_OURS = {"result", "state", "name"}  # our own keywords and people's names: a secret may happen to be one
_BATCH = 16_384  # characters: the part searched again with each batch must be small beside the new part
_LONGEST_OPENING = 256  # characters of the start of a secret that is just being printed


def why_not_maskable(value: str) -> str | None:
    """Why `value` cannot be hidden in output, or None when it can."""
    if len(value.strip()) >= SHORTEST:
        return None
    return f"a secret of fewer than {SHORTEST} characters cannot be hidden in the output: give it a longer value"


class Forms:
    """Every form of some secrets; those shorter than `SHORTEST` characters are ignored."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Make the patterns, once for as many streams as need them."""
        every = sorted(set(secrets))
        self._forms: list[Form] = [form for secret in every for form in forms_of(secret)]
        self._openings = {opening for secret in every for opening in openings_of(secret) if len(opening) > 1}
        self.reach = max((form.reach for form in self._forms), default=0)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where forms occur in `text`, in no particular order."""
        searched = Searched.of(text)
        return [span for form in self._forms for span in form.spans(searched)]

    def begins_at(self, text: str) -> int:
        """Where a plain form that is cut off at the end of `text` begins; the end of `text` if there is none."""
        longest = 0
        for opening in self._openings:
            for length in range(min(len(opening) - 1, len(text), _LONGEST_OPENING), longest, -1):
                if text.endswith(opening[:length]):
                    longest = length
                    break
        return len(text) - longest


class Masker:
    """A stream of cleaned output in which each secret reads `***`, even a secret that is split between two reads.

    Overlapping forms become one mask. It holds back enough text to fit every form, and some more, so that a long output
    is searched in large pieces. `shown_with` returns the text that is held back.
    """

    def __init__(self, forms: Forms) -> None:
        """Hide all of `forms`."""
        self._forms = forms
        self._waiting: list[str] = []
        self._size = 0
        self._covered = 0  # leading characters of the held text that a mask already covers

    def feed(self, text: str) -> str:
        """Add `text`, and return what can be kept now."""
        if not self._forms.reach:
            return text
        self._waiting.append(text)
        self._size += len(text)
        return self._kept(self._forms.reach) if self._size > _BATCH + 2 * self._forms.reach else ""

    def finish(self) -> str:
        """Return what was held back, now that the output has ended."""
        return self._kept(0)

    def shown_with(self, before: str, after: str) -> str:
        """The held text, followed by `before` and `after` the cursor, as it can be shown while more may come.

        It leaves out an end that could be the beginning of a secret.
        """
        text = "".join(self._waiting) + before
        cut = self._forms.begins_at(text)
        cut = next((end for start, end in self._spans(text) if start < cut < end), cut)
        return self._masked(text[:cut] + after)[0]

    def _kept(self, held: int) -> str:
        text = "".join(self._waiting)
        until = max(0, len(text) - held)
        kept, self._covered = self._masked(text, until)
        self._waiting, self._size = [text[until:]], len(text) - until
        return kept

    def _masked(self, text: str, until: int | None = None) -> tuple[str, int]:
        """`text` up to `until`, masked, and how far past it the last mask reaches."""
        until = len(text) if until is None else until
        parts, at, covered = [], 0, 0
        for start, end in self._spans(text):
            if start >= until:
                break
            if start or not self._covered:  # the mask of the covered part was shown before
                parts += [text[at:start], MASK]
            at, covered = min(end, until), max(0, end - until)
        parts.append(text[at:until])
        return "".join(parts), covered

    def _spans(self, text: str) -> list[tuple[int, int]]:
        found = [(0, self._covered)] if self._covered else []
        merged: list[tuple[int, int]] = []
        for start, end in sorted([*found, *self._forms.spans(text)]):
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged


def masked(text: str, secrets: Iterable[str]) -> str:
    """All of `text` with every form of each of `secrets` hidden."""
    masker = Masker(Forms(secrets))
    return masker.feed(text) + masker.finish()


def masked_all(value: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """The same for every text inside mappings and sequences: a server's answer may repeat a password."""
    forms = Forms(secrets)

    def hidden(inner: Any) -> Any:
        if isinstance(inner, str):
            masker = Masker(forms)
            return masker.feed(inner) + masker.finish()
        if isinstance(inner, Mapping):
            return {key: one if key in _OURS else hidden(one) for key, one in inner.items()}
        return [hidden(one) for one in inner] if isinstance(inner, list | tuple) else inner

    return {key: one if key in _OURS else hidden(one) for key, one in value.items()}

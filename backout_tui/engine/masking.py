"""Secrets taken out of a command's output before a byte of it is written, in every form a command may print them."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from backout_tui.domain.text import clean_output

MASK = "***"
SHORTEST = 4  # characters; hiding every "a" or "no" would make the record unreadable, and hide nothing
_SHORTEST_LINE = 8  # of a secret of several lines: its braces and blank lines are no secret


def why_not_maskable(value: str) -> str | None:
    """Why `value` cannot be hidden in output, or None when it can."""
    if len(value.strip()) >= SHORTEST:
        return None
    return f"a secret of fewer than {SHORTEST} characters cannot be hidden in the output: give it a longer value"


class Masker:
    """A stream of cleaned output in which each secret reads `***`, also where a secret is split between two reads.

    Where forms overlap, all they cover becomes one mask. At most the length of the longest form, less one, is held
    back, and only while what has come could be the beginning of one.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """Hide every form of each of `secrets`; those shorter than `SHORTEST` characters are passed over."""
        forms = {form for secret in secrets if why_not_maskable(secret) is None for form in forms_of(secret)}
        self._forms = sorted(forms)
        self._reach = max(map(len, forms), default=1) - 1
        self._by_first = defaultdict[str, list[str]](list)
        for form in self._forms:
            self._by_first[form[0]].append(form)
        self._held = ""
        self._covered = 0  # characters at the start of what is held that a mask already stands for

    def feed(self, text: str) -> str:
        """What can be shown now that `text` has come."""
        if not self._forms:
            return text
        text = self._held + text
        return self._shown(text, self._could_begin(text))

    def finish(self) -> str:
        """What was held back, now that nothing more comes."""
        text, self._held = self._held, ""
        return self._shown(text, len(text))

    def _shown(self, text: str, until: int) -> str:
        """`text` up to `until`, masked; the rest is held."""
        parts, at, covered = [], 0, 0
        for start, end in self._spans(text):
            if start == 0 and self._covered:
                pass  # its mask was shown before
            elif start < until:
                parts += [text[at:start], MASK]
            else:
                break
            at, covered = min(end, until), max(0, end - until)
        parts.append(text[at:until])
        self._held, self._covered = text[until:], covered
        return "".join(parts)

    def _could_begin(self, text: str) -> int:
        """Where the first beginning of a form stands that `text` ends in the middle of; else the end of `text`."""
        for at in range(max(0, len(text) - self._reach), len(text)):
            if forms := self._by_first.get(text[at]):
                rest = text[at:]
                if any(len(form) > len(rest) and form.startswith(rest) for form in forms):
                    return at
        return len(text)

    def _spans(self, text: str) -> list[tuple[int, int]]:
        found = [(0, self._covered)] if self._covered else []
        found += [span for form in self._forms for span in _occurrences(form, text)]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged


def _occurrences(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Where `form` stands in `text`, overlapping ones included: a mask over every second one would leave ends bare."""
    at = text.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + 1)


def masked(text: str, secrets: Iterable[str]) -> str:
    """The whole of `text` with every form of each of `secrets` hidden."""
    masker = Masker(secrets)
    return masker.feed(text) + masker.finish()


def forms_of(secret: str) -> set[str]:
    """Every text that gives `secret` away, as cleaned output shows it.

    As it is, each longer line of it, base64 (both alphabets, at any position in what is encoded, or wrapped at 64 or 76
    columns when it begins what is encoded), percent-encoded, as a JSON string's inside, and as a shell quotes it.
    """
    raw = secret.encode("utf-8", "surrogateescape")
    text = raw.decode("utf-8", "backslashreplace")
    forms = {text, text.strip(), *(line.strip() for line in text.splitlines() if len(line.strip()) >= _SHORTEST_LINE)}
    for encoded in {raw, raw.strip(), text.strip().encode("utf-8", "backslashreplace")}:
        forms.update(_base64_forms(encoded), _percent_forms(encoded))
    for shown in {text, text.strip()}:
        forms.update(_quoted_forms(shown))
    return {form for form in map(clean_output, forms) if len(form) >= SHORTEST}


def _base64_forms(value: bytes) -> Iterator[str]:
    for printed in (value, value + b"\n"):  # `echo "$SECRET" | base64` encodes a line break too
        whole = base64.b64encode(printed).decode()
        lines = [whole[at : at + width] for width in (64, 76) for at in range(0, len(whole), width)]
        for form in (whole, *(line for line in lines if len(line) >= _SHORTEST_LINE)):
            yield from (form, form.translate(_URL_ALPHABET))
    for before in range(3):
        # Only the characters all of whose 6 bits come from the value: what stands around it changes the others.
        encoded = base64.b64encode(bytes(before) + value + bytes(3)).decode()
        form = encoded[-(-8 * before // 6) : 8 * (before + len(value)) // 6]
        yield from (form, form.translate(_URL_ALPHABET))


_URL_ALPHABET = str.maketrans("+/", "-_")


def _percent_forms(value: bytes) -> Iterator[str]:
    for form in (quote(value, safe=""), quote(value), quote(value, safe="!'()*"), quote_plus(value)):
        yield form
        yield _lower_hex(form)


def _lower_hex(form: str) -> str:
    first, *rest = form.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _quoted_forms(value: str) -> Iterator[str]:
    for ascii_only in (True, False):
        inside = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield from (inside, inside.replace("/", "\\/"))
    yield value.replace("'", "'\\''")  # how a shell shows it under `set -x`
    yield value.replace("'", "'\"'\"'")

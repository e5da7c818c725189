"""The forms in which a command's cleaned output may show a secret, as patterns; `help promises` lists them for people.

Quoting and escaping leave letters and digits as they are, and write the other characters in one of many ways. Each of
those ways is one alternative, so that one pattern covers mixed and nested quoting (JSON inside JSON inside a shell's
quotes). Encodings that change every character (hexadecimal, base64, UTF-16) have patterns of their own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import cached_property
from html.entities import codepoint2name

from msgspec import Struct

from backout_tui.domain.text import clean
from backout_tui.engine.printed.cleaning import CONTROL_BYTES, as_read

SHORTEST = 4  # characters; hiding every "a" or "no" would make the record unreadable and protect nothing
_SHORTEST_LINE = 8  # in a secret of several lines: its braces and blank lines are not secret
_SHORTEST_NEED, _LONGEST_NEED = 3, 24  # characters

_BACKSLASHES, _SOME_OR_NONE = r"\\{1,8}", r"\\{0,8}"  # one when quoted once, and twice as many each further time
_QUOTES = "'\"\\"
_SHORT_ESCAPES = {
    "\n": "n",
    "\t": "t",
    "\r": "r",
    "\x1b": "[eE]",
    "\a": "a",
    "\b": "b",
    "\v": "v",
    "\f": "f",
    "\0": "0",
}
_DOUBLED = "$`"
_WRAP = r"(?:\n|\\n)?"
_BASE64_CHARS = {"+": r"(?:[+-]|%2[Bb])", "/": r"(?:\\{0,4}/|_|%2[Ff])"}
# What may separate two bytes of a dump: nothing, blanks and commas, and the prefixes 0x, \x, \u00, %, &#x, =.
_BETWEEN = (
    r"[ \t\n,:;|._'\"(){}\[\]-]{0,4}"
    r"(?:0[xX]|\\{0,8}[xX]|\\{1,8}u00|\\{1,8}U000000|%(?:25){0,3}|&(?:amp;){0,2}#[xX]0{0,6}|=)?"
)


class Searched(Struct, frozen=True):
    """A text to search, and the same text without its line breaks, for secrets that were wrapped."""

    text: str
    unwrapped: str

    @classmethod
    def of(cls, text: str) -> Searched:
        """Prepare `text` for any number of forms."""
        return cls(text, text.replace("\n", "").replace("\\n", ""))


class Form:
    """One pattern, compiled when it is first needed.

    `reach` is the length of its longest match, in characters. A text must contain one entry from each group of `needs`,
    or the pattern cannot match: looking for those first is ten times as fast. `is_wrapped` says that line breaks may
    occur anywhere in a match.
    """

    def __init__(self, pattern: str, reach: int, *needs: tuple[str, ...], is_wrapped: bool = False) -> None:
        """Without `needs` every text is searched."""
        self.reach, self._pattern, self._needs, self._is_wrapped = reach, pattern, needs, is_wrapped

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def spans(self, searched: Searched) -> Iterator[tuple[int, int]]:
        """Where it matches, starting at each place: masking only separate matches would leave ends of overlaps bare."""
        looked_in = searched.unwrapped if self._is_wrapped else searched.text
        for group in self._needs:
            if not any(need in looked_in for need in group):
                return
        found = self._compiled.search(searched.text)
        while found is not None:
            yield found.span()
            found = self._compiled.search(searched.text, found.start() + 1)


def forms_of(secret: str) -> list[Form]:
    """Every form that reveals `secret`; none if it has fewer than `SHORTEST` characters."""
    if len(secret.strip()) < SHORTEST:
        return []
    raw = secret.encode("utf-8", "surrogateescape" if _is_escaped(secret) else "surrogatepass")
    core = raw.strip()
    texts = dict.fromkeys([*_with_lines(secret), *_with_lines(_left_by_a_terminal(raw)), *_thrown_apart(raw)])
    found = [_literal(shown) for shown in _as_shown(raw)]
    found += [_escaped(text, percents) for text in texts for percents in ((1, 2) if "%" in text else (1,))]
    found.append(_numbered(secret.strip()))
    wide = _wide(secret.strip())
    found += [_hexadecimal(data) for data in dict.fromkeys([core, *(() if core.isascii() else wide)])]
    return found + [form for data in dict.fromkeys([core, *wide]) for form in _base64(data)]


def _with_lines(text: str) -> list[str]:
    """`text`, and each of its lines that is long enough to be a secret by itself."""
    core = text.strip()
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) >= _SHORTEST_LINE]
    whole = [core] if len(core) >= SHORTEST else []
    return [*whole, *(lines if len(lines) > 1 or "\n" in core else ())]


def _left_by_a_terminal(raw: bytes) -> str:
    """What a terminal leaves of a secret that contains control sequences, even when it is also quoted; otherwise ""."""
    shown = as_read(raw)
    return "" if shown == clean(raw.decode("utf-8", "backslashreplace")) else shown


def _thrown_apart(raw: bytes) -> list[str]:
    """The long enough parts between the control sequences of a secret: a terminal may put each somewhere else."""
    pieces = (as_read(piece).strip() for piece in CONTROL_BYTES.split(raw)) if CONTROL_BYTES.search(raw) else ()
    return [piece for piece in pieces if len(piece) >= _SHORTEST_LINE]


def openings_of(secret: str) -> list[str]:
    """The plain forms, whose beginning may be at the end of an output that is just being printed."""
    core = secret.strip()
    if len(core) < SHORTEST:
        return []
    raw = core.encode("utf-8", "surrogatepass" if not _is_escaped(core) else "surrogateescape")
    encoded = [_inner(raw, before) for before in range(3)]
    return [*_as_shown(raw), *(line.strip() for line in core.splitlines()), *encoded, raw.hex()]


def _is_escaped(secret: str) -> bool:
    """Whether its lone surrogates stand for bytes that are not text, as in an environment variable."""
    try:
        secret.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _literal(text: str) -> Form:
    return Form(re.escape(text), len(text), *((("␀",),) if "␀" in text else ()), (text,))


def _as_shown(raw: bytes) -> list[str]:
    """What a person reads when the secret is printed as it is, or as UTF-16, which shows its zeros."""
    text = raw.decode("utf-8", "surrogateescape")
    printed = [raw, *(text.encode(code, "surrogatepass") for code in ("utf-16-le", "utf-16-be"))]
    found = {clean(raw.decode("utf-8", "backslashreplace")).strip()}
    found.update(as_read(data).strip("␀ \n\t") for data in printed)
    return sorted(shown for shown in found if len(shown) >= SHORTEST)


def _wide(text: str) -> list[bytes]:
    """UTF-16, without the zeros at both ends: how it begins and ends inside other text."""
    return [text.encode(code, "surrogatepass").strip(b"\0") for code in ("utf-16-le", "utf-16-be")]


# ── quoted and escaped ────────────────────────────────────────────────────────────────────────────────────────────────


def _escaped(text: str, percents: int) -> Form:
    """The pattern for `text` quoted in any way; each percent sign in it appears `percents` times.

    A single pattern would try each of many percent signs as one and as two: with 30 of them it would never end.
    """
    pieces, reach, backslashes = [], 0, _BACKSLASHES
    for run in re.finditer(r"[A-Za-z0-9]+|['\"\\]+|(.)\1*", text, re.DOTALL):
        piece, length = _run(run.group(), backslashes, percents)
        # Quotes and backslashes take every backslash in front of them, including those of what follows.
        backslashes = _SOME_OR_NONE if run.group()[0] in _QUOTES else _BACKSLASHES
        pieces.append(piece)
        reach += length
    word = max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")
    return Form("".join(pieces), reach, *(((word,),) if len(word) >= _SHORTEST_NEED else ()))


def _run(run: str, backslashes: str, percents: int) -> tuple[str, int]:
    """The pattern for some characters of one kind, and how long a match can be."""
    if run.isascii() and run.isalnum():
        return run, len(run)
    if run[0] in _QUOTES:
        # In a shell one quote becomes several, of both kinds: ' is '\'' or '"'"'. It makes no difference which ones.
        ways = "|".join([*(way for char in _QUOTES for way in _numbers(char, _BACKSLASHES)), r"['\"\\]"])
        return f"(?>(?:{ways}){{{len(run)},{20 * len(run)}}})", 300 * len(run)
    least = len(run) * (percents if run[0] == "%" else 1)
    most = least * (2 if run[0] in _DOUBLED else 1)
    ways = "|".join(_ways(run[0], backslashes))
    # The codes of & and % can begin with the character itself, so both readings are tried. Each way of writing one
    # contains that character once, so the following text soon decides between them.
    group = "(?:" if run[0] in "&%" else "(?>"
    return f"{group}(?:{ways}){{{least},{most}}})", 60 * most


def _ways(char: str, backslashes: str) -> list[str]:
    """The ways to write a character that is neither a letter nor a digit."""
    ways = _numbers(char, backslashes)
    if char in _SHORT_ESCAPES:
        ways.append(backslashes + _SHORT_ESCAPES[char])
    if ord(char) < 0x20:
        ways.append(re.escape(f"^{chr(ord(char) ^ 64)}"))
    if char == "\n":
        ways.append(r"\n[ \t]{0,32}")
    if not char.isprintable() or not char.isascii():
        ways = [rf"(?:'?\$')?(?:{way})(?:'')?" for way in ways]  # inside a shell's quotes: 'a'$'\n''b'
    if char == " ":
        ways.append(r"(?:\+|%(?:25){0,3}2[bB])")  # a form of the web, and that quoted once more
    if not "\ud800" <= char <= "\udfff":
        ways.append(_SOME_OR_NONE + re.escape(clean(char)))
    return ways


def _numbers(char: str, backslashes: str) -> list[str]:
    r"""The ways to write a character by its number: \x27, \047, \u0027, &#39;, %27, =27, and a named HTML entity."""
    code = ord(char)
    escaped = 0xDC80 <= code <= 0xDCFF
    data = bytes([code - 0xDC00]) if escaped else char.encode("utf-8", "surrogatepass")
    units = char.encode("utf-16-be", "surrogatepass")
    ways = [
        "".join(rf"(?:{backslashes}(?:x{_hex(byte)}|0?{byte:03o})|[%=](?:25){{0,3}}{_hex(byte)})" for byte in data),
        "".join(rf"{backslashes}u{_hex_of(units[at : at + 2])}" for at in range(0, len(units), 2)),
        rf"{backslashes}U{_hex_of(code.to_bytes(4, 'big'))}",
        rf"{backslashes}u\{{0{{0,6}}{_digits(f'{code:x}')}\}}",
        rf"&(?:amp;){{0,2}}#(?:0{{0,6}}{code}|[xX]0{{0,6}}{_digits(f'{code:x}')});?",
    ]
    if code < 0x100 and not escaped:
        ways.append(rf"{backslashes}x{_hex(code)}")
    name = "(?:apos|#39)" if char == "'" else codepoint2name.get(code)
    return [*ways, rf"&(?:amp;){{0,2}}{name};"] if name else ways


def _hex(byte: int) -> str:
    return _digits(f"{byte:02x}")


def _hex_of(data: bytes) -> str:
    return "".join(map(_hex, data))


def _digits(digits: str) -> str:
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in digits)


# ── encoded as a whole ────────────────────────────────────────────────────────────────────────────────────────────────


def _numbered(text: str) -> Form:
    """Every character by its number: HTML entities, octal, Unicode escapes."""
    return Form("".join(f"(?>{'|'.join(_numbers(char, _BACKSLASHES))})" for char in text), 60 * len(text), ("\\", "&"))


def _hexadecimal(data: bytes) -> Form:
    """The bytes in hexadecimal, with or without separators; as UTF-16 where a zero follows each."""
    zeros = f"{_BETWEEN}(?:00{_BETWEEN})?" if data.isascii() else _BETWEEN
    # The rarest thing in ordinary output: a digit followed by one of the letters.
    telling = [f"{byte:02x}" for byte in dict.fromkeys(data) if f"{byte:02x}".isalnum() and byte & 0xF > 9]
    needs = [(digits, digits.upper()) for digits in telling[:2]]
    return Form(zeros.join(map(_hex, data)), 48 * len(data), *needs)


def _base64(data: bytes) -> list[Form]:
    """As base64, in both alphabets, at any position in the encoded data, wrapped at any column."""
    found = []
    for before in range(3):
        inner = _inner(data, before)
        if len(inner) < SHORTEST:
            continue
        pattern = _WRAP.join(_BASE64_CHARS.get(char, char) for char in inner)
        if before == 0:
            # If nothing or only a line break follows the secret, its last character and the padding are masked too.
            rests = {base64.b64encode(data + after).decode()[len(inner) :] for after in (b"", b"\n")} - {""}
            pattern += f"(?:{_WRAP}(?:{'|'.join(_with_wraps(rest) for rest in sorted(rests))}))?" if rests else ""
        # After a backslash the first character may have been removed with the line breaks.
        word = max(re.findall(r"[A-Za-z0-9]+", inner[1:]), key=len, default="")
        needs = [(word[:_LONGEST_NEED],)] if len(word) >= _SHORTEST_NEED else []
        found.append(Form(pattern, 9 * len(inner) + 40, *needs, is_wrapped=True))
    return found


def _inner(data: bytes, before: int) -> str:
    """The characters whose 6 bits all come from `data`, when `before` bytes precede it."""
    encoded = base64.b64encode(bytes(before) + data + bytes(3)).decode()
    return encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]


def _with_wraps(text: str) -> str:
    return _WRAP.join(_BASE64_CHARS.get(char, re.escape(char)) for char in text)

"""One `Expect:` as people write it: what is looked for, and what is wrong if that cannot be read. contract.md 2.

It is a literal in a code span, or a pattern between slashes. What is clearly meant as one is found in other forms too.
"""

from __future__ import annotations

import re
import warnings

from backout_tui.domain.text import clean

RIGHT_FORM = "write a line `Expect:` with the literal in backticks, or with a pattern between slashes"
_WORD = r"expect(?:s|ed|ations?)?"
_LEAD = re.compile(r"^[\s>|*_`~+•#-]*(?:\d{1,9}[.)]\s+)?(?:\[[ xX]?\]\s*)?[*_`]*")
_STRICT = re.compile(r"^[ \t]*(?:(?:\*\*|__)expect(?:(?:\*\*|__)\s*:|:(?:\*\*|__))|expect\s*:)(.*)$", re.IGNORECASE)
_COLON = re.compile(rf"{_WORD}[*_`]*\s*[:：|][*_`]*(.*)$", re.IGNORECASE)
_BARE = re.compile(rf"{_WORD}[*_`]*\s*[=–—-]?\s*((`+)[^`]+\2|/\S.*/)[\s.;!]*$", re.IGNORECASE)
_ALONE = re.compile(rf"{_WORD}[*_`\s]*$", re.IGNORECASE)
_NAMED = re.compile(r"expected\s+(?:output|results?|answer|response)[*_`]*\s*:[*_`]*\s*([`/].*)$", re.IGNORECASE)
_INSIDE = re.compile(rf"(?:^|[^\w`/])[*_]*{_WORD}[*_]*:[*_]*\s*([`/].*)$", re.IGNORECASE)
_CELL = re.compile(rf"\|\s*[*_`]*{_WORD}[*_`:]*\s*(?:\||$)", re.IGNORECASE)


def code_span(written: str) -> str | None:
    """The inside of `written` if all of it is one code span; None if it is not, or holds more than one."""
    ticks = len(written) - len(written.lstrip("`"))
    inside = written[ticks:-ticks] if ticks and len(written) > 2 * ticks else ""
    if not inside or not written.endswith("`" * ticks) or inside[0] == "`" or inside[-1] == "`":
        return None
    if any(len(run) == ticks for run in re.findall("`+", inside)):
        return None
    # Markdown takes one space off both ends, so that a span can begin or end with a backtick.
    return inside[1:-1] if inside.strip() and inside[0] == inside[-1] == " " else inside


def pattern(written: str) -> str | None:
    """The inside of `written` if it is between slashes, otherwise None."""
    return written[1:-1] if len(written) > 2 and written[0] == written[-1] == "/" else None


def why_unread(written: str) -> str:
    """Why `written`, the text after an `Expect:`, cannot be looked for; "" if it can."""
    said = written.strip()
    if not said:
        return f"this `Expect:` says nothing; {RIGHT_FORM}"
    if (inside := code_span(said)) is not None:
        empty = not clean(inside).strip()
        return f"this `Expect:` names nothing to look for; {RIGHT_FORM}" if empty else ""
    if (regex := pattern(said)) is not None:
        return _why_no_pattern(regex)
    return f"{_what_is_wrong(said)}; {RIGHT_FORM}"


def _what_is_wrong(said: str) -> str:
    shown = said if len(said) <= 60 else f"{said[:60]}…"
    if not said.strip("` ") or said == "//":
        return "this `Expect:` names nothing to look for"
    if re.match(r"/.*/[a-zA-Z]+$", said):
        return f"this pattern has letters behind it, `{shown}`: flags are not read, write `/(?i).../` for any case"
    if said[0] == "/":
        return f"this pattern is never closed with a slash, `{shown}`"
    if said.count("`") > 2 and said[0] == "`":
        return "this `Expect:` holds more than one code span: give each a line of its own, and all of them must be met"
    if said[0] == "`" and said.count("`") == 1:
        return f"the backtick of this `Expect:` is never closed: {shown}"
    if "`" in said:
        return f"words stand beside the code span of this `Expect:`, `{shown}`: leave them out"
    return f"this `Expect:` has neither a code span nor a pattern: {shown}"


def _why_no_pattern(regex: str) -> str:
    for between in re.findall(r"/([\s,;|&a-z]*)/", regex):
        if re.sub(r"\bor\b|\band\b|[\s,;|&]", "", between) == "" and re.search(r"[\s,;|]", between):
            return f"this `Expect:` holds more than one pattern: give each a line of its own; {RIGHT_FORM}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a pattern that a later Python reads differently is still a pattern today
            re.compile(regex, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"this pattern cannot be read: {error}; {RIGHT_FORM}"
    return ""


def read_line(line: str) -> str | None:
    """The text after the `Expect:` that begins `line`, if all of it can be read; else None."""
    match = _STRICT.match(line) if "xpect" in line.lower() else None
    return match[1].strip() if match and not why_unread(match[1]) else None


def begins_expectation(line: str) -> bool:
    """Whether a line begins with `Expect:`, whatever follows."""
    return "xpect" in line.lower() and _STRICT.match(line) is not None


def why_line_unread(line: str) -> str:
    """What is wrong with a line that is meant as an expectation; "" if it is not one, or can be read."""
    if "xpect" not in line.lower() or read_line(line) is not None:
        return ""
    if (match := _STRICT.match(line)) is not None:
        return why_unread(match[1])
    bare = line[_LEAD.match(line).end() :]  # type: ignore[union-attr]  # it always matches, if only the empty string
    heading = line.lstrip().startswith("#")
    found = _COLON.match(bare) or _BARE.match(bare) or _NAMED.match(bare) or (heading and _ALONE.match(bare))
    if found or _INSIDE.search(line) or ("|" in line and _CELL.search(line)):
        return f"this is meant as an expectation, and is not looked for as it stands; at the left margin, {RIGHT_FORM}"
    return ""

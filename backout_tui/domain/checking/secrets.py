"""Secrets in a plan's text: known forms of tokens, and words like `password` with a literal value.

It is strict: whatever could also be prose, a placeholder or a variable doesn't count. No message repeats a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.plan import Plan

_TOKENS = (
    ("an AWS key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("a Slack webhook", re.compile(r"hooks\.slack\.com/services/T\w+/B\w+/\w{16,}")),
    ("a signed token (JWT)", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")),
    ("a Google key", re.compile(r"\bAIza[\w-]{35}\b")),
    ("a Stripe key", re.compile(r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{16,}\.[\w-]{16,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
)
_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@'\"<>]{0,80}:([^\s/@'\"]{1,200})@", re.IGNORECASE)
_WORD = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret(?:[_-]?(?:access)?[_-]?key)?|(?:[a-z]+[_-])?token"
    r"|(?:api|access|private)[_-]?key)"
)
_VALUE = r"(\"[^\"\s]+\"|'[^'\s]+'|[^\s'\",;&|)]+)"
_ASSIGNED = re.compile(rf"(?:(?<![a-z])|[_-]|(?=pass)){_WORD}\s?=\s?{_VALUE}", re.IGNORECASE)
_SAID = re.compile(rf"(?:(?<![a-z])|[_-]){_WORD}[`*\"']*\s*:[`*]*\s+{_VALUE}`?\.?\s*$", re.IGNORECASE)
_OPTION = re.compile(rf"--(?:[a-z]+-)?{_WORD}\s+{_VALUE}", re.IGNORECASE)
_LOGIN = re.compile(r"\bcurl\b[^\n|;]{0,300}\s(?:-u|--user)[ =]?['\"]?[^\s:'\"]+:([^\s'\"]+)")
_HEADER = re.compile(r"authorization['\"]?\s*:\s*(?:bearer|basic|token)\s+([\w.+/=~-]{8,})", re.IGNORECASE)
_MYSQL = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,300}\s-p([^\s'\"]{3,})|\bsshpass\s+-p\s*([^\s]+)"
)
_NAMED = re.compile(r"(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY)$", re.IGNORECASE)
_OPEN = tuple("$<[{(%*`@/.~#\\-")
_NO_SECRET = re.compile(
    r"(?:true|false|yes|no|none|null|nil|required|optional|unknown|masked|hidden|redacted|secret|password|token|x+|y+"
    r"|\.+|tbd|todo|changeme|change-me|example|your[\w-]*|see[\w-]*|ask[\w-]*|env|vault|prompt|stdin|read-?only|\d{1,3})",
    re.IGNORECASE,
)


_HINTS = (
    *("akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "hooks.slack", "eyj"),
    *("private key", "aiza", "k_live_", "k_test_", "sg.", "npm_", "://", "pass", "pwd", "secret", "token", "key"),
    *("curl", "author", "mysql", "mariadb"),
)
"""Each pattern needs one of these, in any case: a line without any of them is not searched with the patterns."""


def about_secrets(plan: Plan, lines: Iterable[tuple[int, str]], item_at: Callable[[int], str]) -> Iterator[Finding]:
    """secret-in-text, at most once per line; `lines` are the document's lines with their numbers."""
    said = {remark.line for remark in plan.remarks if remark.rule == "secret-value"}
    named = {one.line for one in plan.variables if _NAMED.search(one.name) and _is_literal(one.value)}
    for number, line in lines:
        what = secret_in(line) or ("a password, token or key" if number in named else "")
        if what and number not in said:
            text = (
                f"this line holds {what}: take it out, and change it, since it was seen; "
                "write a variable `- NAME (secret)` in its place"
            )
            yield finding("secret-in-text", number, item_at(number), text)


def secret_in(line: str) -> str:
    """What kind of secret `line` holds; "" if none."""
    folded = line.casefold()
    return _secret_in(line) if any(hint in folded for hint in _HINTS) else ""


def _secret_in(line: str) -> str:
    for what, pattern in _TOKENS:
        if pattern.search(line):
            return what
    if any(_is_literal(match[1]) for match in _IN_URL.finditer(line)):
        return "a password in an address"
    if any(_is_literal(match[1]) for one in (_LOGIN, _HEADER) for match in one.finditer(line)):
        return "a login"
    if any(_is_literal(match[1] or match[2]) for match in _MYSQL.finditer(line)):
        return "a password"
    if any(_is_literal(match[1]) for match in _ASSIGNED.finditer(line)):
        return "a password, token or key"
    doubtful = (match for one in (_SAID, _OPTION) for match in one.finditer(line))
    return "a password, token or key" if any(_looks_made(match[1]) for match in doubtful) else ""


def _is_literal(value: str) -> bool:
    """Whether `value` is meant literally: not a variable, a placeholder, a path or a word for nothing."""
    bare = value.strip("'\"")
    return len(bare) >= 4 and not bare.startswith(_OPEN) and _NO_SECRET.fullmatch(bare) is None and "$" not in bare


def _looks_made(value: str) -> bool:
    """Whether `value`, in a place where prose is possible too, doesn't look like an ordinary word."""
    bare = value.strip("'\"")
    odd = any(char.isdigit() for char in bare) or re.search(r"[!#%^&*+=~?_]|[a-z][A-Z]", bare) is not None
    return _is_literal(value) and len(bare) >= 6 and odd and "://" not in bare and "/" not in bare

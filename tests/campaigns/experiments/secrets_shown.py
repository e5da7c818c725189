"""Nasty secrets printed by real shells and Pythons in every form that the help lists: none of them is kept."""

from __future__ import annotations

import base64
import html
import json
import random
import re
import shutil
import string
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.printed.cleaning import as_read
from backout_tui.engine.printed.masking import MASK
from backout_tui.engine.printed.output import Output
from tests.campaigns.experiment import Experiment

_NASTY = "'\"\\$`!%&<>;:|*?[]{}()#~=+,./@^_- éß€度😀\t\n\x1b\x07\u00a0\u200b"
_PLAIN = string.ascii_letters + string.digits

# Each prints the secret in $S, from a shell of that name.
_BASH = (
    'printf %q "$S"',
    "declare -p S",
    "export -p",
    "set",
    'echo "${S@Q}"',
    'echo "${S@A}"',
    'set -x; : "$S"',
    "env",
    'export LC_ALL=C; declare -p S; set; printf %q "$S"',
    'printf %s "$S" | xxd -p',
    'printf %s "x$S" | xxd -p -u',
    'printf %s "$S" | od -An -tx1',
    'printf %s "$S" | od -An -tx1 | tr a-f A-F',
    'printf %s "$S" | base64',
    'printf %s "ab$S" | base64 -w 60',
    'printf %s "$S" | iconv -f UTF-8 -t UTF-16LE',
    'printf %s "$S" | iconv -f UTF-8 -t UTF-16BE',
    'printf %s "$S" | iconv -f UTF-8 -t UTF-16LE | base64',
    'printf %s "$S" | iconv -f UTF-8 -t UTF-16LE | xxd -p',
    'ls "./$S"; stat --printf \'%N\\n\' "./$S"',
    'printf %s "$S" | rev | rev',
)
_DASH = ("set", "export -p", 'set -x; : "$S"', "printf '%s\\n' \"$S\"", 'cat "./$S"', 'exec "./$S"')
_PYTHON = (
    "repr(S)",
    "ascii(S)",
    "repr(S.encode())",
    "json.dumps(S)",
    "json.dumps(S, ensure_ascii=False)",
    "json.dumps(json.dumps(S))",
    "json.dumps(json.dumps({'a': S}, ensure_ascii=False), ensure_ascii=False)",
    "json.dumps({'a': json.dumps({'b': json.dumps(S)})})",
    "repr(repr(S))",
    "shlex.quote(S)",
    "shlex.quote(shlex.quote(S))",
    "html.escape(S)",
    "html.escape(html.escape(S))",
    "html.escape(json.dumps(S))",
    "''.join(f'&#{ord(c)};' for c in S)",
    "''.join(f'&#x{ord(c):X};' for c in S)",
    'S.replace("\'", "\'\'")',
    "S.replace('\"', '\"\"')",
    "S.replace('\\\\', '\\\\\\\\').replace(\"'\", \"\\\\'\")",
    "urllib.parse.quote(S)",
    "urllib.parse.quote(S, safe='')",
    "urllib.parse.quote_plus(S)",
    "urllib.parse.quote(urllib.parse.quote(S, safe=''), safe='')",
    "''.join(f'%{b:02x}' for b in S.encode())",
    "S.encode().hex()",
    "S.encode().hex().upper()",
    "S.encode().hex(':')",
    "S.encode().hex('-', 2)",
    "', '.join(f'0x{b:02X}' for b in S.encode())",
    "''.join(f'\\\\x{b:02x}' for b in S.encode())",
    "''.join(f'\\\\u{ord(c):04x}' for c in S if ord(c) < 0x10000) if max(map(ord, S)) < 0x10000 else ''",
    "''.join(f'\\\\{b:03o}' for b in S.encode())",
    "S.encode('utf-16-le').hex()",
    "base64.urlsafe_b64encode(S.encode()).decode()",
    "base64.b64encode(S.encode('utf-16-le')).decode()",
    "json.dumps(base64.encodebytes(('x' + S).encode()).decode())",
    "configparser_like(S)",
    "'S=\"' + S.replace('\\\\', '\\\\\\\\').replace('\"', '\\\\\"').replace('$', '\\\\$').replace('`', '\\\\`') + '\"'",
    "S.replace('%', '%%')",
    "S.replace('$', '$$')",
)
_PREAMBLE = """
import base64, html, json, os, shlex, sys, urllib.parse
S = os.environ["S"]
def configparser_like(s): return "a = " + s.replace("\\n", "\\n\\t")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
"""


def printed_by_a_program(dice: random.Random, ground: Path) -> str | None:
    """A secret is printed in some form by a real program, and read in pieces; what is kept does not hold it."""
    secret = _secret(dice)
    words, name = _program(dice)
    environment = {"S": secret, "PATH": "/usr/bin:/bin", "LC_ALL": dice.choice(("C.UTF-8", "C"))}
    done = subprocess.run(words, env=environment, cwd=ground, capture_output=True, check=False)
    kept = _kept(dice, ground, [secret], done.stdout + done.stderr)
    if found := _left(secret, kept):
        return f"{name} of {secret!r}: {found!r} is kept"
    is_plain = secret.isprintable() and secret.isascii()
    return f"{name} of {secret!r}: nothing is hidden in {kept!r}" if is_plain and MASK not in kept else None


def _secret(dice: random.Random) -> str:
    characters = dice.choice((_PLAIN, _PLAIN + _NASTY, _PLAIN * 3 + _NASTY, string.printable[:94], _NASTY))
    while True:
        secret = "".join(dice.choices(characters, k=dice.randint(4, dice.choice((6, 12, 24, 80)))))
        if len(secret.strip()) >= 4 and len(set(secret)) > 2:
            return secret


def _program(dice: random.Random) -> tuple[Sequence[str], str]:
    kind, programs = dice.choice((("bash", _BASH), ("dash", _DASH), ("python", _PYTHON)))
    program = dice.choice(programs)
    if kind == "python":
        return ["python3", "-c", f"{_PREAMBLE}print({program})"], program
    return [kind, "-c", program], f"{kind}: {program}"


def _kept(dice: random.Random, ground: Path, secrets: Sequence[str], data: bytes) -> str:
    with closing(Folder.open(ground)) as folder:
        return _read_in_pieces(dice, Output(folder, secrets), data)


def _read_in_pieces(dice: random.Random, output: Output, data: bytes) -> str:
    at = 0
    data = b"before\n" * dice.randint(0, 200) + data + b"\nafter\n" * dice.randint(0, 120)
    while at < len(data):
        cut = at + dice.choice((1, 2, 3, 7, 40, 5000))
        output.feed(data[at:cut])
        at = cut
    output.finish()
    output.write_all()
    return output.kept.whole.decode()


def _left(secret: str, kept: str) -> str | None:
    """A form of the secret that is in what was kept."""
    core = secret.strip()
    encode: Sequence[Callable[[str], str]] = (
        str,
        lambda s: as_read(s.encode()),
        lambda s: repr(s)[1:-1],
        lambda s: json.dumps(s)[1:-1],
        html.escape,
        quote,
        quote_plus,
        lambda s: s.encode().hex(),
        lambda s: base64.b64encode(s.encode()).decode()[: len(s.encode()) * 8 // 6],
    )
    forms = {form(core) for form in encode}
    words = sorted(re.findall(r"[A-Za-z0-9]{5,}", core), key=len)
    forms.update(words[-1:])  # no quoting changes a letter
    squeezed = "".join(kept.split())
    hidden = next((form for form in forms if len(form) >= 4 and form in kept), None)
    return hidden or next((form for form in (core.encode().hex(),) if form in squeezed.lower()), None)


def _why_not() -> str | None:
    missing = [name for name in ("bash", "dash", "xxd", "iconv", "rev") if shutil.which(name) is None]
    return f"{missing[0]} is not installed" if missing else None


EXPERIMENTS = [Experiment("secrets through shells", printed_by_a_program, goal=20_000, why_not=_why_not)]

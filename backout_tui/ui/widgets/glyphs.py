"""The signs of the dashboard, by the names of the states, and their ASCII replacements."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

GLYPHS = {
    "done": "✔",
    "running": "▶",
    "failed": "✘",
    "in_doubt": "?",
    "pending": "○",
    "skipped": "~",
    "worked_around": "↷",
    "not_needed": "·",
    "no_way_back": "⚑",
    "problem": "!",
    "message": "✉",
    "call": "☎",
}

_ASCII = str.maketrans(
    {
        "✔": "+",
        "▶": ">",
        "✘": "x",
        "○": "o",
        "●": "*",
        "↷": "^",
        "⚑": "F",
        "✉": "@",
        "☎": "#",
        "·": "-",
        "…": "~",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "›": ">",
        "‹": "<",
        "•": "*",
        "–": "-",
        "—": "-",
        "⏎": "|",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        **dict.fromkeys("─━═╌┄", "-"),
        **dict.fromkeys("│┃║▌▐▎▊▕▏", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝", "+"),
        **dict.fromkeys("▁▂▃▄▅▆▇▔▀", "-"),
        **dict.fromkeys("█▓▒░", "#"),
        **{chr(code): "^" for code in range(0x2400, 0x2422)},
    }
)


def glyph(name: str) -> str:
    """Return the sign with that name. Raises KeyError for an unknown name, which would be drawn as a blank."""
    return GLYPHS[name]


def ascii_only(environ: Mapping[str, str], setting: str = "auto") -> bool:
    """Whether to draw in ASCII only: `setting` "ascii" or "unicode" decides, else the locale in `environ`.

    A session without any locale counts as UTF-8: ssh often passes none on, and today's terminals use UTF-8.
    """
    if setting in ("ascii", "unicode"):
        return setting == "ascii"
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "UTF-8"
    return not locale.upper().replace("-", "").endswith("UTF8")


def in_ascii(text: str) -> str:
    """Return `text` in ASCII, as wide as before: the nearest sign, or `?` for each cell.

    Nothing else may pass: an 8-bit terminal could take the second byte of a UTF-8 character for a control.
    """
    if text.isascii():
        return text
    near = text.translate(_ASCII)
    return "".join(sign if sign.isascii() else "?" * cell_len(sign) for sign in near)

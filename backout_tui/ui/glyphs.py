"""The signs of the dashboard, by the states' words, and what stands for them where only ASCII can be shown."""

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


def glyph(state: str) -> str:
    """The sign of `state`; a space for a word without one."""
    return GLYPHS.get(state, " ")


def ascii_only(environ: Mapping[str, str], setting: str = "auto") -> bool:
    """Whether to draw with ASCII alone: `setting` "ascii" or "unicode" decides, else the locale named in `environ`.

    A session that names no locale at all is taken for UTF-8: ssh often passes none on, and today's terminals are.
    """
    if setting in ("ascii", "unicode"):
        return setting == "ascii"
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "UTF-8"
    return not locale.upper().replace("-", "").endswith("UTF8")


def in_ascii(text: str) -> str:
    """`text` in ASCII and as wide as before: the nearest sign, else `?` for each cell.

    Nothing else may pass: to an 8-bit terminal the second byte of a UTF-8 character can be a control.
    """
    if text.isascii():
        return text
    near = text.translate(_ASCII)
    return "".join(sign if sign.isascii() else "?" * cell_len(sign) for sign in near)

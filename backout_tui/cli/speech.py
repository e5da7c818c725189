"""What the command line says: to people in inert text, to programs in JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from backout_tui.domain.text import clean, safe_json


def say(text: str = "") -> None:
    """A line for people on standard output: whatever it holds, no byte of it acts on the terminal."""
    sys.stdout.write(clean(text) + "\n")


def tell(text: str) -> None:
    """A line for people on standard error, beside what a program reads."""
    sys.stderr.write(clean(text) + "\n")


def complain(text: str, *, hint: str = "") -> None:
    """What is wrong, and what to do, on standard error."""
    sys.stderr.write(clean(f"backout-tui: {text}{' ' + hint if hint else ''}") + "\n")


def say_json(document: Any) -> None:
    """One JSON document on standard output; characters that a terminal acts on are escapes in it."""
    sys.stdout.write(safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")

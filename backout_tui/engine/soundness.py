"""Whether a log, and the file it lies in, are what was written: asked in the background, once the picture is there."""

from __future__ import annotations

from pathlib import Path

PAGES_AT_MOST_S = 2.0  # writers wait while SQLite looks at the pages


def fault(database: Path, log_id: str) -> str | None:
    """What is wrong with the file or with the log, in words; None when nothing was found. Opens its own connection."""
    from backout_tui.store.verify import verify_log, why_not_sound

    if (why := why_not_sound(database, at_most_s=PAGES_AT_MOST_S)) is not None:
        return why
    verified = verify_log(database, log_id)
    if verified.ok:
        return None
    first = verified.findings[0]
    return f"event {first.seq}: {first.message}" if first.seq else first.message

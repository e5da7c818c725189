"""What doesn't fit: a value that cannot be what it stands for, and the event that holds it."""

from __future__ import annotations

from backout_tui.domain.text import clean_line
from backout_tui.errors import Damaged

_LONGEST = 200  # characters of the description: it may repeat a text of any size


class Unfit(ValueError):  # noqa: N818 - people read it, in the words of DamagedEvent
    """A value doesn't have the form it must have. `why` says what doesn't fit, in words."""

    def __init__(self, why: str) -> None:
        """Keeps the words."""
        self.why = why
        super().__init__(why)


class DamagedEvent(Damaged):
    """One event of a log cannot be what this program, or a newer one, wrote there.

    `log` and `seq` name it as the file does, `why` says what doesn't fit. Nothing of the log that holds it can be
    folded; every other log is as readable as before.
    """

    def __init__(self, log: str, seq: int, why: str) -> None:
        """Says which event of which log it is, what doesn't fit, and what to do."""
        why = clean_line(why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…")
        self.log, self.seq, self.why = log, seq, why
        kind, _, number = log.partition(":")
        others = f"all other {kind}s can be read" if kind in ("backout", "plan") else "all others can be read"
        named = f"{kind} {number}" if number else log or "a log without a name"
        super().__init__(
            f"damaged {f'at event {seq} of' if seq else 'in'} {named}: {why}",
            todo=f"`backout-tui verify` names what is wrong in it; {others}. Read this one in a copy from before: the"
            " program's own lie beside the database, in its folder (FILE.d/backups).",
        )

"""The kinds of error a person can meet; anything else that is raised is a bug of ours (exit 70)."""

from __future__ import annotations

EXIT_DONE, EXIT_NO, EXIT_OUTSIDE, EXIT_REFUSED, EXIT_BUG = 0, 1, 2, 3, 70


class BackoutError(Exception):
    """Something outside is wrong: a file, the disk, a plan, a mail server. Exit 2."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        """Say `what` is wrong, `where` (a path, `file:line`), and what to do about it."""
        self.what, self.where, self.todo = what, where, todo
        super().__init__(str(self))

    def __str__(self) -> str:
        """One sentence for a person: where, what, what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.todo}" if self.todo else head


class Refused(Exception):  # noqa: N818 - the operator's word, and not an error
    """A gate says no. Exit 3. `lifted_by` names the option that lifts it: "reason", "break-glass" or ""."""

    def __init__(self, reason: str, *, lifted_by: str = "") -> None:
        """Keep the gate's words, whole, for the screen and the command line."""
        self.reason, self.lifted_by = reason, lifted_by
        super().__init__(reason)

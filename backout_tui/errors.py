"""The errors that a person can meet; any other exception is a bug of ours (exit 70)."""

from __future__ import annotations

EXIT_DONE, EXIT_NO, EXIT_OUTSIDE, EXIT_REFUSED, EXIT_BUG = 0, 1, 2, 3, 70


class BackoutError(Exception):
    """Something outside the program does not work: a file, the disk, a plan, a mail server. Exit 2."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        """`what` is wrong, `where` it is (a path, or `file:line`), and what to do about it in `todo`."""
        self.what, self.where, self.todo = what, where, todo
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return one text for a person: where, what, and what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.todo}" if self.todo else head


class Damaged(BackoutError):  # noqa: N818 - said to people, like its parent
    """A file's content cannot be what this program wrote there."""


class Refused(Exception):  # noqa: N818 - the operator's word, and not an error
    """A gate says no. Exit 3. `lifted_by` names the option that lifts it: "reason", "break-glass" or ""."""

    def __init__(self, reason: str, *, lifted_by: str = "") -> None:
        """Keep the gate's words in full for the screen and the command line."""
        self.reason, self.lifted_by = reason, lifted_by
        super().__init__(reason)

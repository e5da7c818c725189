"""Our own crash: kept for a report without local variables, never printed by Textual, which would show them."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Generic, TypeVar

from textual.app import App
from textual.worker import WorkerFailed

from backout_tui.domain.text import clean
from backout_tui.errors import EXIT_BUG

T = TypeVar("T")


class QuietCrash(App[T], Generic[T]):
    """An app that leaves when it crashes and prints nothing; whoever ran it has `crash` to speak of."""

    @property
    def crash(self) -> BaseException | None:
        """The first exception that nobody caught; of a worker, the worker's own."""
        return self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception

    def _handle_exception(self, error: Exception) -> None:
        super()._handle_exception(error)
        self._return_code = EXIT_BUG

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


def write_report(error: BaseException, folder: Path | None = None) -> Path:
    """Write the traceback of `error` into a private file in `folder`, else in the temporary folder; return its path.

    Raises OSError when neither can be written.
    """
    now = datetime.now(UTC)
    text = (
        f"backout-tui {version('backout-tui')} (textual {version('textual')}, Python {platform.python_version()},"
        f" {platform.platform()}) stopped at {now:%Y-%m-%d %H:%M:%S} UTC because of a bug in itself.\n"
        f"Arguments: {len(sys.argv) - 1}. Local variables are left out on purpose.\n\n"
        + "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    )
    descriptor, path = _private_file(f"crash-{now:%Y%m%dT%H%M%S}-", folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(clean(text))
    return Path(path)


def _private_file(prefix: str, folder: Path | None) -> tuple[int, str]:
    """A new file that only its owner may read."""
    if folder is not None:
        try:
            return tempfile.mkstemp(".txt", prefix, folder)
        except OSError:
            pass  # a full or missing state folder must not cost the report: the temporary folder is next
    return tempfile.mkstemp(".txt", f"backout-tui-{prefix}")

"""Our own crash: kept for a report without local variables, never printed by Textual, which would show them."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.app import App
from textual.worker import WorkerFailed

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

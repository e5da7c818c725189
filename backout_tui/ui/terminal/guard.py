"""Runs an app so that the terminal stays usable: signals, a terminal that stalls or goes away, our own crash."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from textual.app import App
from textual.worker import WorkerFailed

from backout_tui.crash import write_report
from backout_tui.domain.text import clean_line
from backout_tui.errors import EXIT_BUG, EXIT_OUTSIDE, EXIT_REFUSED, BackoutError, Refused
from backout_tui.signals import ENDING
from backout_tui.ui.terminal.driver import GRACE_S, TerminalDriver

_STOPPING = (signal.SIGTSTP, signal.SIGCONT)
_ALWAYS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
"""Signals that end us even if our parent process ignored them: a terminal can go away under `nohup` too."""
_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)
"""Ctrl+C and Ctrl+\\ reach every program at the terminal; while an editor has it, they are for the editor."""


class SignalWatch:
    """Ends `app` on every signal that would end it: normally, and by force if that takes longer than GRACE_S.

    A separate thread receives the signals through the wakeup descriptor. The interpreter writes to it even while the
    main thread is stuck in a write to a terminal that takes nothing more.
    """

    def __init__(self, app: App[Any]) -> None:
        """Watch `app`."""
        self._app = app
        self._theirs, self._ours = socket.socketpair()
        self._theirs.setblocking(False)
        self._over = threading.Event()
        self.caught: int | None = None

    def __enter__(self) -> SignalWatch:
        """Install the handlers."""
        wanted = [one for one in ENDING if one in _ALWAYS or signal.getsignal(one) is signal.SIG_DFL]
        self._before = {number: signal.signal(number, self._note) for number in wanted}
        self._before |= {number: signal.getsignal(number) for number in _STOPPING}  # the driver changes these meanwhile
        self._wakeup_before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._watch, name="backout-signals", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Restore the handlers; the terminal has been given back by now."""
        self._over.set()
        signal.set_wakeup_fd(self._wakeup_before)
        self._theirs.send(b"\0")
        self._thread.join()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._theirs.close()
        self._ours.close()

    def _note(self, number: int, _frame: object) -> None:
        """Note that the app is ending, so that a stop cannot interfere; the wakeup descriptor has told the thread."""
        if isinstance(self._app._driver, TerminalDriver) and not (self._beside and number in _FROM_KEYS):
            self._app._driver.is_ending = True

    def _watch(self) -> None:
        # Giving the terminal back from the background must not stop this thread.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        while not self._over.is_set():
            wanted = [number for number in self._ours.recv(64) if number in ENDING]
            if self._beside is not None:
                wanted = [number for number in wanted if number not in _FROM_KEYS]
            if wanted and self.caught is None:
                self.caught = wanted[0]
                self._end()

    @property
    def _beside(self) -> subprocess.Popen[bytes] | None:
        """The program that has the terminal while the app has lent it."""
        driver = self._app._driver
        return driver.beside if isinstance(driver, TerminalDriver) else None

    def _end(self) -> None:
        code = 128 + (self.caught or 0)
        if (beside := self._beside) is not None:
            beside.terminate()  # an editor then gives the terminal back and keeps what was typed
        loop = self._app._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(lambda: self._app.exit(return_code=code))
        if not self._over.wait(GRACE_S):
            if isinstance(self._app._driver, TerminalDriver):
                self._app._driver.restore_now()
            os._exit(code)


def run_app(app: App[Any], *, reports: Path | None = None) -> int:
    """Run `app` in this terminal until it ends, restore the terminal, and return the exit code.

    The code is 0 or what the app chose, 128+n after a signal, 2 and 3 for trouble that the app did not show itself, and
    70 after a crash of ours, with one line that names the report in the folder `reports`. Call it only in the main
    thread.
    """
    crash: BaseException | None = None
    with SignalWatch(app) as watch:
        try:
            app.run()
        except Exception as error:  # noqa: BLE001 - the last place where a crash can be told from success
            crash = error
    crash = crash or getattr(app, "crash", None)
    if watch.caught is not None:
        return 128 + watch.caught
    return app.return_code or 0 if crash is None else _told(crash, reports)


def _told(crash: BaseException, reports: Path | None) -> int:
    """Say on one line why the app ended, and return the exit code for it."""
    if isinstance(crash, BackoutError | Refused):
        line, code = str(crash), EXIT_REFUSED if isinstance(crash, Refused) else EXIT_OUTSIDE
    else:
        try:
            where = f"A report is in {write_report(crash, reports)}"
        except OSError as error:
            where = f"No report could be written ({error.strerror}); it was {type(crash).__name__}"
        line, code = f"backout-tui stopped because of a bug in itself. Steps that run go on. {where}", EXIT_BUG
    print(clean_line(line), file=sys.stderr)  # noqa: T201 - the screen is gone, so this is all that can be said
    return code


T = TypeVar("T")


class QuietCrash(App[T], Generic[T]):
    """An app that leaves when it crashes and prints nothing; its caller reports `crash`."""

    @property
    def crash(self) -> BaseException | None:
        """The first exception that nobody caught; for a worker, the exception inside it."""
        return self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception

    def _handle_exception(self, error: Exception) -> None:
        super()._handle_exception(error)
        self._return_code = EXIT_BUG

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()

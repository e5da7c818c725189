"""Running an app so that the terminal stays sane: signals, a terminal that stalls or goes away, and our own crash."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from textual.app import App

from backout_tui.crash import write_report
from backout_tui.domain.text import clean_line
from backout_tui.errors import EXIT_BUG, EXIT_OUTSIDE, EXIT_REFUSED, BackoutError, Refused
from backout_tui.ui.driver import GRACE_S, TerminalDriver

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


class SignalWatch:
    """Ends `app` on HUP, TERM and INT: politely, and by force when that takes longer than GRACE_S.

    The signals arrive in a thread of their own through the wakeup descriptor, which the interpreter writes even while
    the main thread is stuck in a write to a terminal that takes nothing more.
    """

    def __init__(self, app: App[Any]) -> None:
        """Watch over `app`."""
        self._app = app
        self._theirs, self._ours = socket.socketpair()
        self._theirs.setblocking(False)
        self._over = threading.Event()
        self.caught: int | None = None

    def __enter__(self) -> SignalWatch:
        """Take the signals."""
        self._before = {number: signal.signal(number, _noted) for number in SIGNALS}
        self._wakeup_before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._watch, name="backout-signals", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back; the terminal has been given back by now."""
        self._over.set()
        signal.set_wakeup_fd(self._wakeup_before)
        self._theirs.send(b"\0")
        self._thread.join()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._theirs.close()
        self._ours.close()

    def _watch(self) -> None:
        # Giving the terminal back from the background must not stop this thread.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        while not self._over.is_set():
            wanted = [number for number in self._ours.recv(64) if number in SIGNALS]
            if wanted and self.caught is None:
                self.caught = wanted[0]
                self._end()

    def _end(self) -> None:
        code = 128 + (self.caught or 0)
        loop = self._app._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(lambda: self._app.exit(return_code=code))
        if not self._over.wait(GRACE_S):
            if isinstance(self._app._driver, TerminalDriver):
                self._app._driver.restore_now()
            os._exit(code)


def run_app(app: App[Any], *, reports: Path | None = None) -> int:
    """Run `app` in this terminal until it ends, and return the exit code; the terminal is as it was before.

    0 or what the app chose, 128+n after a signal, 2 and 3 for trouble that the app did not show itself, 70 after a
    crash of ours, with one line that names the report in the folder `reports`. Only for the main thread.
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
    print(clean_line(line), file=sys.stderr)  # noqa: T201 - the screen is gone, this is all that can be said
    return code


def _noted(number: int, frame: object) -> None:
    """Nothing: the wakeup descriptor has told the watching thread."""

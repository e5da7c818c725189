"""A report of our own crash: the traceback without local variables, in a private file."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from backout_tui import __version__
from backout_tui.domain.text import clean


def write_report(error: BaseException, folder: Path | None = None) -> Path:
    """Write the traceback of `error` to a private file and return its path.

    The file goes into `folder`, or into the temporary folder when that fails. Raises OSError when neither can be
    written.
    """
    from importlib.metadata import version  # imported here because crashes are rare and this loads all of `email`

    now = datetime.now(UTC)
    text = (
        f"backout-tui {__version__} (textual {version('textual')}, Python {platform.python_version()},"
        f" {platform.platform()}) stopped at {now:%Y-%m-%d %H:%M:%S} UTC because of a bug in itself.\n"
        "Arguments and local variables are left out on purpose.\n\n"
        + "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    )
    descriptor, path = _private_file(f"backout-tui-crash-{now:%Y%m%dT%H%M%S}-", folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(clean(text))
    return Path(path)


def _private_file(prefix: str, folder: Path | None) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(".txt", prefix, folder)
    except OSError:
        return tempfile.mkstemp(".txt", prefix)

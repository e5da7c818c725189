"""Other users, for tests that run as root: a folder that all of them can reach, and acting as one of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
GROUP = 4242


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; the usual one for tests lies below a private one."""
    folder = Path(tempfile.mkdtemp(prefix="backout-users-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def acting_as(user: int, group: int = GROUP) -> Iterator[None]:
    """Be that user for a while, as far as files are concerned. What is imported inside must be imported already."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)

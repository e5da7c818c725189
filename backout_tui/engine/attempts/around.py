"""Which variables a command has from around it: its environment, and what its shell sets itself."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from pathlib import Path

from backout_tui.domain.shell.handed_on import handed_on
from backout_tui.domain.shell.names import SET_BY_BASH, SET_BY_SH

_SMALL = frozenset({"dash", "ash", "busybox", "posh"})
"""The shells that set no more than every shell does; others in the place of `sh` do as bash does."""


def names_around(environment: Mapping[str, str], language: str) -> frozenset[str]:
    """The names that a command has without the plan's variables; `environment` is the operator's."""
    small = language != "bash" and _name_of_sh(environment.get("PATH")) in _SMALL
    return frozenset(handed_on(environment)) | (SET_BY_SH if small else SET_BY_BASH)


@functools.cache
def _name_of_sh(path: str | None) -> str:
    """The name of the shell that stands in the place of `sh`."""
    found = shutil.which("sh", path=path)
    return Path(found).resolve().name if found else ""

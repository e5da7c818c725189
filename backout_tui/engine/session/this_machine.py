"""The machine that this process runs on: what identifies it besides its name."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from backout_tui.domain.backout.whereabouts import Machine

_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_MACHINE_ID = re.compile(r"[0-9a-f]{32}")
_NO_MACHINE = "0" * 32
# A machine-id is confidential: we keep only its HMAC under a key of this program's own, as systemd's
# sd_id128_get_machine_app_specific() makes it.
_PROGRAM = bytes.fromhex("a3f1d0b75c524e0f9a6e1b7c84d25e90")


def machine(name: str, boot_id: str, id: str | None = None) -> Machine:  # noqa: A002 - the machine's own word
    """This machine under its present `name`, in the clock's boot `boot_id`; `id` replaces the one looked up."""
    return Machine(name, machine_id() if id is None else id, "" if boot_id.startswith("process-") else boot_id)


@functools.cache
def machine_id() -> str:
    """The keyed hash of the machine-id: 32 hex digits, the same for every user and boot; "" when there is none."""
    import hmac  # it loads OpenSSL, which a reader need not wait for

    found = next((said for file in _FILES if _is_one(said := _read(file))), "")
    return hmac.digest(bytes.fromhex(found), _PROGRAM, "sha256").hex()[:32] if found else ""


def _is_one(said: str) -> bool:
    return _MACHINE_ID.fullmatch(said) is not None and said != _NO_MACHINE


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip().replace("-", "").lower()
    except (OSError, ValueError):
        return ""

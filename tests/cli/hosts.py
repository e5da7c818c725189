"""Hosts for tests that run as root: another name, boot, machine-id or spool, in namespaces of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.cli.lines import SCRIPT, Line, Result

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_ENTER = """
hostname "$HOST_NAME"
for id in /etc/machine-id /var/lib/dbus/machine-id; do
    if [ -n "$HOST_ID" ] && [ -e $id ]; then mount --bind "$HOST_ID" $id; fi
done
if [ -n "$HOST_BOOT" ]; then mount --bind "$HOST_BOOT" /proc/sys/kernel/random/boot_id; fi
if [ -n "$HOST_HIDES" ]; then mount -t tmpfs -o mode=0700 tmpfs "$HOST_HIDES"; fi
exec "$@"
"""
"""What happens in the namespaces before the program: the machine-id is bound over where this machine has one."""


@cache
def why_no_hosts() -> str | None:
    """Why no other host can be played on this machine; None when it can."""
    if os.geteuid() != 0:
        return "only root can name a host anew"
    if any(shutil.which(name) is None for name in ("unshare", "hostname", "mount")):
        return "unshare, hostname or mount is missing"
    if not any(Path(one).exists() for one in ("/etc/machine-id", "/var/lib/dbus/machine-id")):
        return "this machine has no machine-id that another could stand for"
    tried = subprocess.run(["unshare", "--uts", "--mount", "hostname", "another"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "no UTS and mount namespace can be made here"


with_hosts = pytest.mark.skipif(why_no_hosts() is not None, reason=str(why_no_hosts()))


@dataclass(frozen=True)
class Host:
    """A host as the kernel and the files show it: "" leaves what is true of this machine as it is.

    `hides`: a folder that lies empty there, as the spool of a database does that another machine runs on.
    """

    name: str
    machine_id: str = ""
    boot: str = ""
    hides: str = ""

    def environment(self, place: Path) -> dict[str, str]:
        """What `_ENTER` is told; the files that are bound lie in `place`."""
        return {
            "HOST_NAME": self.name,
            "HOST_ID": _file(place, self.machine_id),
            "HOST_BOOT": _file(place, self.boot),
            "HOST_HIDES": self.hides,
        }

    def run(self, line: Line, *arguments: str, as_: str = "sam") -> Result:
        """Run the console script on this host."""
        words = ["unshare", "--uts", "--mount", "sh", "-ec", _ENTER, "sh", str(SCRIPT), "--as", as_, *arguments]
        done = subprocess.run(
            words,
            input=b"",
            capture_output=True,
            env={**os.environ, **self.environment(line.place)},
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def ok(self, line: Line, *arguments: str, as_: str = "sam") -> Result:
        """Run one that has to end with 0."""
        result = self.run(line, *arguments, as_=as_)
        assert result.code == 0, result.err or result.out
        return result


def _file(place: Path, text: str) -> str:
    if not text:
        return ""
    path = place / f"of-a-host-{text}"
    path.write_text(f"{text}\n", encoding="ascii")
    return str(path)

"""On which file systems a free lock is free whoever took it: those that no other machine writes to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backout_tui.engine.attempts import reach

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:31 / /srv rw,relatime shared:7 - nfs4 store:/srv rw
31 30 0:32 / /srv/here\\040and\\040now rw,relatime - tmpfs tmpfs rw
32 27 0:33 / /mnt/key rw,relatime - fuse.sshfs kim@store:/ rw
33 27 0:34 / /mnt/layers rw,relatime - fuse.fuse-overlayfs layers rw
34 27 254:1 / /twice rw,relatime - ext4 /dev/vdb rw
35 27 0:35 / /twice rw,relatime - cifs //store/twice rw
"""


@pytest.mark.parametrize(
    ("folder", "local"),
    [
        ("/var/lib/backout", True),
        ("/srv", False),
        ("/srv/shared", False),
        ("/srv/here and now/backout", True),
        ("/mnt/key/backout", False),
        ("/mnt/layers/backout", True),
        ("/twice/backout", False),
    ],
)
def test_the_innermost_mount_says_whether_other_machines_write_there(folder: str, local: bool) -> None:
    assert reach.mounted_as_local(MOUNTS, Path(folder)) is local


def test_a_folder_whose_mount_is_not_listed_is_not_known() -> None:
    assert reach.mounted_as_local("30 27 0:31 / /srv rw - nfs4 store:/srv rw\nshort\n", Path("/var/lib")) is None


@pytest.mark.parametrize(("folder", "major"), [("/", True), ("/dev/shm", False)])
def test_in_a_chroot_a_disk_of_its_own_is_local(
    folder: str, major: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the mount that holds it is outside of what can be seen."""
    if bool(os.major(Path(folder).stat().st_dev)) is not major:
        pytest.skip(f"{folder} lies on another kind of file system here")
    (tmp_path / "mounts").write_text("22 27 0:21 / /proc rw,relatime - proc proc rw\n")
    monkeypatch.setattr(reach, "_MOUNTS", tmp_path / "mounts")
    assert reach.is_local(Path(folder)) is major
    monkeypatch.setattr(reach, "_MOUNTS", tmp_path / "none")
    assert not reach.is_local(Path(folder)), "where nothing is listed, nothing is known"

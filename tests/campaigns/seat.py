"""Somebody at a terminal in the middle of something, and whether the terminal and the processor are free afterwards."""

from __future__ import annotations

import os
import random
import select
import time
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.terminal import Terminal

OFF = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l")
"""The screen that was there before, the cursor; pastes and the mouse are not reported any more."""
GONE_WITHIN_S = 10.0
_SPIN_S = 3.0
"""Seconds of the processor that no ending needs: it takes a fifth of one."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where in the dashboard somebody is: behind which key, what then stands there, what they have typed."""

    key: str
    shows: str
    typed: str = ""


FIRST = "Next: run step 1"
SCENES = (
    Scene("", " 4 Communication "),
    Scene("n", "Write a note", "half a sen"),
    Scene("p", "Log a problem", "fg rr"),
    Scene("l", "took the controls"),
    Scene("?", "All keys"),
)


def come_to(scene: Scene, terminal: Terminal, *, running: bool) -> None:
    """Go there, with the first step under way when `running`; the terminal shows the dashboard."""
    terminal.wait_for(FIRST)
    if running:
        terminal.press("r", "Run step 1")
        terminal.confirm("Run step 1", "begun 1")
    if scene.key:
        terminal.press(scene.key)
    terminal.wait_for(scene.shows)
    terminal.send(scene.typed)
    terminal.wait_for(scene.typed)


def stall(terminal: Terminal, dice: random.Random) -> str | None:
    """Read nothing more, while there is more and more to draw, until nothing fits; why that went wrong."""
    until = time.monotonic() + GONE_WITHIN_S
    while time.monotonic() < until and select.select([], [terminal.slave], [], 0)[1]:
        terminal.resize(dice.randint(70, 110), 24)
        time.sleep(0.01)
    time.sleep(0.2)
    return _why_spinning(terminal.process.pid)


def _why_spinning(process: int) -> str | None:
    """A process that waits uses no processor; one that draws does for a while."""
    for _ in range(10):
        before = used_s(process)
        time.sleep(0.1)
        if used_s(process) - before < 0.08:
            return None
    return "the processor is busy while the terminal takes nothing"


def used_s(process: int) -> float:
    """Seconds of the processor that it has used; 0 once it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def why_not_gone(terminal: Terminal, codes: tuple[int, ...], *, reading: bool) -> str | None:
    """Why the program has not ended in time with one of `codes`; read on meanwhile, or leave the terminal stalled."""
    pid, until = terminal.process.pid, time.monotonic() + GONE_WITHIN_S
    before = spent = used_s(pid)
    while terminal.process.poll() is None:
        if time.monotonic() > until:
            return f"it is still there after {GONE_WITHIN_S:.0f} s"
        spent = max(spent, used_s(pid))
        terminal.read(0.02) if reading else time.sleep(0.02)
        if terminal.terminal < 0:
            time.sleep(0.02)
    if terminal.process.returncode not in codes:
        return f"it ended with {terminal.process.returncode}, not {codes[0]}"
    return f"it used {spent - before:.1f} s of the processor to end" if spent - before > _SPIN_S else None


def why_not_given_back(terminal: Terminal) -> str | None:
    """What of the terminal is not as it was."""
    terminal.read(0.05)
    if terminal.terminal_attributes() != terminal.attributes:
        return "the settings of the terminal's line are not as they were"
    return why_screen_kept(terminal)


def why_screen_kept(terminal: Terminal) -> str | None:
    """Which of what was switched on is on still."""
    taken = terminal.raw.rfind(b"\x1b[?1049h")
    kept = [off for off in OFF if off not in terminal.raw[taken:]] if taken >= 0 else []
    return f"never switched off: {kept}" if kept else None

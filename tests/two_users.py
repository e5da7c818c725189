"""Two logins that share a database, as real processes: one owns the spool, and does what can be done to an attempt.

Kim made the database, so the folders around the attempts are hers; sam runs a step that is repeated until it is true,
and whose command gets a secret. Whatever kim does, sam's command is what runs, and it ends as what it really did.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine import settling
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import run_verbs
from backout_tui.errors import BackoutError
from backout_tui.store.file.place import spool_root
from backout_tui.store.log import journal
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import HEAD, Room
from tests.reach import open_the_way
from tests.users import GROUP

SAM, KIM = 4001, 4002
SECRET = "hunter22-of-sam"
_VIOLATED = 3  # a process's exit code
_LOADED = (journal, settling)  # before anybody forks: each of the two would load them anew
_WITHIN_S = 60.0  # the machine may be busy; what does not happen within a minute does not happen
_PLAN = """## Variables

- TOKEN: (secret)

## Steps

### 1. Wait until it is true
- until: every 1 s, at most 10 min

```sh
echo "mine $TOKEN"
echo tried >> '{home}/tries'
test -e '{home}/go'
```
"""


def why_not() -> str | None:
    """Why two users cannot be played here; None when they can."""
    if os.geteuid() != 0:
        return "only root can act as another user"
    if os.waitstatus_to_exitcode(os.waitpid(as_user(SAM, _read_the_program), 0)[1]):
        return f"another user cannot read {Path(__file__).parents[1]} or run {sys.executable}"
    return None


def _read_the_program() -> None:
    Path(__file__).read_bytes()
    if not os.access(sys.executable, os.X_OK):
        raise PermissionError(sys.executable)


def as_user(user: int, act: Callable[[], object]) -> int:
    """Do it in a process that is that user's for good; its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        open_the_way()
        os.setgroups([])
        os.setgid(GROUP)
        os.setuid(user)
        os.umask(0o077)
        act()
    except Violated as violation:
        os.write(2, f"{violation}\n".encode())
        os._exit(_VIOLATED)
    except BaseException:  # noqa: BLE001 - a forked child must never return into the test runner
        os.write(2, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)


class Violated(Exception):  # noqa: N818 - what it says is what was found
    """A promise was broken before the eyes of one of the two."""


# ── what can be done to an attempt's folder by whoever owns the spool ─────────────────────────────────────────────


@dataclass(frozen=True)
class Attacker:
    """Kim, before the spool; `loot` is where her script would put what it finds."""

    spool: Path
    loot: Path
    dice: random.Random

    def rename(self, path: Path) -> None:
        """The folder gets another name."""
        path.rename(path.with_name(f"{path.name}.{self.dice.randrange(4)}"))

    def replace(self, path: Path) -> None:
        """A folder of her own stands at its name, with everything in it that a supervisor would have left."""
        request = _read_or(path / "request.json")
        self._away(path)
        self._forge(path, request)

    def script(self, path: Path) -> None:
        """Another script lies where the next try would read it, and nothing else says that anything happened."""
        self._away(path)
        path.mkdir()
        path.chmod(0o2777)
        (path / "script").write_bytes(self._script().read_bytes())
        (path / "script").chmod(0o777)

    def link(self, path: Path) -> None:
        """A symbolic link stands at its name."""
        request = _read_or(path / "request.json")
        self._away(path)
        elsewhere = self.loot / f"tree{self.dice.randrange(10**9)}"
        self._forge(elsewhere, request)
        path.symlink_to(elsewhere)

    def hard_link(self, path: Path) -> None:
        """Its files get second names, and files of hers stand among them."""
        for name in ("script", "stop", "lock", "outcome.json", "started.json"):
            with contextlib.suppress(OSError):
                os.link(path / name, self.loot / f"{name}.{self.dice.randrange(10**9)}")
            with contextlib.suppress(OSError):
                os.link(self._script(), path / name)

    def fifo(self, path: Path) -> None:
        """Pipes stand where files are read, and nobody ever writes into them."""
        self._away(path)
        path.mkdir()
        path.chmod(0o777)
        for name in ("lock", "request.json", "started.json", "outcome.json", "stop", "output", "tail.json"):
            os.mkfifo(path / name)
            (path / name).chmod(0o666)

    def mode(self, path: Path) -> None:
        """Nobody may look, or everybody may write."""
        rights = self.dice.choice((0o000, 0o777, 0o2770, 0o3770))
        for one in (path, path / "stop", path / "script", self.spool):
            with contextlib.suppress(OSError):
                one.chmod(rights)

    def spool_itself(self, path: Path) -> None:
        """Another spool stands in the spool's place, with a forged attempt in it."""
        request = _read_or(path / "request.json")
        self.spool.rename(self.spool.with_name(f"spool.{self.dice.randrange(10**9)}"))
        self.spool.mkdir()
        self.spool.chmod(0o3770)
        self._forge(path, request)

    def back(self, path: Path) -> None:
        """Everything as it was, for a moment."""
        with contextlib.suppress(OSError):
            self.spool.chmod(0o3770)
        for away in self.spool.glob(f"{path.name[:32]}.*"):
            if away.stat().st_uid == SAM:
                self._away(path)
                away.rename(path.with_name(path.name[:32]))

    def _away(self, path: Path) -> None:
        own = not path.is_symlink() and path.exists() and path.stat().st_uid == SAM
        path.rename(path.with_name(f"{path.name[:32]}.{self.dice.randrange(10**9)}") if own else self._dump())

    def _dump(self) -> Path:
        return self.loot / f"old{self.dice.randrange(10**9)}"

    def _script(self) -> Path:
        script = self.loot / "script"
        script.write_text(f"env > '{self.loot}/stolen'\necho forged\nexit 0\n", encoding="utf-8")
        script.chmod(0o777)
        return script

    def _forge(self, path: Path, request: dict[str, object]) -> None:
        path.mkdir()
        path.chmod(0o2777)
        script = self._script().read_text(encoding="utf-8")
        words = {
            "request.json": json.dumps({**request, "script": script}),
            "started.json": json.dumps({"pid": 1, "boot_id": "forged", "start_ticks": 1}),
            "outcome.json": json.dumps({"result": "done", "why": "", "exit_code": 0, "expect": []}),
            "script": script,
            "output": "forged\n",
            "lock": "",
            "stop": json.dumps({"by": "forger"}),
        }
        for name, text in words.items():
            (path / name).write_text(text, encoding="utf-8")
            (path / name).chmod(0o777)


WAYS = ("rename", "replace", "script", "link", "hard_link", "fifo", "mode", "spool_itself")


def _read_or(path: Path) -> dict[str, object]:
    """What can be read there, without waiting for a pipe that she laid herself."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return dict(json.loads(file.read()))
    except (OSError, ValueError):
        return {}


def _bytes_of(path: Path) -> bytes:
    """What is in a file now; nothing when its supervisor has just renamed or removed it."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


# ── the night of the two ──────────────────────────────────────────────────────────────────────────────────────────


class Night:
    """One shared database and what each of the two does; `found` is what must not be."""

    def __init__(self, place: Path, dice: random.Random) -> None:
        self.shared, self.home, self.loot = place / "shared", place / "home", place / "loot"
        self.dice, self.flags = dice, place
        self.found: list[str] = []
        for folder, owner, rights in ((self.shared, KIM, 0o2770), (self.home, SAM, 0o700), (self.loot, KIM, 0o777)):
            folder.mkdir()
            os.chown(folder, owner, GROUP)
            folder.chmod(rights)
        self.database = self.shared / "backout.sqlite"
        self._do(KIM, self._kim_decides)

    def attacked(self, ways: tuple[str, ...], *, for_s: float, stop: bool) -> list[str]:
        """What was violated while `ways` went on, by turns, from before the step began until after its end."""
        attacker = as_user(KIM, lambda: self._attack(ways))
        watchers = list[int]()
        try:
            self._do(SAM, self._sam_runs)
            watchers = [as_user(SAM, lambda: self._watch("sam")), as_user(KIM, lambda: self._watch("kim"))]
            self._wait(lambda: (self.home / "tries").exists(), "it was never tried")
            time.sleep(for_s)
            (self.flags / "ending").touch()
            self._reap(watchers)
            watchers.clear()
            if stop:
                self._do(SAM, self._sam_stops)
            else:
                (self.home / "go").touch()
            self._do(SAM, self._sam_sees_the_end)
        finally:
            (self.flags / "over").touch()
            (self.flags / "ending").touch()
            self._reap([attacker, *watchers])
            self._end_what_is_left()
        self._judge(stop=stop)
        return self.found

    def attacked_between_tries(self, way: str) -> list[str]:
        """What was violated when one of `WAYS` was gone once between two tries, and left so."""
        try:
            self._do(SAM, self._sam_runs)
            self._wait(lambda: self._tries() >= 1, "it was never tried")
            self._do(KIM, lambda: self._attack_once(way))
            before = self._tries()
            with contextlib.suppress(Violated):
                self._wait(lambda: self._tries() >= before + 2, "it is not tried any more")
            self._do(SAM, self._sam_stops)
            self._do(SAM, self._sam_sees_the_end)
        finally:
            self._end_what_is_left()
        self._judge(stop=True)
        return self.found

    def _end_what_is_left(self) -> None:
        """Where a promise is broken a supervisor may try on for minutes: it is one of this database, by its words."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if any(word.startswith(os.fsencode(f"{self.database}.d/")) for word in words):
                    os.kill(int(process.name), signal.SIGTERM)

    def _tries(self) -> int:
        file = self.home / "tries"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def _attack_once(self, way: str) -> None:
        spool = spool_root(self.database)
        (path,) = spool.iterdir()
        getattr(Attacker(spool, self.loot, self.dice), way)(path)

    def _room(self) -> Room:
        return Room(self.shared)

    def _kim_decides(self) -> None:
        op = self._room().decided(HEAD + _PLAN.format(home=self.home))
        op.close()

    @contextlib.contextmanager
    def _operator(self, name: str) -> Iterator[Operator]:
        op = Operator.open(self._room().desk(name, secrets={"TOKEN": SECRET}), 1)
        yield op
        op.close()

    def _sam_runs(self) -> None:
        until = time.monotonic() + _WITHIN_S
        with self._operator("sam") as op:
            while True:
                with contextlib.suppress(
                    BackoutError
                ):  # a spool that is closed to us: nothing was begun, said in words
                    run_verbs.run(op, "1")
                    return
                assert time.monotonic() < until, "it could never be begun"
                time.sleep(0.01)

    def _sam_stops(self) -> None:
        with self._operator("sam") as op:
            run_verbs.stop(op, "1")

    def _sam_sees_the_end(self) -> None:
        with self._operator("sam") as op:
            self._wait(lambda: op.refresh().steps["1"].state is not StepStatus.RUNNING, "it never ended")

    def _watch(self, name: str) -> None:
        with self._operator(name) as op:
            while not (self.flags / "ending").exists():
                state = op.refresh().steps["1"].state
                if state is not StepStatus.RUNNING:
                    raise Violated(f"{name} saw the living step {state}")
                time.sleep(0.01)

    def _attack(self, ways: tuple[str, ...]) -> None:
        kim = Attacker(spool_root(self.database), self.loot, self.dice)
        while not (self.flags / "over").exists():
            for path in kim.spool.glob("?" * 32) if kim.spool.exists() else ():
                with contextlib.suppress(OSError):
                    getattr(kim, self.dice.choice((*ways, "back")))(path)
            with contextlib.suppress(OSError):
                names = {path.name[:32] for path in kim.spool.iterdir()}
                kim.back(kim.spool / self.dice.choice(sorted(names))) if names else None
            time.sleep(self.dice.choice((0, 0.001, 0.02)))
            with contextlib.suppress(OSError):
                kim.spool.chmod(0o3770) if self.dice.random() < 0.5 else None

    def _judge(self, *, stop: bool) -> None:
        with Reader.open(self.database) as reader:
            events = reader.events_after("backout:1", 0)
            outcomes = [event for event in events if event.kind.startswith("Step") and "intent" in event.data]
            texts = [reader.blob(blob.sha256) or b"" for event in outcomes for blob in event.blobs]
        told = [(event.kind, event.data.get("result"), event.data.get("why")) for event in outcomes]
        expected = ("StepFinished", "failed", "stopped by sam") if stop else ("StepFinished", "done", "")
        self._must(told == [expected], f"it ended as {told}")
        self._must(bool(texts) and all(b"mine ***" in text for text in texts), "its output is not what it printed")
        self._must(not any(b"forged" in text for text in texts), "a forged output was believed")
        self._must(not (self.loot / "stolen").exists(), "her script ran as sam")
        readable = [path for folder in (self.shared, self.loot) for path in folder.rglob("*") if path.is_file()]
        self._must(not any(SECRET.encode() in _bytes_of(path) for path in readable), "the secret reached her")
        self._must(verify_log(self.database, "backout:1").ok, "the log is not sound")

    def _must(self, true: bool, otherwise: str) -> None:
        if not true:
            self.found.append(otherwise)

    def _do(self, user: int, act: Callable[[], object]) -> None:
        self._reap([as_user(user, act)])

    def _reap(self, pids: list[int]) -> None:
        for pid in pids:
            status = self._ended(pid)
            self._must(status is not None, "a process hung")
            self._must(not status, f"a process ended with status {status}, and says why above")

    def _ended(self, pid: int) -> int | None:
        """How a process of ours ended; None when it had to be killed."""
        until = time.monotonic() + 2 * _WITHIN_S
        while time.monotonic() < until:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return None

    def _wait(self, true: Callable[[], object], otherwise: str) -> None:
        until = time.monotonic() + _WITHIN_S
        while not true():
            if time.monotonic() > until:
                raise Violated(otherwise)
            time.sleep(0.01)

"""The power is cut at any moment of a write: what is on the disk then, torn and out of order, is opened again."""

from __future__ import annotations

import atexit
import contextlib
import functools
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.disk import Disk, Op
from tests.campaigns.experiment import Experiment, number_of
from tests.campaigns.experiments.syscalls import COMMANDS, command_of, made_by, stage_for, turn_of
from tests.campaigns.recording import WHOLE_DATA, ops
from tests.campaigns.stage import LOG, Stage, why_bad_answer
from tests.campaigns.tracing import Done, run, why_no_tracing

DATABASE = "backout.sqlite"
_SETTLED = {"StepNotStarted", "StepInDoubt", "StepFinished", "ControlsTaken", "NoteAdded"}
"""What may come behind what was there: whoever opens settles, takes the controls, and writes its note."""


@dataclass(frozen=True)
class Recording:
    """A run that was recorded: where, what was there before, what it did, and what it had promised after each op."""

    stage: Stage
    before: list[tuple[str, bytes]]
    folders: list[str]
    done: list[Op]
    promised: list[int]
    ran: list[int]
    records: list[dict[str, object]]

    @property
    def state(self) -> Path:
        """The folder whose disk it is."""
        return self.stage.site.database.parent

    def disk(self, upto: int) -> Disk:
        """The disk after so many ops."""
        disk = Disk(self.before, self.folders)
        for op in self.done[:upto]:
            disk.do(op)
        return disk


@functools.cache
def recorded(name: str) -> Recording:
    """Run the command once, recorded. AssertionError when what was recorded does not give the files as they are."""
    place = Path(tempfile.mkdtemp(prefix="backout-power-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    stage = stage_for(name, place / "ground")
    state, work = stage.site.database.parent, stage.site.work
    before, folders = _files(state), _folders(state)
    options = (*WHOLE_DATA, *_folders_stay(name), "-o", str(place / "trace"))
    done = run(command_of(name, stage), stage.environment, work, *options)
    assert done.code == 0, done.err
    everything = [op for op in ops(place / "trace", stage.site.folder) if _place(op) in ("state", "work")]
    whole = Recording(stage, before, folders, [], [], [], stage.records())
    disk, promised, ran = Disk(before, folders), len(stage.before), 0
    for op in everything:
        if _place(op) == "work":
            ran += op.what == "append" and op.path == "work/ran"
            continue
        inside = _below_state(op)
        disk.do(inside)
        whole.done.append(inside)
        if inside.what == "sync" and not inside.path and f"{DATABASE}-journal" not in disk.now:
            promised = max(promised, _events(disk, place / "looked-at.sqlite"))
        whole.promised.append(promised)
        whole.ran.append(ran)
    assert {path: bytes(one.now) for path, one in disk.now.items() if one is not None} == dict(_files(state))
    return whole


def power_cut(dice: random.Random, ground: Path) -> str | None:
    """What was acknowledged is there, nothing is invented, and what may have run never runs again by itself."""
    name, _ = turn_of(number_of(dice))
    run_of = recorded(name)
    upto = dice.randint(0, len(run_of.done))
    files, folders = run_of.disk(upto).after_a_cut(dice)
    put_back(run_of.state, files, folders)
    why = _why_broken(name, run_of, max(0, upto - 1))
    at = run_of.done[upto - 1] if upto else Op("nothing", "")
    return why and f"{name}, power cut after {at.what} {at.path}, no. {upto} of {len(run_of.done)}: {why}"


def _why_broken(name: str, run_of: Recording, at: int) -> str | None:
    stage, again = run_of.stage, ["do", "1", "note", "after the power cut", "--json"]
    command = command_of(name, stage)
    if name == "start" and (why := stage.why_not_started(Done(2, "", ""), command)):
        return why
    done = run([command[0], *again], stage.environment, stage.site.work)
    if why := why_bad_answer(done, [0]) or stage.why_not_sound():
        return why
    after, promised = stage.records(), run_of.promised[at]
    if name != "start":
        same = _in_common(after, run_of.records)
        if same < promised:
            return f"{promised} events were acknowledged, and {same} of them are there"
        if invented := {str(one["kind"]) for one in after[same:]} - _SETTLED:
            return f"it has become another log: {invented}"
    return stage.why_step_lies({"1": run_of.ran[at]})


def _in_common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many are the same, from the first on."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (mine, yours) in enumerate(pairs) if mine != yours), min(len(one), len(other)))


def _folders_stay(name: str) -> list[str]:
    """Options by which no folder is removed, though the program is told so: a claim names its folder by inode."""
    if "step-run" not in COMMANDS[name]:
        return []
    removals = [call for call in made_by(name) if call.name == "rmdir" or "AT_REMOVEDIR" in call.said]
    return [word for call in removals for word in ("-e", f"inject={call.name}:retval=0:when={call.nth}")]


def put_back(state: Path, files: dict[str, bytes], folders: Sequence[str]) -> None:
    """Make the folder hold just this. The database and each folder stay what they were, as after a real power cut."""
    away = state.with_name("away")
    away.mkdir(exist_ok=True)
    _put_database(state / DATABASE, away / DATABASE, there=DATABASE in files)
    for path in sorted(state.rglob("*"), reverse=True):
        name = str(path.relative_to(state))
        if path.is_dir():
            path.rename(away / name.replace("/", "|"))
        elif name != DATABASE:
            path.unlink()
    for folder in sorted(filter(None, folders)):
        kept = away / folder.replace("/", "|")
        if kept.exists():
            kept.rename(state / folder)
        else:
            (state / folder).mkdir(mode=0o700)
    for name, content in files.items():
        path = state / name
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.write(content)
            file.truncate(len(content))


def _put_database(path: Path, away: Path, *, there: bool) -> None:
    """Have the recorded file itself there, or `away` for later: a database knows its inode, and is a copy elsewhere."""
    if away.exists():
        path.unlink(missing_ok=True)  # one that the program made when its own was gone
        if there:
            away.rename(path)
    elif not there:
        path.rename(away)


def _files(state: Path) -> list[tuple[str, bytes]]:
    return [(str(path.relative_to(state)), path.read_bytes()) for path in state.rglob("*") if path.is_file()]


def _folders(state: Path) -> list[str]:
    return ["", *sorted(str(path.relative_to(state)) for path in state.rglob("*") if path.is_dir())]


def _place(op: Op) -> str:
    return op.path.partition("/")[0]


def _below_state(op: Op) -> Op:
    return Op(op.what, op.path.removeprefix("state").lstrip("/"), op.data, op.at, op.to.removeprefix("state/"))


def _events(disk: Disk, path: Path) -> int:
    """How many events the database holds as it is now for the programs."""
    file = disk.now[DATABASE]
    assert file is not None
    path.write_bytes(file.now)
    with contextlib.closing(sqlite3.connect(path)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone():
            return 0
        return int(database.execute("SELECT count(*) FROM event WHERE log_id = ?", [LOG]).fetchone()[0])


EXPERIMENTS = [Experiment("power cuts", power_cut, goal=2000, share=2.0, why_not=why_no_tracing)]

"""The house is in order: lint, format, types, layers, dependencies, and sizes are part of the tests."""

from __future__ import annotations

import ast
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Collection
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "backout_tui"
FILE_WARNS, FILE_FAILS = 300, 450
FUNCTION_WARNS, FUNCTION_FAILS = 40, 80
TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "dependencies": ["deptry", "."],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_finds_nothing(tool: str) -> None:
    command = TOOLS[tool]
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def test_no_file_and_no_function_is_too_long() -> None:
    """Over the first size it is worth a look (a warning), over the second the design has to change."""
    long_ones, too_long = [], []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        sizes = [(str(path.relative_to(ROOT)), text.count("\n"), FILE_WARNS, FILE_FAILS)]
        sizes += [
            (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length, FUNCTION_WARNS, FUNCTION_FAILS)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (length := (node.end_lineno or node.lineno) - node.lineno + 1)
        ]
        long_ones += [f"{name}: {size}" for name, size, warns, _ in sizes if size > warns]
        too_long += [f"{name}: {size}" for name, size, _, fails in sizes if size > fails]
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        for one in long_ones:
            warnings.warn(f"long: {one}", stacklevel=1)
    assert not too_long


def test_every_module_and_public_thing_says_what_it_is_for() -> None:
    """The packages' own `__init__` too."""
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_whoever_connects_to_a_database_closes_it() -> None:
    """`with sqlite3.connect(...)` ends a transaction and leaves the file open; of that, only Python 3.13 warns."""
    one_way_in = PACKAGE / "store" / "file" / "connection.py"  # what opens for the program; each caller closes
    left_open = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
        if path != one_way_in
        for line in _connects_without_closing(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert left_open == [], "say closing(sqlite3.connect(...)), in a test by_hand(...)"


def _connects_without_closing(tree: ast.Module) -> list[int]:
    closed = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("closing")
        for argument in node.args
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sqlite3.connect" and id(node) not in closed
    ]


def test_only_two_places_know_escape_sequences() -> None:
    """The terminal's room, which sends them, and what makes the output of a command harmless, which takes them out."""
    knows = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and "\\x1b" in repr(node.value)
    }
    assert {path for path in knows if not path.startswith("ui/terminal/")} == {
        "engine/printed/cleaning.py",
        "engine/printed/forms.py",
    }


# ── rooms ─────────────────────────────────────────────────────────────────────────────────────────────────────────

MOST_IN_A_ROOM, MOST_SMALL, SMALL = 22, 40, 60
LIKES = ("checks", "channels", "trackers", "verbs", "cli")
"""Rooms in which each file stands for one thing of a kind, however small it is."""


def _name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _room_of(name: str) -> str:
    """`domain.plan` of everything in it; a file that stands in no room is one by itself."""
    return ".".join(name.split(".")[1:3])


def _files() -> dict[str, Path]:
    """Every file of the package by its module's name, but for the packages' own and the database's old versions."""
    found = (path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" and "versions" not in path.parts)
    return {_name_of(path): path for path in found}


def _imports(path: Path, files: Collection[str], *, at_once: bool) -> set[str]:
    """Which of `files` one of them imports; `at_once`: as soon as it is imported itself, and not only for its types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(tree.body if at_once else ast.walk(tree))
    named = {
        name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        for name in (node.module, f"{node.module}.{alias.name}")
    }
    return (named & set(files)) - {_name_of(path)}


def test_no_import_runs_in_a_circle() -> None:
    """From room to room none at all; within one, what is imported for types or inside a function is no tie."""
    files = _files()
    arrows = {
        name: {
            other
            for other in _imports(path, files, at_once=False)
            if _room_of(other) != _room_of(name) or other in _imports(path, files, at_once=True)
        }
        for name, path in files.items()
    }
    TopologicalSorter(arrows).prepare()  # CycleError names the files of a circle


def test_a_name_is_used_once_so_that_one_search_finds_it() -> None:
    counted = Counter(path.stem for path in _files().values())
    assert [name for name, count in counted.items() if count > 1] == []


def test_no_room_is_a_crowd() -> None:
    counted = Counter(path.parent.relative_to(ROOT) for path in _files().values())
    assert {str(room): count for room, count in counted.items() if count > MOST_IN_A_ROOM} == {}


def test_small_files_that_only_one_neighbour_uses_join_it() -> None:
    files = _files()
    users = Counter(other for path in files.values() for other in _imports(path, files, at_once=False))
    small = [
        name
        for name, path in files.items()
        if users[name] == 1 and path.read_text(encoding="utf-8").count("\n") < SMALL and not _stands_among_likes(path)
    ]
    assert len(small) <= MOST_SMALL, small


def _stands_among_likes(path: Path) -> bool:
    return any(room in LIKES for room in path.relative_to(PACKAGE).parts[:-1])


def test_each_room_says_in_a_few_words_what_lives_there_and_what_may_not() -> None:
    rooms = {path.parent for path in _files().values()} - {PACKAGE}
    said = {room: ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) for room in rooms}
    assert {str(room): words for room, words in said.items() if not 10 <= len((words or "").split()) <= 60} == {}

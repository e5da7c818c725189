"""The house is in order: lint, format, types, layers, dependencies, and sizes are part of the tests."""

from __future__ import annotations

import ast
import subprocess
import sys
import warnings
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

"""Imports point left only, and never in a circle: the syntax trees of all rooms are walked."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ["laborreg", "officers", "villages", "brokers", "jobs", "workers", "support", "reports"]


def modules() -> dict[str, Path]:
    """Dotted name → file, for every module of every room."""
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@cache
def imported_by(module: str) -> frozenset[str]:
    """The modules of our rooms that a module imports anywhere in it, within functions too."""
    return frozenset(_named_in(ast.parse(MODULES[module].read_text(encoding="utf-8")), module))


def _named_in(tree, module):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_ours(alias.name) for alias in node.names if _ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, module)
            for alias in node.names:
                if found := _ours(f"{source}.{alias.name}") or _ours(source):
                    yield found


def _absolute(node, module):
    """`from . import x` in a.b.c is a.b; in a package it is the package."""
    if not node.level:
        return node.module
    is_package = MODULES[module].name == "__init__.py"
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _ours(name):
    return name if name in MODULES else None


def room_of(module: str) -> str:
    return module.split(".")[0]


def test_every_room_stands_in_the_order():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= set(ROOMS)


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / room).is_dir()])
def test_a_room_imports_only_what_stands_left_of_it(room):
    rightwards = [
        f"{module} imports {other}"
        for module in sorted(MODULES) if room_of(module) == room
        for other in sorted(imported_by(module)) if ROOMS.index(room_of(other)) > ROOMS.index(room)
    ]
    assert rightwards == []


def test_no_module_imports_itself_by_a_detour():
    try:
        TopologicalSorter({module: imported_by(module) - {module} for module in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_walk_sees_imports_within_functions_and_relative_ones():
    late = "def late():\n    from officers import roles\n    from .clock import today\n    import villages.scope"
    assert set(_named_in(ast.parse(late), "laborreg.codes")) == {"officers.roles", "laborreg.clock", "villages.scope"}

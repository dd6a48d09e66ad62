"""docs/security.md has a row for every goal, and names tests and commands that exist."""

import importlib
import re

import pytest

from tests.test_rooms import ROOT

HOW_MANY = {"AC": 12, "IN": 8, "IM": 13, "AU": 11, "PR": 7, "WF": 6, "RE": 12, "OP": 4}
IDS = [f"{area}-{number:02}" for area, most in HOW_MANY.items() for number in range(1, most + 1)]
ROW = re.compile(r"^\| ([A-Z]{2}-\d\d) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "security.md").read_text())


def test_every_goal_has_one_row():
    assert [row[0] for row in ROWS] == IDS


@pytest.mark.parametrize(("goal", "shown_by", "met"), [(goal, shown_by, met) for goal, _tried, shown_by, met, _fig in ROWS])
def test_what_shows_it_is_there(goal, shown_by, met):
    assert re.match("yes|partly: |no: ", met), met
    tests = re.findall(r"`(tests/[\w/]+\.py)((?:::\w+)+)`", shown_by)
    commands = re.findall(r"`python -m ([\w.]+)[^`]*`", shown_by)
    for path, names in tests:
        found = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        for name in names.split("::")[1:]:
            found = getattr(found, name)
    for module in commands:
        assert importlib.import_module(module).__doc__, module
    assert tests or commands or met.startswith("no: "), "nothing shows it"
    others = {said for said in re.findall("`([^`]+)`", shown_by) if not said.startswith(("tests/", "python -m "))}
    assert others <= {"bandit -ll", "semgrep", ".ci/run"}, others

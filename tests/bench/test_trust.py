"""The rows of the security table say what is run."""

import sys

import pytest

from bench import trust

TABLE = """
| id | what is tried | what shows it | met | figure |
|---|---|---|---|---|
| AC-01 | `views` | every view declares: `tests/test_matrix.py::test_declared`, `tests/officers/test_pages.py` | yes | 0 |
| RE-01 | kill -9 | `python -m tests.faults.kill_import` | yes | 200 of 200 |
| LOAD | an office | `.venv/bin/python -m bench.load --seconds 60` and `tests/bench` | partly: on one machine | |
| OP-03 | reading | – | no: read by nobody | – |
"""


def test_tests_and_scripts_are_taken_from_between_the_backticks():
    found = {goal.name: (goal.tests, goal.scripts) for goal in trust.goals(TABLE)}
    assert found == {
        "AC-01": (["tests/test_matrix.py::test_declared", "tests/officers/test_pages.py"], []),
        "RE-01": ([], ["tests.faults.kill_import"]),
        "LOAD": (["tests/bench"], ["bench.load --seconds 60"]),
        "OP-03": ([], []),
    }


def outcomes(monkeypatch, capsys, tmp_path, *args, script=(0, []), tests="passed"):
    (tmp_path / "security.md").write_text(TABLE)
    monkeypatch.setattr(trust, "TABLE", tmp_path / "security.md")
    monkeypatch.setattr(trust, "_run", lambda name, quick: script)
    results = {"tests.bench.test_trust.test_it[a]": tests, "tests.bench.b.C.c": "passed"}
    monkeypatch.setattr(trust, "_results", lambda names: results)
    monkeypatch.setattr(sys, "argv", ["trust", *args])
    with pytest.raises(SystemExit) as ended:
        trust.main()
    return ended.value.code, capsys.readouterr().out.split("\n\n")[-1].splitlines()


def test_a_goal_says_what_its_script_says_of_it(monkeypatch, capsys, tmp_path):
    said = 0, ["RE-01  9 of 10 kills  FAIL", "(load average 1.0 on 2 cores)"]
    code, lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "RE-01,OP-03", script=said)
    assert code
    assert [line.strip() for line in lines if line.strip()] == ["RE-01  not  9 of 10 kills", "OP-03  not  no: read by nobody"]


def test_a_script_that_needs_another_database_is_left_to_a_hand(monkeypatch, capsys, tmp_path):
    said = 1, ["Name a PostgreSQL in DATABASE_URL."]
    code, lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "RE-01", script=said)
    assert not code
    assert "RE-01  by hand" in lines[-1]


def test_one_failing_test_is_enough(monkeypatch, capsys, tmp_path):
    said = 0, ["LOAD  p95 90 ms  pass"]
    code, lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "LOAD", tests="failure", script=said)
    assert code
    assert "LOAD  not  1 failure, 1 passed; p95 90 ms" in lines[-1]


def test_a_row_that_says_partly_does_not_pass(monkeypatch, capsys, tmp_path):
    code, lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "LOAD", script=(0, ["LOAD  p95 90 ms  pass"]))
    assert not code
    assert "LOAD  partly  2 passed; p95 90 ms; partly: on one machine" in lines[-1]


def test_a_test_that_did_not_run_shows_nothing(monkeypatch, capsys, tmp_path):
    code, lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "AC-01")
    assert code
    assert "tests/test_matrix.py::test_declared did not run" in lines[-1]


def test_a_goal_that_has_no_row_is_told(monkeypatch, capsys, tmp_path):
    code, _lines = outcomes(monkeypatch, capsys, tmp_path, "--only", "XX-99")
    assert "has no row of XX-99" in code

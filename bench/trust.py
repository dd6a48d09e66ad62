"""Goal by goal, what docs/security.md says shows it: .venv/bin/python -m bench.trust [--quick] [--only ID,ID]

That table is the only list: its rows are `| id | what shows it | met | figure |`, and what stands between backticks in the
second column is run, tests together by pytest and each script once, however many goals name it. A goal passes where all of
that passes; `by hand` is one whose row names nothing to run, or a script that cannot run here, with its words.
"""

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TABLE = Path("docs/security.md")
GOAL = re.compile(r"[A-Z]{2,4}-?\d*")
COMMAND = re.compile(r"python -m (?P<script>(?:bench|tests\.faults)\.\w+[^`]*)$")
TEST = re.compile(r"tests/[\w/]+(?:\.py)?(?:::\w+)*$")


@dataclass
class Goal:
    name: str
    shown_by: str
    tests: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """`state`: pass, not, or by hand; `figure` is what was said last of the goal."""

    state: str
    figure: str


def goals(text) -> list[Goal]:
    """The rows of the table, in its order."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and len(cells) >= 3 and GOAL.fullmatch(cells[0]):
            found.append(_goal(cells[0], cells[1]))
    return found


def _goal(name, shown_by) -> Goal:
    goal = Goal(name, shown_by)
    for said in re.findall(r"`([^`]+)`", shown_by):
        if command := COMMAND.search(said):
            goal.scripts.append(command["script"].strip())
        elif TEST.fullmatch(said):
            goal.tests.append(said)
    return goal


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--only", default="", metavar="ID,ID")
    asked = asked.parse_args()
    only = set(filter(None, asked.only.split(",")))
    chosen = [goal for goal in goals(TABLE.read_text()) if not only or goal.name in only]
    if missing := only - {goal.name for goal in chosen}:
        raise SystemExit(f"{TABLE} has no row of {', '.join(sorted(missing))}.")
    outcomes = [(goal, _shown(goal, asked.quick)) for goal in chosen]
    print()
    for goal, outcome in outcomes:
        print(f"{goal.name}  {outcome.state}  {outcome.figure}")
    sys.exit(any(outcome.state == "not" for _goal, outcome in outcomes))


def _shown(goal, quick) -> Outcome:
    if not goal.tests and not goal.scripts:
        return Outcome("by hand", goal.shown_by)
    shown = [_tested(tuple(goal.tests))] if goal.tests else []
    shown += [_of_script(goal.name, script, quick) for script in goal.scripts]
    states = {outcome.state for outcome in shown}
    state = next(state for state in ("not", "by hand", "pass") if state in states)
    return Outcome(state, "; ".join(outcome.figure for outcome in shown))


@cache
def _tested(tests) -> Outcome:
    print(f"… {' '.join(tests)}", flush=True)
    run = subprocess.run([sys.executable, "-m", "pytest", *tests], stdout=subprocess.PIPE, text=True)
    last = run.stdout.strip().splitlines()[-1:] or ["said nothing"]
    return Outcome("not" if run.returncode else "pass", last[0].strip("= "))


def _of_script(goal, script, quick) -> Outcome:
    """The line that the script says of this goal; without one its last, and how it ended."""
    code, lines = _run(script, quick)
    for line in reversed(lines):
        if line.startswith(f"{goal}  "):
            figure, _space, verdict = line.removeprefix(goal).strip().rpartition("  ")
            return Outcome("pass" if verdict == "pass" else "not", figure)
    last = lines[-1] if lines else "said nothing"
    if code and last.startswith("Name a PostgreSQL"):
        return Outcome("by hand", f"{last} python -m {script}")
    return Outcome("not" if code else "pass", last)


@cache
def _run(script, quick) -> tuple[int, list[str]]:
    words = script.split()
    if quick and _takes_quick(words[0]) and "--quick" not in words:
        words.append("--quick")
    print(f"… python -m {' '.join(words)}", flush=True)
    run = subprocess.run(
        [sys.executable, "-m", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    return run.returncode, run.stdout.strip().splitlines()


def _takes_quick(module) -> bool:
    return "--quick" in Path(*module.split(".")).with_suffix(".py").read_text()


if __name__ == "__main__":
    main()

"""Goal by goal, what docs/security.md says shows it: .venv/bin/python -m bench.trust [--quick] [--only ID,ID]

That table is the only list: its rows are `| id | what is tried | what shows it | met | figure |`, and what stands between
backticks in the third column is run, tests together by pytest and each script once, however many goals name it. A goal
passes where all of that passes and the table says that nothing is wanting; `partly` is one of which something was not tried
or does not hold, `by hand` one whose script cannot run here, each with its words. Most scripts work on a copy of the database
that is configured: of a demo (`./run`, or `manage.py seed small`).
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

TABLE = Path("docs/security.md")
GOAL = re.compile(r"[A-Z]{2,4}-?\d*")
COMMAND = re.compile(r"python -m (?P<script>(?:bench|tests\.faults|tests\.sweeps)\.\w+[^`]*)$")
TEST = re.compile(r"tests/[\w/]+(?:\.py)?(?:::\w+)*$")


@dataclass
class Goal:
    name: str
    met: str
    tests: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """`state`: pass, partly, not, or by hand; `figure` is what was said last of the goal."""

    state: str
    figure: str


def goals(text) -> list[Goal]:
    """The rows of the table, in its order."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and len(cells) == 5 and GOAL.fullmatch(cells[0]):
            found.append(_goal(cells[0], cells[2], cells[3]))
    return found


def _goal(name, shown_by, met) -> Goal:
    goal = Goal(name, met)
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
    results = _results(sorted({test for goal in chosen for test in goal.tests}))
    outcomes = [(goal, _shown(goal, results, asked.quick)) for goal in chosen]
    print()
    for goal, outcome in outcomes:
        print(f"{goal.name}  {outcome.state}  {outcome.figure}")
    sys.exit(any(outcome.state == "not" for _goal, outcome in outcomes))


def _shown(goal, results, quick) -> Outcome:
    if goal.met.startswith("no"):
        return Outcome("not", goal.met)
    shown = [_tested(goal.tests, results)] if goal.tests else []
    shown += [_of_script(goal.name, script, quick) for script in goal.scripts]
    states = {outcome.state for outcome in shown}
    state = next(state for state in ("not", "by hand", "pass") if state in states)
    said = [outcome.figure for outcome in shown]
    if state == "pass" and goal.met.startswith("partly"):
        state, said = "partly", [*said, goal.met]
    return Outcome(state, "; ".join(said))


def _results(tests) -> dict[str, str]:
    """Name of each test that ran → passed, failed, error or skipped; all in one go of pytest."""
    if not tests:
        return {}
    print(f"… pytest, {len(tests)} tests that the table names", flush=True)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junit-xml={report}", *tests], stdout=sys.stderr)
        cases = ElementTree.parse(report).iter("testcase")
        return {f"{case.get('classname')}.{case.get('name')}": case[0].tag if len(case) else "passed" for case in cases}


def _tested(tests, results) -> Outcome:
    """Of one that was parametrized or holds others, all that ran."""
    ended = Counter(state for test in tests for name, state in results.items() if _is_of(name, test))
    unseen = [test for test in tests if not any(_is_of(name, test) for name in results)]
    told = [f"{n} {state}" for state, n in sorted(ended.items())] + [f"{test} did not run" for test in unseen]
    return Outcome("pass" if not unseen and set(ended) <= {"passed", "skipped"} else "not", ", ".join(told))


def _is_of(name, test) -> bool:
    dotted = test.removesuffix("/").replace(".py", "").replace("/", ".").replace("::", ".")
    return name == dotted or name.startswith((f"{dotted}.", f"{dotted}["))


def _of_script(goal, script, quick) -> Outcome:
    """The lines that the script says of this goal; without one its last, and how it ended."""
    code, lines = _run(script, quick)
    said = [line.removeprefix(goal).strip().rpartition("  ") for line in lines if line.startswith(f"{goal}  ")]
    if said:
        is_met = all(verdict == "pass" for _figure, _space, verdict in said)
        return Outcome("pass" if is_met else "not", "; ".join(figure.strip() for figure, _space, _verdict in said))
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

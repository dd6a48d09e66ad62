"""What no reader should have to look for: where markup is trusted, where SQL is written, and what is written nowhere.

bandit and semgrep read the rest (.ci/run, tests/rules). Bandit's rules on SQL are left out in pyproject.toml, since these files
are known here and every statement is watched as it reaches the database (tests.matrix.walker.InStatements).
"""

import ast
import re

import pytest

from tests.test_rooms import MODULES, ROOT

# A text that goes onto the page as it is: drawn by ourselves, every word inside escaped.
TRUSTED_MARKUP = {"laborreg.charts.svg", "laborreg.marks"}
# Files in which a statement is written out. Names in it come from our own lists, values go beside it.
SQL = {
    "laborreg.bulk", "laborreg.rotating", "officers.backups.databases", "officers.health", "officers.kept",
    "reports.analysis.names", "reports.seed.recording", "reports.tables.counting", "reports.tables.names",
    "reports.totals", "support.counting", "villages.lineage", "workers.daily", "workers.doubts.asking", "workers.duplicates",
    "workers.led", "workers.models.sheets",
}
NOWHERE = re.compile(
    r"\bcsrf_exempt\b|\beval\(|(?<!\.)\bexec\(|\bos\.system\(|shell=True|\bos\.popen\(|yaml\.load\(|verify=False"
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def calls(tree):
    """The last part of the name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def those_that_call(*names) -> set[str]:
    trees = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
    return {module for module, tree in trees.items() if set(names) & set(calls(tree)) and ".migrations." not in module}


def test_markup_is_trusted_where_it_is_drawn_and_nowhere_else():
    assert those_that_call("mark_safe", "SafeString", "SafeText") == TRUSTED_MARKUP


def test_sql_is_written_in_known_files():
    found = those_that_call("execute", "executemany", "RawSQL", "extra")
    # `execute` of a command of Django's, and `raw` of a part of a package, are no SQL.
    assert found - {"officers.commands"} == SQL


def test_every_lock_on_a_row_lets_others_refer_to_it():
    """A foreign key locks the row that it names when its transaction commits, and by then that holds the head of the trail.

    A lock that keeps it out while its owner still waits for the head is a deadlock.
    """
    found = [
        f"{module}: {ast.unparse(node)}" for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update"
        and "no_key=True" not in map(ast.unparse, node.keywords)
    ]
    assert found == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_what_is_written_nowhere(module):
    assert not NOWHERE.findall(MODULES[module].read_text(encoding="utf-8"))


def test_every_program_that_is_begun_is_a_list():
    """No shell reads what somebody typed: the command is a list, or one that a caller of ours made as a list."""
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("subprocess.run", "subprocess.Popen"):
                assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp), f"{module}: {ast.unparse(node)}"
                assert all(keyword.arg != "shell" for keyword in node.keywords), module


def test_no_view_asks_for_every_row_of_people():
    """Rows of officers, villages and people are asked for through `visible_to`; a view that takes all of a table is a hole."""
    found = {
        module for module, path in MODULES.items()
        if ".views" in module and re.search(r"\b(?:Worker|Household|Transfer|Phone|Registration|UnnamedGroup|Batch|Roster|Draft|"
                                            r"Broker|Claim|MonthlyReturn|AuditEvent)\.objects\.all\(\)", path.read_text())
    }
    assert found == set()


def test_every_workbook_leaves_texts_as_they_were_typed():
    made = [line for path in MODULES.values() for line in path.read_text().splitlines() if "xlsxwriter.Workbook(" in line]
    assert made and all("AS_TYPED" in line for line in made)


def test_no_template_takes_a_text_for_markup():
    assert [str(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape off|safeseq", path.read_text())] == []
    assert len(TEMPLATES) > 100


def test_no_script_writes_markup():
    script = (ROOT / "static" / "app.js").read_text()
    assert re.findall(r"insertAdjacentHTML|document\.write|\beval\(|new Function|outerHTML\s*=", script) == []


def test_every_form_that_writes_carries_its_token():
    for path in TEMPLATES:
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", path.read_text(), re.DOTALL):
            assert "csrf_token" in form, f"{path}: {form[:200]}"

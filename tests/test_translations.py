"""The Chinese catalog holds every sentence of the source, whole, with its placeholders, and compiled."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

import brokers.codes
import officers.details
import officers.roles
import officers.verbs
import reports.checks
import reports.models
import reports.workbook.columns
import workers.codes
import workers.ledger
import workers.regions
import workers.standing

ROOT = Path(settings.BASE_DIR)
ROOMS = ["laborreg", "officers", "villages", "brokers", "jobs", "workers", "support", "reports", "templates"]
FOLDER = Path("locale") / "zh_Hans" / "LC_MESSAGES"
CATALOG = polib.pofile(str(ROOT / FOLDER / "django.po"))
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+0-9.]*[a-zA-Z]|\{\w*\}|</?\w+>")
# What stays in Latin letters in a Chinese sentence: formats, a command, the letters of an account or an ID number.
LATIN = {
    "UTF", "GBK", "CSV", "Excel", "X", "a", "z", "manage.py", "load_places", "csv", "WPS", "ID", "PDF", "JPEG", "PNG", "MB",
    "xlsx", ".xlsx", "xlsb", "xls", "ods", "Strict", "Open", "XML", "SHA", "area", "Word", "Wilson",
    # Standards (GB/T 4754 and its sections), and words that are written into a blank or a question as they are.
    "GB", "T", "A", "B", "E", "F", "each", "township", "income", "source", "month", "today", "rows", "columns", "filter",
    "measure",
    # What is typed on the server, and where its book says so.
    "work", "migrate", "backup", "health", "json", "healthz", "ask", "reason", "replace", "run", "systemctl", "start", "stop",
    "registry", "verify_audit", "deploy", "when.md",
    "ALTER", "ROLE", "CREATEDB", "PostgreSQL", "LABORREG_KEYS", "DATABASE_URL", "docs",
    "deploy.md", "JSON",
}
# makemessages gathers these names only; see laborreg.management.commands.makemessages.
GATHERED = {"_", "_l", "_now"}
NO_GETTEXT = "There is no gettext here (as root: apt install gettext), so nobody knows whether a sentence is missing."


def key_of(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def chinese_of(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_every_sentence_of_the_source_is_in_the_catalog(tmp_path):
    if shutil.which("xgettext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_GETTEXT)
        warnings.warn(NO_GETTEXT, stacklevel=1)
        pytest.skip(NO_GETTEXT)
    there = {key_of(entry) for entry in CATALOG}
    said = {key_of(entry) for entry in gathered(tmp_path)}
    assert said - there == set(), "run manage.py makemessages and translate these: docs/translating.md"
    assert there - said == set(), "run manage.py makemessages: nothing says these any more"


def gathered(folder: Path):
    """What makemessages finds now, in a copy: it writes beside the templates."""
    only = shutil.ignore_patterns("__pycache__", "migrations")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=only)
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "locale").mkdir()
    surroundings = os.environ | {
        "LABORREG_DATA": str(folder / "data"), "LABORREG_KEYS": str(folder / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "laborreg.settings", "DATABASE_URL": "sqlite://:memory:",
    }
    command = [sys.executable, "manage.py", "makemessages", "-v0"]
    subprocess.run(command, cwd=folder, env=surroundings, check=True, capture_output=True)
    return polib.pofile(str(folder / FOLDER / "django.po"))


def test_every_name_for_gettext_is_gathered():
    wrong = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for function, name in re.findall(r"\b(\w*gettext(?:_lazy|_noop)?) as (\w+)", path.read_text("utf-8")):
                if name not in GATHERED or function not in ("gettext", "gettext_lazy"):
                    wrong.append(f"{path.relative_to(ROOT)}: {function} as {name}")
    assert wrong == []


def test_nothing_is_untranslated_or_guessed():
    assert [key_of(entry) for entry in CATALOG if not entry.translated() or entry.fuzzy] == []


def test_placeholders_and_tags_are_kept():
    wrong = []
    for entry in CATALOG:
        asked = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        wrong += [(entry.msgid, text) for text in chinese_of(entry) if set(PLACEHOLDER.findall(text)) != asked]
    assert wrong == []


def test_the_compiled_catalog_is_the_written_one():
    compiled = {key_of(entry): chinese_of(entry) for entry in polib.mofile(str(ROOT / FOLDER / "django.mo"))}
    assert compiled == {key_of(entry): chinese_of(entry) for entry in CATALOG}, "run manage.py compilemessages"


def test_chinese_sentences_hold_no_english():
    wrong = []
    for entry in CATALOG:
        for text in chinese_of(entry):
            bare = PLACEHOLDER.sub(" ", text.replace("%%", " "))
            wrong += [(entry.msgid, text) for word in re.findall(r"[A-Za-z][A-Za-z_.]*", bare) if word not in LATIN]
    assert wrong == []


def test_chinese_punctuation_is_full_width():
    beside = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
    assert [text for entry in CATALOG for text in chinese_of(entry) if beside.search(text)] == []


def labels():
    """Words that are stored as codes and shown in every list, form and workbook."""
    choices = [
        brokers.codes.KINDS, brokers.codes.BACKGROUNDS, officers.roles.ROLES, reports.models.MonthlyReturn.STATES,
        *(value for name, value in vars(workers.codes).items() if name.isupper() and name != "ETHNIC_GROUPS"),
    ]
    for pairs in choices:
        if isinstance(pairs, list) and isinstance(pairs[0], tuple):
            yield from (label for _value, label in pairs)
    for words in (officers.roles.POWERS, officers.verbs.VERBS, officers.verbs.KINDS, officers.details.DETAILS,
                  reports.checks.TITLES, workers.regions.REGIONS):
        yield from words.values()
    yield from (tag[0] for tag in workers.standing.TAGS.values())
    yield from (figure.label for figure in workers.ledger.FIGURES)
    for column in reports.workbook.columns.COLUMNS:
        yield from (column.group, column.heading)


@pytest.mark.parametrize("label", [*labels()], ids=str)
def test_words_of_codes_and_figures_are_chinese(label):
    assert isinstance(label, Promise), "not marked for translation"
    with override("en"):
        english = str(label)
    with override("zh-hans"):
        assert str(label) != english
        assert re.search(r"[\u4e00-\u9fff]", str(label))


def test_the_scripts_bring_no_words_of_their_own():
    """What a script shows comes with the page, in its language."""
    shown = re.compile(
        r"""(?:\.(?:textContent|innerText|innerHTML|title|ariaLabel|placeholder)\s*=\s*|(?:alert|confirm|prompt)\(\s*"""
        r"""|setAttribute\(\s*["'](?:aria-label|title|placeholder|alt)["']\s*,\s*)["'`][^"'`]*[A-Za-z]"""
    )
    found = {path.name: shown.findall(path.read_text("utf-8")) for path in (ROOT / "static").glob("*.js")}
    assert found and not any(found.values())

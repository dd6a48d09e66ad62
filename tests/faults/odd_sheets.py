"""Every odd workbook that the tests can make, uploaded to a real server: .venv/bin/python -m tests.faults.odd_sheets [--quick]

IM-01: of no upload an answer of 5xx or none, more than sixty seconds, a server's process that died, or a word of our inside; and
nothing of any in the ledger. IM-02: whoever sends one that is refused reads, in Chinese, the sentence that names this fault and
the way out. The files: everything that tests/laborreg/sheets makes (locked, binary, with macros, strict, broken, no spreadsheet
at all, bombs, liars, open documents), old workbooks with days from 1904, sheets of charts, hidden ones, another template, more
than 40 MB and than 300,000 rows, and workbooks damaged at random in one of their parts or in their archive.

Works on a copy of the demo that is configured and throws it away. `--quick` damages ten instead of a hundred at random.
"""

import html
import os
import random
import re
import sys
from collections import Counter, namedtuple
from pathlib import Path
from statistics import median

from bench import server

DAMAGED, QUICK_DAMAGED = 100, 10
MOST_SECONDS = 60
INSIDE = re.compile(
    rf"Traceback|\w+(?:Exception|Error)\b|/tmp/|{re.escape(str(Path.cwd()))}|site-packages|calamine|lxml|zipfile|sqlite|psycopg"
    r"|0x[0-9a-f]{6}"
)
# `code` is that of the refusal, "" where the file can be read, None where either may be; `words` what is read besides.
Case = namedtuple("Case", "name content code words", defaults=("",))
Seen = namedtuple("Seen", "case answers wrong")
STILL_MISSING = "还缺"
# What may be said of a file that is damaged at random.
ANY = ["corrupt", "bomb", "empty", "type", "macro", "encrypted", "characters", "strict", "xlsb", "too_long", "html"]


def main():
    random.seed(19)
    findings = server.Findings()
    with server.copied() as folder:
        from officers.models import Officer
        from workers.models import Worker

        Officer.objects.update(language="zh-hans")
        session, village = server.officers()[0]
        before = Worker.objects.count()
        cases = list(_cases(folder, QUICK_DAMAGED if "--quick" in sys.argv else DAMAGED))
        with server.serving() as running:
            began = _workers(running)
            seen = [_upload(running.port, session, village, case) for case in cases]
            died = len(began - _workers(running)) + _read_the_rest()
        written = Worker.objects.count() - before
    for each in seen:
        if each.wrong:
            print(f"{each.case.name}: {each.wrong}", file=sys.stderr)
    _say_answers(findings, seen, died, written)
    _say_sentences(findings, [each for each in seen if each.case.code or each.case.words])
    findings.leave()


def _workers(running) -> set[int]:
    """gunicorn's processes; those in which a file is read come and go."""
    return {
        pid for pid in server._of_group(running.process.pid)
        if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


def _read_the_rest() -> int:
    """The worker, and every sheet that it neither read nor refused in words."""
    from workers.models import Batch

    work = server.worker("--batch")
    code = work.process.wait()
    left = Batch.objects.filter(state="staging").count() + Batch.objects.filter(state="failed", failure="").count()
    return left + (code != 0)


# The files.


def _cases(folder, damaged):
    from tests.laborreg.sheets import builders, test_hostile, test_refusals

    one = builders.row(1, builders.inline("姓名"))
    for place, (content, code) in enumerate(_values_of(test_refusals.test_files_that_are_no_archive)):
        yield Case(f"no archive {place}", content, code)
    for place, (more, code) in enumerate(_values_of(test_refusals.test_workbooks_of_other_kinds_and_broken_ones)):
        yield Case(f"workbook {place}", builders.xlsx(folder, one, more=more).read_bytes(), code)
    for place, (about, code) in enumerate(_values_of(test_refusals.test_open_documents)):
        rows = builders.ods_row(builders.ods_cell("x"))
        yield Case(f"open document {place}", builders.ods(folder, rows, **about).read_bytes(), code)
    for place, about in enumerate(_values_of(test_hostile.test_bombs_are_refused_within_seconds)):
        yield Case(f"bomb {place}", builders.xlsx(folder, **about).read_bytes(), "bomb")
    for place, rows in enumerate(_values_of(test_hostile.test_open_documents_that_repeat_beyond_measure)):
        yield Case(f"repeating {place}", builders.ods(folder, rows).read_bytes(), "bomb")
    for said in _values_of(test_hostile.test_what_a_sheet_says_of_its_size_is_not_believed):
        liar = builders.xlsx(folder, test_hostile.FIVE_HUNDRED, before=f'<dimension ref="{said}"/>')
        yield Case(f"liar {said}", liar.read_bytes(), "")
    yield from _large(folder)
    yield from _exotic(folder)
    yield from _damaged_at_random(folder, damaged)


def _values_of(test) -> list:
    [mark] = [each for each in test.pytestmark if each.name == "parametrize"]
    return mark.args[1]


def _large(folder):
    from laborreg.sheets import faults
    from tests.laborreg.sheets import builders

    yield Case("more than 40 MB", os.urandom(faults.LARGEST_FILE + 1), "too_large")
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, faults.MOST_ROWS + 2))
    yield Case("300,001 rows", builders.xlsx(folder, rows).read_bytes(), "too_long")
    yield Case("300,001 lines", b"1,2\n" * (faults.MOST_ROWS + 1), "too_long")
    rows = builders.ods_row(builders.ods_cell("x"), times=400_000)
    yield Case("400,000 open", builders.ods(folder, rows).read_bytes(), "too_long")


def _exotic(folder):
    from tests.laborreg.sheets import builders, office_book, test_reading

    for path in sorted(test_reading.FILES.glob("*.xls")):
        yield Case(path.name, path.read_bytes(), "")
        yield Case(f"half of {path.name}", path.read_bytes()[: path.stat().st_size // 2], None)
    book = office_book.rich_book()
    yield Case("merged, rich, with pictures", book, "")
    yield Case("cut off", book[: len(book) // 2], "corrupt")
    yield Case("another template", "日期,品名,数量\n2026-01-01,化肥,3\n".encode(), "", STILL_MISSING)
    one, days = builders.row(1, builders.inline("姓名")), '<workbookPr date1904="1"/>'
    yield Case("days from 1904", builders.xlsx(folder, one, workbook=days).read_bytes(), "")
    yield Case("GBK", "姓名,身份证号\n马一,1\n".encode("gb18030"), "")
    yield Case("UTF-16", "姓名\t身份证号\n马一\t1\n".encode("utf-16"), None)
    yield from _of_charts_and_hidden()


def _of_charts_and_hidden():
    import io

    import xlsxwriter

    for name in ("a sheet of charts", "all but one hidden"):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            sheet, other = book.add_worksheet("表"), book.add_worksheet("藏")
            sheet.write_row(0, 0, ["姓名", "身份证号"])
            other.write_row(0, 0, ["月", 3])
            other.very_hidden()
            if "charts" in name:
                chart = book.add_chart({"type": "column"})
                chart.add_series({"values": "=藏!$B$1:$B$1"})
                book.add_chartsheet("图").set_chart(chart)
        yield Case(name, content.getvalue(), "")


def _damaged_at_random(folder, many):
    """As test_fuzz damages them, by its pieces."""
    from tests.laborreg.sheets import test_fuzz

    for place in range(many):
        kind, part = random.choice(["xlsx", "xlsx", "ods"]), random.randint(-1, 6)
        damage = random.random(), random.randint(0, 30), random.choice(test_fuzz.PIECES)
        yield Case(f"damaged {place}", test_fuzz.made(folder, kind, part, *damage).read_bytes(), None)


# What came of them.


def _upload(port, session, village, case) -> Seen:
    """The file is sent; one that is taken is looked at, matched as it is proposed, and so far as it goes given to be read."""
    from workers.models import Batch

    newest = Batch.objects.order_by("pk").last()
    typed = {"kind": "workers", "place": village}
    answers = [server.send_file(port, session, "/people/sheets/new/", typed, "file", case.content, "sheet.xlsx")]
    batch = Batch.objects.order_by("pk").last()
    if answers[0].status == 302 and batch != newest:
        columns = f"/people/sheets/{batch.pk}/columns/"
        answers += [server.look(port, session, columns), server.post(port, session, columns, {})]
    return Seen(case, answers, _wrong(case, answers))


def _wrong(case, answers) -> str:
    bodies = [html.unescape(answer.body.decode("utf-8", "replace")) for answer in answers]
    statuses = [answer.status for answer in answers]
    if not set(statuses) <= {200, 302, 413}:
        return f"answered {statuses}"
    if inside := next(filter(None, map(INSIDE.search, bodies)), None):
        return f"shows {inside[0]}"
    if case.code is not None and (statuses[0] == 302) == bool(case.code):
        return f"answered {statuses} where {case.code or 'a file that can be read'} was expected"
    if case.code is None and statuses[0] != 302:
        return "" if any(_sentence(code) in bodies[0] for code in ANY) else "refused without a sentence"
    wanted = _sentence(case.code) if case.code else case.words
    return "" if wanted in bodies[-1] else f"does not say {wanted}"


def _sentence(code) -> str:
    """As the officer reads it; the only row that is ever named is the second."""
    from django.utils.translation import override

    from laborreg.sheets.faults import NotTaken

    with override("zh-hans"):
        return str(NotTaken(code, row=2))


def _say_answers(findings, seen, died, written):
    answers = [answer for each in seen for answer in each.answers]
    failed = sum(answer.status in (0, *range(500, 600)) for answer in answers)
    slow = sum(answer.seconds > MOST_SECONDS for answer in answers)
    inside = sum(each.wrong.startswith("shows") for each in seen)
    times = [each.answers[0].seconds for each in seen]
    refused = sum(each.answers[0].status != 302 for each in seen)
    wrong = [each for each in seen if each.wrong]
    findings.say("IM-01", (
        f"{len(seen)} files, {refused} refused: {failed} answers 5xx or none, {slow} over {MOST_SECONDS} s, {died} processes or "
        f"sheets died, {inside} with our inside, {len(wrong)} otherwise wrong, {written} people written; "
        f"p50 {median(times):.1f} s, the longest {max(times):.1f} s"
    ), not (failed or slow or died or inside or wrong or written))


def _say_sentences(findings, seen):
    codes = Counter(each.case.code or "another template" for each in seen)
    right = sum(not each.wrong for each in seen)
    findings.say("IM-02", f"{right} of {len(seen)} refusals of {len(codes)} kinds say in Chinese what it is and what to do "
                          f"({', '.join(sorted(codes))})", right == len(seen))


if __name__ == "__main__":
    main()

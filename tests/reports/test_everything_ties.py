"""Every number of every page, drill-down, table, workbook, blank, brief and command is that of the totals."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from unittest import mock
from urllib.parse import urljoin

from django.core.management import call_command
from django.urls import resolve, reverse
from lxml import html
from openpyxl import load_workbook

from laborreg import rounding
from laborreg.months import Month
from reports import assessment, derived, suppression, totals
from reports.analysis.flows import BY, TO, Asked, Flows
from reports.analysis.homecomings import Homecomings
from reports.analysis.structure import OF, Structure
from reports.analysis.years import Years
from reports.blanks import keys
from reports.briefs import facts, sentences
from reports.models import TRANSFERS, FiledLine, MonthlyReturn, Target
from reports.seed import blanks as shipped
from reports.tables import asking, dimensions, measures, ready
from reports.tables.counting import Question, counted
from reports.target_table import LABELS
from reports.targets import FIGURE, completion
from reports.workbook.columns import COLUMNS
from reports.workbook.sheet import FIRST_ROW
from tests.cast import COUNTY, FAR, HOME
from tests.reports.blanks.desk import book
from tests.reports.busy import TOWNSHIPS, Busy
from tests.reports.linked import NUMBER, Link, links, named, read, stated
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.areas import area_at
from workers.ledger import KEYS

MONTHS = [SEPTEMBER, OCTOBER]
AREAS = [COUNTY, "630121100", HOME]
# Pages of an area's month, each with what may be chosen on it.
PAGES = {
    "totals": ["", "?of=returns"], "figures": ["", "?of=returns"], "profile": [""], "known_now": [""],
    "structure": [f"?of={of}" for of, _label in OF], "flows": ["", "?to=prefecture&by=sex&with=2026-09"],
    "homecomings": [""], "years": ["", "?by=week", "?figure=left"],
}
# CI follows every number. At a desk, of the pages with very many of them every so-manieth, on each page others: so each
# figure once, for its page is walked twelve times.
EVERY = {} if os.environ.get("CI") == "true" else {"figures": 12, "structure": 6, "flows": 4, "known_now": 6}
# Numbers that are not that of the page behind them, and why.
OF_ANOTHER_KIND = {
    "Income per head": "a quotient: behind it stands the income that is divided",
    "Villages that are in": "how many of how many: behind it stand the villages themselves",
    "Return": "a state, no number",
}
# Pages that state no number of their own, and what stands there instead.
LISTS = {
    "board": "villages by their step", "queue": "villages that wait", "reminders": "villages that are not in",
    "known_now": "every figure as filed and as known now: the difference is a row of it",
}


class Everything(Busy):
    def build(self):
        super().build()
        for code, amount in ((COUNTY, 20), *((code, 10) for code in TOWNSHIPS)):
            Target.objects.create(
                county=self.county, area_code=code, year=2026, kind=TRANSFERS, amount=amount, number=1,
                set_by=self.zhao, set_at="2026-01-05T00:00Z",
            )

    def setUp(self):
        super().setUp()
        # Nobody asks for the contexts of the templates, and keeping them takes time.
        quick = mock.patch("django.test.client.store_rendered_templates", new=lambda *_args, **_context: None)
        quick.start()
        self.addCleanup(quick.stop)

    def figures(self, area, month):
        return totals.totals(area, month).figures

    # Pages and what stands behind their numbers.

    def addresses(self, areas) -> Iterator[tuple[str, str]]:
        """(name of the page, address)"""
        for area in areas:
            for month in MONTHS:
                for name, choices in PAGES.items():
                    if name != "profile" or len(area) == 9:
                        yield from ((name, reverse(name, args=[area, month]) + choice) for choice in choices)
                yield "targets", reverse("targets", args=[area, 2026]) + f"?month={month}"

    def walked(self, officer, areas, more=()) -> tuple[list, set[tuple[str, str]]]:
        """What does not tie, and which kinds of pages led where to."""
        self.sign_in(officer)
        self.known, turn, wrong, ways = {}, Counter(), [], set()
        for name, address in [*self.addresses(areas), *more]:
            answer = self.client.get(address)
            if answer.status_code == 404 and not officer.may("see people"):
                continue
            self.assertEqual(answer.status_code, 200, address)
            every = EVERY.get(name, 1)
            first, turn[name] = turn[name] % every, turn[name] + 1
            for link in links(answer.content.decode())[first::every]:
                if not any(link.words.startswith(words) for words in OF_ANOTHER_KIND):
                    wrong += self.untied(name, address, link)
                    ways.add((name, self.name_of(urljoin(address, link.href))))
        return wrong, ways

    def name_of(self, address) -> str:
        return resolve(address.split("?")[0].split("#")[0]).url_name

    def untied(self, name, address, link: Link) -> list[tuple]:
        target = urljoin(address, link.href)
        if self.name_of(target) in LISTS:
            return []
        says, adds = self.said(target)
        if name == "profile" and target.endswith("/figures/income/") and says != link.value:
            says, adds = self.a_head(target), None
        if name == "targets" and says is not None and says != link.value:
            says = round(says / 10_000, 2)  # income is shown in 10,000 yuan
            adds = None
        alike = says == link.value and adds in (None, says)
        return [] if alike else [(address, link.words, link.value, target, says, adds)]

    def a_head(self, target) -> int:
        """Income per head stands in the profile, and opens the income that is divided."""
        area, month = resolve(target).kwargs["area"], resolve(target).kwargs["month"]
        return rounding.whole(derived.income_per_person(self.figures(area, month)))

    def said(self, target) -> tuple[float | None, float | None]:
        if target not in self.known:
            answer = self.client.get(target)
            page = answer.content.decode()
            self.known[target] = (stated(page), named(page)) if answer.status_code == 200 else (None, answer.status_code)
        return self.known[target]

    def test_every_number_of_the_county_is_that_of_the_page_behind_it(self):
        tables = reverse("tables")
        more = [("tables", tables), ("wall", reverse("wall"))]
        wrong, ways = self.walked(self.zhao, AREAS, more)
        self.assertEqual(wrong, [])
        self.assertLessEqual({
            ("figures", "drill"), ("figures", "cell"), ("totals", "drill"), ("structure", "analysis_names"),
            ("flows", "analysis_names"), ("homecomings", "analysis_names"), ("years", "drill"), ("years", "cell"),
            ("years", "away_on"), ("tables", "table_names"), ("targets", "drill"), ("totals", "flows"), ("totals", "totals"),
        }, ways)

    def test_every_number_of_a_leader_is_that_of_the_page_behind_it(self):
        wrong, ways = self.walked(self.leader, AREAS[:1])
        self.assertEqual(wrong, [])
        self.assertIn(("totals", "drill"), ways)
        self.assertNotIn("analysis_names", {to for _name, to in ways})

    def test_every_number_of_a_station_and_of_a_village_is_that_of_the_page_behind_it(self):
        for officer, area in ((self.wang, "630121100"), (self.li, HOME)):
            wrong, ways = self.walked(officer, [area])
            self.assertEqual(wrong, [])
            self.assertLessEqual({("figures", "cell" if area == HOME else "drill"), ("structure", "analysis_names")}, ways)

    def test_what_a_township_is_assessed_on_is_its_totals_and_the_lists_behind(self):
        self.sign_in(self.zhao)
        for code in TOWNSHIPS:
            told, figures = self.assessed(code), self.figures(code, OCTOBER)
            named, at_work = figures["away"] - figures["unnamed"], figures["away"] + figures["local"]
            self.assertEqual(told[TRANSFERS][:2], (figures["transferred"], 10))
            self.assertEqual(told[assessment.NAMES][:2], (named, figures["away"]))
            self.assertEqual(told[assessment.PAY][:2], (at_work - figures["pay_missing"], at_work))
            moves = sum(self.figures(code, month)[key] for month in MONTHS for key in ("left", "came_home"))
            self.assertEqual(told[assessment.LATE][1], moves)
            for key in (assessment.ON_TIME, assessment.COMPLETE):
                part, whole, url = told[key]
                self.assertEqual(whole - part, self.listed(url), (code, key))
            self.assertEqual(told[assessment.SENT_BACK][0], self.listed(told[assessment.SENT_BACK][2]))

    def assessed(self, code) -> dict[str, tuple[int, int, str]]:
        """{component: (part, whole, what is behind)} as the page shows them."""
        page = html.fromstring(self.client.get(reverse("assessment", args=[COUNTY, 2026]) + "?month=2026-10").content.decode())
        [row] = page.xpath(f"//tbody/tr[th//a[contains(@href, '{code}')]]")
        cells = row.xpath("./td")[2:2 + len(assessment.COMPONENTS)]
        return {each.key: self.cell_told(cell) for each, cell in zip(assessment.COMPONENTS, cells, strict=True)}

    def cell_told(self, cell) -> tuple:
        said = cell.xpath("./small")[0].text.split()[:3:2]
        part, whole = (read(each) if NUMBER.fullmatch(each) else None for each in said)
        return part, whole, next(iter(cell.xpath("./a/@href")), "")

    def listed(self, url) -> int:
        return len(html.fromstring(self.client.get(url).content.decode()).xpath("//main//tbody/tr")) if url else 0

    # What the pages are made of.

    def test_structure_is_the_totals(self):
        for area in AREAS:
            for month in MONTHS:
                total = totals.totals(area, month)
                for of, _label in OF:
                    found = Structure(total, self.zhao, of)
                    self.assertEqual(found.whole, total.figures[of])
                    for table in found.tables():
                        self.assertEqual(sum(row.cell.value for row in table.rows), found.whole, (area, month, of, table.name))
                    ages = sum(cell.value for row in found.pyramid_rows() for cell in row["cells"])
                    self.assertEqual(ages, found.whole)

    def test_flows_of_every_choice_sum_to_those_away(self):
        for area in (COUNTY, HOME):
            total = totals.totals(area, OCTOBER)
            for to in TO:
                for by in BY:
                    found = Flows(total, area_at(area), self.zhao, Asked(to, by))
                    whole = total.figures["away"]
                    self.assertEqual(found.sums()["sum"].value, whole, (area, to, by))
                    self.assertEqual(sum(row["sum"].value for row in found.matrix()), whole)
                    for row in found.matrix():
                        self.assertEqual(sum(cell.value for cell in row["cells"]) + row["others"].value, row["sum"].value)
                    for lines in (found.by_place(), found.by_third()):
                        self.assertEqual(sum(line.now.value for line in lines), whole, (area, to, by))

    def test_homecomings_and_years_are_the_totals_of_their_months(self):
        for area in AREAS:
            total = totals.totals(area, OCTOBER)
            homes = Homecomings(total, self.zhao, begun=SEPTEMBER)
            for whole, part in (("came_home", "reason"), ("came_home", "origin"), ("home", "plan")):
                for row in homes.table(whole, part):
                    for month, cell in zip(homes.months, row.cells, strict=True):
                        if month in MONTHS:
                            self.assertEqual(cell.value, self.figures(area, month)[row.key], (area, row.key))
            for key in ("away", "left", "income"):
                years = Years(self.county, total, self.zhao, begun=SEPTEMBER, key=key)
                for month in MONTHS:
                    self.assertEqual(years.value(month), self.figures(area, month)[key])
                    self.assertEqual(years.by_month()[month.number - 1].cells[-1].value, self.figures(area, month)[key])

    def test_targets_say_done_what_the_totals_say(self):
        for area in AREAS:
            done = completion(area, OCTOBER)
            for kind, key in FIGURE.items():
                self.assertIn(kind, LABELS)
                self.assertEqual(done[kind].done, self.figures(area, OCTOBER)[key], (area, kind))

    # Tables.

    def test_a_table_by_any_dimension_sums_to_the_figure(self):
        for area, month in ((COUNTY, OCTOBER), (HOME, SEPTEMBER)):
            figures = self.figures(area, month)
            for measure in measures.MEASURES:
                for dimension in dimensions.DIMENSIONS if measure.figure else []:
                    found = counted(Question("month", area, month, (dimension.name,), (), (), measure.name))
                    self.assertEqual(sum(found.values()), figures[measure.figure], (area, measure.name, dimension.name))

    def test_every_ready_table_and_the_command_that_asks_it(self):
        self.sign_in(self.zhao)
        self.known = {}
        for each in ready.READY:
            question = each.question(COUNTY, OCTOBER, sees_people=True)
            with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
                json.dump(asking.spec_of(question), file)
                file.flush()
                said = json.loads(self.command("any_table", file.name, "--json"))
            measure = measures.BY_NAME[each.measure]
            if measure.figure and not each.filters:
                self.assertIn(self.figures(COUNTY, OCTOBER)[measure.figure], _numbers(said), each.measure)

    def command(self, *args) -> str:
        out = StringIO()
        call_command(*args, stdout=out)
        return out.getvalue()

    def test_the_command_of_the_totals(self):
        for area in (*AREAS, FAR):
            for month in MONTHS:
                said = json.loads(self.command("totals", area, str(month), "--json"))
                self.assertEqual(said["figures"], self.figures(area, month))

    # Workbooks and blanks.

    def test_the_workbook_shows_the_totals_of_county_and_townships(self):
        for month in MONTHS:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "out.xlsx"
                self.command("export_month", COUNTY, str(month), str(path))
                sheet = load_workbook(path, data_only=True).active
            for line, code in enumerate((*TOWNSHIPS, COUNTY)):
                figures = self.figures(code, month)
                for column, key in self.plain_columns():
                    shown = sheet.cell(FIRST_ROW + 1 + line, column).value
                    scale = 10_000 if key in ("income", "income_month") else 1
                    self.assertEqual(round((shown or 0) * scale), figures[key], (month, code, key))

    def plain_columns(self) -> Iterator[tuple[int, str]]:
        """(column of the sheet, key) of the columns that show one figure and nothing else."""
        for at, column in enumerate(COLUMNS, 3):
            for key in KEYS if column.value and not column.formula else []:
                row = mock.Mock(figures=dict.fromkeys(KEYS, 1000) | {key: 7})
                if column.value(row) in (7, 7 / 10_000):
                    yield at, key

    def filled(self, content: bytes, area, month):
        with tempfile.TemporaryDirectory() as folder:
            blank, out = Path(folder) / "blank.xlsx", Path(folder) / "out.xlsx"
            blank.write_bytes(content)
            self.command("fill_template", str(blank), area, str(month), str(out))
            return load_workbook(out, data_only=True)

    def test_a_blank_with_every_key(self):
        content = book({f"A{row}": f"{{{{{key}}}}}" for row, key in enumerate(KEYS, 1)})
        for area in (COUNTY, "630121100", FAR):
            for month in MONTHS:
                sheet = self.filled(content, area, month).active
                shown = {key: sheet[f"A{row}"].value for row, key in enumerate(KEYS, 1)}
                self.assertEqual(shown, self.figures(area, month))

    def test_the_blanks_that_are_shipped(self):
        found = 0
        for _name, file, _note in shipped.BLANKS:
            content = (shipped.FOLDER / file).read_bytes()
            done = self.filled(content, COUNTY, OCTOBER)
            for asked, shown in zip(load_workbook(BytesIO(content)), done, strict=True):
                found += self.compared(asked, shown)
        self.assertGreater(found, 10)

    def compared(self, asked, shown) -> int:
        """Each cell that is a figure by itself, of the county or of the township whose row it is; how many there were."""
        found, more = 0, 0
        for row in asked.iter_rows():
            said = [(cell, keys.read(cell.value)) for cell in row if isinstance(cell.value, str) and "{{" in cell.value]
            is_repeated = any(each.repeats == "township" for _cell, each in said)
            for nth, code in enumerate(TOWNSHIPS if is_repeated else [COUNTY]):
                figures = self.figures(code, OCTOBER)
                for cell, each in said:
                    if (ask := each.alone) and ask.key.group == keys.FIGURE and not ask.where and not ask.when:
                        value = shown.cell(cell.row + more + nth, cell.column).value
                        self.assertAlmostEqual(value, figures[ask.key.name] / ask.divisor, 1, (code, cell.value))
                        found += 1
            more += len(TOWNSHIPS) - 1 if is_repeated else 0
        return found

    # Briefs.

    def test_a_brief_is_made_of_the_totals_and_hides_what_a_leader_may_not_see(self):
        for month in MONTHS:
            known, figures = facts.gather(self.county, month), self.figures(COUNTY, month)
            for key, (value, *_before) in known["figures"].items():
                if isinstance(value, int):
                    self.assertEqual(value, figures[key], (month, key))
                else:
                    self.assertIn(value, (suppression.FEW, suppression.ALSO))
            self.assertIn(sentences.number(figures["away"]), sentences.paragraph(known, "headline"))
            for then, away, _before in known["trend"]:
                if away is not None and (month := Month.parse(then)) in MONTHS:
                    self.assertEqual(away, self.figures(COUNTY, month)["away"], then)
            places = {code: n for code, n in known["places"] if isinstance(n, int)}
            self.assertEqual({code: self.living_in(month, code) for code in places}, places)
            done = {kind: row[1] for kind, row in known["targets"].items()}
            self.assertEqual(done, {kind: figures[FIGURE[kind]] for kind in done})
            for row in known["townships"]:
                if isinstance(row["away"], int):
                    self.assertEqual(row["away"], self.figures(row["code"], month)["away"])


    def living_in(self, month, code) -> int:
        """Of those away at the end of a month, who is in the province or country: of each line what it counts for."""
        counted = MonthlyReturn.objects.filter(month=month, counted__isnull=False).values("counted")
        lines = FiledLine.objects.filter(version__in=counted)
        return sum(line.shares.get("away", 0) for line in lines if line.destination.startswith(code))


def _numbers(said) -> list:
    """Every number in an answer as JSON."""
    if isinstance(said, dict):
        return [each for value in said.values() for each in _numbers(value)]
    if isinstance(said, list):
        return [each for value in said for each in _numbers(value)]
    return [said] if isinstance(said, (int, float)) else []

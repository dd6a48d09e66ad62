"""What who may not see people sees of a month, put together from all its pages: no hidden number can be worked out."""

from datetime import date

from laborreg.months import Month
from laborreg.suppression import narrowed, worked_out
from reports import destinations, suppression, totals
from reports.analysis import flows, structure
from reports.analysis.homecomings import Homecomings
from reports.analysis.years import Years
from reports.briefs.facts import gather
from reports.comparing import hidden_from
from reports.models import EarlierTotal
from reports.tables import hiding
from reports.tables.hiding import ALL
from tests.cast import COUNTY, FAR, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.tables.many import ManyCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.ledger import BY_KEY

TOWNSHIPS = [HOME[:9], FAR[:9]]
AREAS = [COUNTY, *TOWNSHIPS]
MEASURES = ("away", "local", "transferred")


def name_of(of: str, dimension: str, code: str | None) -> str:
    """The key of a cell, the same from whatever page it is: that of the figure where it is one."""
    if code is ALL or code == "":
        return of
    if dimension == "region":
        return f"{of}.{code}"
    key = f"province:{code}" if dimension == "province" else structure.key_of(of, dimension, code)
    return key if of == "away" and key in BY_KEY else f"{of}|{key}"


class Seen(PageCase, ManyCase):
    def collected(self):
        """{(area, key): what the pages show of it}, each a set: of one value where they agree."""
        found = {}
        for area, key, value in (*self.of_totals(), *self.of_structure(), *self.of_flows(), *self.of_tables()):
            found.setdefault((area, key), set()).add(value)
        return found

    def of_totals(self):
        marks = hidden_from(self.leader, COUNTY, OCTOBER)
        for area in AREAS:
            for key, value in totals.totals(area, OCTOBER).figures.items():
                yield area, key, marks.get((OCTOBER, area, key), value)

    def of_structure(self):
        for area in AREAS:
            for of in MEASURES:
                for name, codes in structure.Structure(totals.totals(area, OCTOBER), self.leader, of).now.items():
                    if name != "age_5":
                        yield from ((area, name_of(of, name, code), value) for code, value in codes.items())

    def of_flows(self):
        found = flows.Flows(totals.totals(COUNTY, OCTOBER), self.county, self.leader, flows.Asked())
        for origin, row in zip(found.origins, found.matrix(), strict=True):
            for place, cell in zip(found.places, row["cells"], strict=True):
                yield origin, name_of("away", "province", place), cell.value
        for place, cell in zip(found.places, found.sums()["cells"], strict=True):
            yield COUNTY, name_of("away", "province", place), cell.value
        marks = hidden_from(self.leader, COUNTY, OCTOBER)
        places = destinations.by_place(destinations.ways(COUNTY, OCTOBER, at=6))
        figures = totals.totals(COUNTY, OCTOBER).figures
        tiles = destinations.hide(places, figures, COUNTY[:2], lambda key: (OCTOBER, COUNTY, key) in marks)
        for place, value in tiles.items():
            yield COUNTY, name_of("away", "province", place), value

    def of_tables(self):
        self.sign_in(self.leader)
        for measure in filter(hiding.is_told, [*MEASURES, "trips", "away.male", "away.monitored"]):
            for by in hiding.offered(measure):
                columns = {} if by == "township" else {"columns": by}
                page = self.client.get("/tables/", {"when": "2026-10", "rows": "township", "measure": measure} | columns)
                answer = page.context["answer"]
                for row in answer.rows:
                    shown = [*row.cells, *([row.total] if row.total else [])]
                    yield from ((cell.codes[0], name_of(measure, by, (*cell.codes, ALL)[1]), cell.value) for cell in shown)
                yield from ((COUNTY, name_of(measure, by, (*cell.codes, ALL)[1]), cell.value) for cell in answer.foot)

    def system(self):
        """Every cell with its true value, and the lines of all pages together."""
        figures = {area: totals.totals(area, OCTOBER).figures for area in AREAS}
        values = {(area, key): value for area, row in figures.items() for key, value in row.items()}
        lines = suppression.equations(COUNTY, figures)
        for of in MEASURES:
            tables, _hidden = structure.hidden_in_county(COUNTY, OCTOBER, of)
            more, tied = structure.equations(of, COUNTY, tables)
            names = {key: key if key == of or (of == "away" and key in BY_KEY) else f"{of}|{key}" for _area, key in more}
            values |= {(area, names[key]): n for (area, key), n in more.items()}
            lines += [[(sign, (area, names[key])) for sign, (area, key) in line] for line in tied]
        pairs = {k: n for k, n in flows.hidden_in_county(COUNTY, OCTOBER)[0].items() if len(k[0]) == 9 and k[1]}
        pairs = {k: n for k, n in pairs.items() if k[1] not in BY_KEY}
        more, tied = flows._equations(COUNTY, pairs, figures)
        called = {key: key if key in BY_KEY else name_of("away", "province", key) for _area, key in more}
        values |= {(area, called[key]): n for (area, key), n in more.items()}
        return values, lines + [[(sign, (area, called[key])) for sign, (area, key) in line] for line in tied]

    def test_no_hidden_number_has_one_possible_value(self):
        found = self.collected()
        self.assertEqual({cell: values for cell, values in found.items() if len(values) > 1}, {})
        values, lines = self.system()
        shown = {cell: value for cell, (value,) in found.items()}
        self.assertEqual({c: v for c, v in shown.items() if isinstance(v, int) and v != values.get(c, 0)}, {})
        small = [cell for cell, value in shown.items() if isinstance(value, int) and 0 < abs(value) < suppression.SMALL]
        self.assertEqual(small, [])
        cells = suppression.MonthCells(values, lines)
        cells.hidden = {cell: shown.get(cell, suppression.ALSO) for cell in values if not isinstance(shown.get(cell), int)}
        self.assertEqual(worked_out(lines, cells.hidden), set())
        self.assertEqual({cell: (values[cell], cells.hidden[cell]) for cell in narrowed(cells)}, {})

    def test_what_could_tell_is_refused_in_words(self):
        for asked in (
            {"rows": ["township", "sex"], "columns": ["age"]}, {"rows": ["prefecture"]}, {"rows": ["age_5"]},
            {"rows": ["township"], "columns": ["sex"], "measure": "away.monitored"}, {"rows": ["township"], "measure": "persons"},
            {"rows": ["township"], "columns": ["sex"], "f.sector": ["tertiary"]}, {"rows": ["township"], "when": "today"},
            {"rows": ["province"], "measure": "transferred"},
        ):
            page = self.get(self.leader, "tables", **({"when": "2026-10"} | asked))
            self.assertContains(page, "see people", status_code=400)
        form = self.get(self.leader, "tables").context["form"]
        self.assertEqual({each.name for each in form.dimensions}, set(hiding.offered("away")))
        self.assertNotIn("today", [choice.value for choice in form.when])

    def test_what_only_the_county_tells_is_not_told_of_townships(self):
        total = totals.totals(HOME[:9], OCTOBER)
        self.assertEqual(Homecomings(total, self.leader, begun=SEPTEMBER).again, [])
        years = Years(self.county, total, self.leader, begun=SEPTEMBER)
        self.assertEqual((years.month_ends(), years.week_value(2026, 0)), ([], None))
        for page in ("homecomings", "years"):
            answer = self.get(self.leader, page, HOME[:9], OCTOBER, by="week")
            self.assertContains(answer, "Of townships this is told")


class OfLongAgo(PageCase):
    def build(self):
        super().build()
        self.file_all(SEPTEMBER)

    def test_what_a_month_of_long_ago_hides_beside_a_small_number_is_hidden_in_the_trend(self):
        long_ago = Month(2025, 3)
        for code, away in ((TOWNSHIPS[0], 2), (TOWNSHIPS[1], 5), (COUNTY, 7)):
            EarlierTotal.objects.create(
                county=self.county, area_code=code, month=long_ago, typed_by=self.zhao, typed_at="2026-11-01T00:00Z",
                away=away, typed=["away"],
            )
        for area, told in ((TOWNSHIPS[0], None), (TOWNSHIPS[1], None), (COUNTY, 7)):
            page = self.get(self.leader, "totals", area, SEPTEMBER)
            before = {row["month"].a_year_before: row["before"] for row in page.context["trend_table"]}
            self.assertEqual(before[long_ago], told, area)


class Ordered(PageCase):
    """Away: five in Shenzhen, one in Zhejiang, two in Xinjiang, where two hidden numbers stand in no order of theirs."""

    def build(self):
        super().build()
        for destination, persons in (("4403", 5), ("3301", 1), ("6501", 2)):
            for n in range(persons):
                transfer(worker(f"外{destination}{n}", FAR), date(2026, 5, 2), destination=destination)
        self.file_all(SEPTEMBER)

    def test_the_place_of_a_hidden_number_in_a_list_tells_nothing(self):
        total = totals.totals(COUNTY, SEPTEMBER)
        page = self.get(self.leader, "totals", COUNTY, SEPTEMBER)
        shown = [(place.code, place.persons) for place in page.context["destinations"]["places"]]
        hidden = [code for code, persons in shown if isinstance(persons, str)]
        self.assertEqual(hidden[:2], ["33", "65"])
        self.assertEqual([code for code, _persons in shown][-len(hidden):], sorted(hidden))
        places = flows.Flows(total, self.county, self.leader, flows.Asked()).places
        self.assertLess(places.index("33"), places.index("65"))
        self.assertEqual([code for code, _persons in gather(self.county, SEPTEMBER)["places"]], [code for code, _n in shown])


class Corrected(PageCase):
    """Seven away in September; one more of September was entered since."""

    def build(self):
        super().build()
        for n in range(7):
            transfer(worker(f"外{n}", FAR), date(2026, 5, 2))
        self.file_all(SEPTEMBER)
        transfer(worker("晚登", FAR), date(2026, 9, 20))

    def test_a_correction_by_one_is_not_told_by_what_is_known_now(self):
        total = totals.totals(COUNTY, OCTOBER)
        for officer, told in ((self.zhao, (7, 8)), (self.leader, (7, suppression.ALSO))):
            ends = Years(self.county, total, officer, begun=SEPTEMBER).month_ends()
            self.assertEqual({end.month: (end.filed.value, end.now.value) for end in ends}[SEPTEMBER], told)

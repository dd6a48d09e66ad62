"""The pages of the analysis: numbers that tie with the totals of the month, the names behind them, and what a leader sees."""

import re
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from laborreg import clock
from laborreg.months import Month
from reports import actions, suppression, totals
from reports.analysis.flows import Asked, Flows
from reports.analysis.homecomings import Homecomings
from reports.analysis.structure import PYRAMID, Structure
from reports.analysis.years import Years, sunday_of
from reports.comparing import hidden_from
from reports.models import FiledLine, MonthlyReturn
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, officer, transfer, worker
from tests.reports.linked import named, stated
from tests.reports.month_pages import PageCase
from tests.reports.pages import busy_village, unnamed
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Village
from workers.daily import Days
from workers.ledger import BY_KEY

NEAR = HOME[:9]
PAGES = ("structure", "flows", "homecomings", "years")


class Filed(PageCase):
    """Two months of three villages; people of every kind in one of them."""

    def build(self):
        super().build()
        busy_village(HOME)
        unnamed(FAR)
        for n in range(9):
            transfer(worker(f"邻{n}", NEXT_DOOR, sex="male", education="70"), date(2026, 5, 2), industry="C", pay=4000)
            transfer(worker(f"远{n}", FAR, sex="male", education="60"), date(2026, 5, 2), industry="E", pay=5000)
        transfer(worker("远女", FAR, sex="female"), date(2026, 5, 2), destination="6501", industry="A")
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)

    def structure(self, officer=None, area=COUNTY, of="away"):
        return Structure(totals.totals(area, OCTOBER), officer or self.zhao, of)


class Structured(Filed):
    def test_every_table_sums_to_the_figure_of_the_totals(self):
        for area in (COUNTY, NEAR, HOME):
            figures = totals.totals(area, OCTOBER).figures
            for of in ("away", "local", "transferred"):
                found = self.structure(area=area, of=of).now
                for name, codes in found.items():
                    self.assertEqual(sum(codes.values()), figures[of], (area, of, name))

    def test_what_the_totals_count_too_is_the_same_number(self):
        found, figures = self.structure().now, totals.totals(COUNTY, OCTOBER).figures
        self.assertEqual(found["sex"].get("female", 0), figures["away.female"])
        for band in ("under_26", "26_40", "41_50", "51_60", "over_60"):
            self.assertEqual(found["age"].get(band, 0), figures[f"away.age_{band}"])
        for sector in ("primary", "secondary", "tertiary"):
            self.assertEqual(found["sector"].get(sector, 0), figures[f"away.{sector}"])
        self.assertEqual(found["organized"]["organized"], figures["away.organized"])

    def test_a_number_opens_to_as_many_names(self):
        self.sign_in(self.zhao)
        for table in self.structure().tables():
            for row in table.rows:
                if row.cell.value:
                    page = self.client.get(row.cell.url)
                    self.assertEqual(page.context["sum"], row.cell.value, (table.name, row.label))
                    shares = [name.share for _village, name in page.context["page_obj"].object_list]
                    self.assertEqual(sum(shares), row.cell.value)

    def test_mean_pay_is_of_those_whose_pay_is_known(self):
        self.assertEqual(self.structure(area=NEXT_DOOR).mean_pay(), 4000)

    def test_while_villages_are_missing_the_others_are_compared_with_themselves(self):
        found = Structure(totals.totals(COUNTY, OCTOBER), self.zhao)
        self.assertEqual(found.before, {})
        self.assertIsNone(found.tables()[0].rows[0].cell.change)


class Names(Filed):
    def test_villages_of_others_and_unknown_codes_are_404(self):
        for who, area, query, status in (
            (self.li, HOME, {}, 200), (self.li, FAR, {}, 404), (self.leader, COUNTY, {}, 404),
            (self.zhao, COUNTY, {"of": "happiness"}, 404), (self.zhao, COUNTY, {"sex": "x' OR 1=1 --"}, 404),
            (self.zhao, COUNTY, {"home": "2026-13"}, 404),
        ):
            self.assertEqual(self.get(who, "analysis_names", area, OCTOBER, **query).status_code, status, (area, query))

    def test_who_came_home_and_works_again(self):
        again = {row.month: row for row in Homecomings(totals.totals(COUNTY, OCTOBER), self.zhao, begun=SEPTEMBER).again}
        self.assertEqual((again[SEPTEMBER].persons, again[SEPTEMBER].away), (1, 1))
        page = self.get(self.zhao, "analysis_names", COUNTY, OCTOBER, of="away", home="2026-09")
        self.assertContains(page, "又外出")
        self.assertEqual(page.context["sum"], 1)


class Flowing(Filed):
    def flows(self, officer=None, area=None, **asked):
        found = area or self.county
        return Flows(totals.totals(found.code, OCTOBER), found, officer or self.zhao, Asked(**asked))

    def test_matrix_ways_and_places_sum_to_those_away(self):
        figures = totals.totals(COUNTY, OCTOBER).figures
        for to in ("province", "prefecture"):
            found = self.flows(to=to, by="sex", other=SEPTEMBER)
            self.assertEqual(found.sums()["sum"].value, figures["away"])
            self.assertEqual(sum(row["sum"].value for row in found.matrix()), figures["away"])
            self.assertEqual(sum(found.ways.values()), figures["away"])
            self.assertEqual(sum(line.now.value for line in found.by_third()), figures["away"])
            self.assertEqual(sum(line.before for line in found.by_place()), totals.totals(COUNTY, SEPTEMBER).figures["away"])

    def test_while_villages_are_missing_the_other_month_is_that_of_those_that_are_in(self):
        MonthlyReturn.objects.filter(village=FAR, month=OCTOBER).update(counted=None, state="draft")
        found = self.flows(other=SEPTEMBER)
        alike = totals.sums_between(COUNTY, SEPTEMBER, SEPTEMBER, at=6, in_by=OCTOBER)[SEPTEMBER, COUNTY]
        self.assertLess(alike["away"], totals.totals(COUNTY, SEPTEMBER).figures["away"])
        self.assertEqual(sum(line.before for line in found.by_place()), alike["away"])
        self.assertEqual(sum(found.ways.values()), totals.totals(COUNTY, OCTOBER).figures["away"])
        page = self.get(self.zhao, "flows", COUNTY, OCTOBER, **{"with": "2026-09"})
        self.assertContains(page, "Changes compare the villages that are in with themselves.")

    def test_only_some(self):
        page = self.get(self.zhao, "flows", COUNTY, OCTOBER, section="E", by="education", **{"with": "2026-09"})
        self.assertContains(page, "Senior secondary school")
        only = self.flows(only=(("section", ("E",)),), by="education")
        lines = FiledLine.objects.filter(version__month=OCTOBER, state="away", section="E")
        self.assertEqual(only.sum, sum(lines.values_list("persons", flat=True)))
        self.assertLess(only.sum, self.flows().sum)

    def test_a_number_opens_to_as_many_names(self):
        self.sign_in(self.zhao)
        for row in self.flows().matrix():
            for cell in row["cells"]:
                if cell.value:
                    self.assertEqual(self.client.get(cell.url).context["sum"], cell.value)


class ForALeader(Filed):
    def test_no_small_number_and_no_names(self):
        for area in (COUNTY, NEAR):
            for name in PAGES:
                page = self.get(self.leader, name, area, OCTOBER)
                self.assertEqual(page.status_code, 200)
                self.assertNotContains(page, "/names/")
                self.assertNotContains(page, "/cells/")
        self.assertEqual(self.get(self.leader, "structure", HOME, OCTOBER).status_code, 404)

    def test_what_is_shown_tells_nothing_that_is_hidden(self):
        known = {area: self.structure(area=area).now for area in (COUNTY, NEAR, FAR[:9])}
        seen = {area: self.structure(self.leader, area).now for area in known}
        marks = hidden_from(self.leader, COUNTY, OCTOBER)
        for area, tables in seen.items():
            is_whole_shown = (OCTOBER, area, "away") not in marks
            for name, codes in tables.items():
                if name == "age_5":
                    continue
                values = {code: n for code, n in codes.items() if isinstance(n, int)}
                self.assertFalse([n for n in values.values() if 0 < n < suppression.SMALL], (area, name))
                self.assertEqual(values, {code: known[area][name].get(code, 0) for code in values})
                if name != PYRAMID and is_whole_shown:
                    self.assertNotEqual(len(codes) - len(values), 1, (area, name, codes))

    def test_what_the_totals_hide_is_hidden_here(self):
        marks = self.get(self.leader, "totals", NEAR, OCTOBER)
        hidden = re.findall(r'data-figure="away\.female"[^>]*>[^<]*(?:&lt;3|\*)', marks.content.decode())
        seen = self.structure(self.leader, NEAR).now["sex"]
        self.assertTrue(not hidden or isinstance(seen["female"], str))

    def test_the_matrix_shows_a_township_its_own_row_alone(self):
        township = self.wang.place
        found = Flows(totals.totals(NEAR, OCTOBER), township, self.leader, Asked(by="sex", other=SEPTEMBER))
        self.assertEqual((len(found.matrix()), found.sums(), found.asked), (1, {}, Asked()))


class OverYears(Filed):
    def years(self, area=COUNTY, officer=None, key="away"):
        return Years(self.county, totals.totals(area, OCTOBER), officer or self.zhao, begun=SEPTEMBER, key=key)

    def test_by_month_it_is_the_totals(self):
        for key in ("away", "came_home", "income"):
            found = self.years(key=key)
            values = [row.cells[-1].value for row in found.by_month()][8:10]
            expected = [totals.totals(COUNTY, month).figures[key] for month in (SEPTEMBER, OCTOBER)]
            self.assertEqual(values, expected)

    def test_the_sundays_of_a_year_follow_one_another(self):
        self.assertEqual(sunday_of(2026, 0), date(2026, 2, 22))
        self.assertEqual(sunday_of(2026, -1), date(2026, 2, 15))
        self.assertEqual(sunday_of(2026, 1), date(2026, 3, 1))

    def test_as_known_now_stands_beside_as_filed(self):
        transfer(worker("晚记", HOME), date(2026, 9, 3))
        [october, september] = self.years().month_ends()
        self.assertEqual((october.month, september.change.amount, september.now.value - september.filed.value), (OCTOBER, 1, 1))

    def test_weeks_before_the_first_month_and_after_today_are_not_told(self):
        found = self.years()
        told = {sunday_of(year, week) for year in found.lunar_years for week in range(-26, 26)
                if found.week_value(year, week) is not None}
        self.assertEqual((min(told), max(told)), (date(2026, 9, 6), date(2026, 10, 25)))

    def test_a_week_opens_to_those_who_were_away_on_its_sunday(self):
        self.sign_in(self.zhao)
        told = [cell for row in self.years().by_week() for cell in row.cells if cell.value]
        self.assertGreater(len(told), 5)
        for cell in told:
            page = self.client.get(cell.url).content.decode()
            self.assertEqual((stated(page), named(page)), (cell.value, cell.value))

    def test_a_group_counts_by_those_not_yet_named_on_the_day_too(self):
        page = self.get(self.zhao, "away_on", COUNTY, "2026-09-15").content.decode()
        self.assertIn("People not yet named", page)
        self.assertEqual(named(page), Days(COUNTY).on(date(2026, 9, 15)))
        self.assertEqual(self.get(self.zhao, "away_on", COUNTY, "2026-02-30").status_code, 404)

    def test_the_figure_is_chosen_in_the_address(self):
        page = self.get(self.zhao, "years", COUNTY, OCTOBER, figure="came_home")
        self.assertContains(page, "Came home")
        self.assertEqual(self.get(self.zhao, "years", COUNTY, OCTOBER, figure="nonsense").status_code, 200)


class Opening(Filed):
    def test_home_is_the_own_area_in_the_newest_month(self):
        for who, area in ((self.li, HOME), (self.wang, NEAR), (self.zhao, COUNTY), (self.leader, COUNTY)):
            self.assertRedirects(self.get(who, "analysis_home"), reverse("structure", args=[area, OCTOBER]))

    def test_at_and_under_the_own_posts_and_nowhere_else(self):
        for name in PAGES:
            found = [self.get(self.li, name, area, OCTOBER).status_code for area in (HOME, NEXT_DOOR, NEAR)]
            self.assertEqual(found, [200, 404, 404], name)
            self.assertEqual(self.get(self.admin, name, COUNTY, OCTOBER).status_code, 404)

    def test_a_month_of_which_nothing_is_in(self):
        clock.pin(date(2026, 12, 1))
        actions.open_month(self.county, Month(2026, 11))
        for name in PAGES:
            for area in (COUNTY, HOME):
                self.assertEqual(self.get(self.zhao, name, area, Month(2026, 11)).status_code, 200, (name, area))

    def test_homecomings_are_the_figures_of_the_totals(self):
        found = Homecomings(totals.totals(COUNTY, OCTOBER), self.zhao, begun=SEPTEMBER)
        figures = totals.totals(COUNTY, OCTOBER).figures
        for rows in (found.table("came_home", "reason"), found.table("came_home", "origin"), found.table("home", "plan")):
            for row in rows:
                self.assertEqual(row.cells[-1].value, figures[row.key], row.key)
            whole = rows[-1]
            self.assertEqual(sum(row.sum for row in rows[:-1]), whole.sum)
            self.assertTrue(BY_KEY[whole.key].part_of is None and whole.is_whole)

    def test_as_many_queries_however_many_villages(self):
        # PostgreSQL is told for each question how long it may take: three statements more.
        more = 3 if connection.vendor == "postgresql" else 0
        asked = {"structure": 62 + 13 * more, "flows": 24 + 2 * more, "homecomings": 23, "years": 20}
        for area in (COUNTY, NEAR):
            found = {name: self.queries(self.zhao, name, area, OCTOBER) for name in asked}
            self.assertLessEqual(max(found[name] - asked[name] for name in asked), 2, (area, found))
        found = {name: self.queries(self.zhao, name, COUNTY, OCTOBER) for name in asked}
        self.more_villages()
        self.assertEqual({name: self.queries(self.zhao, name, COUNTY, OCTOBER) for name in asked}, found)
        self.assertEqual(self.queries(self.zhao, "analysis_names", COUNTY, OCTOBER), 19 + 2 * more)

    def more_villages(self):
        """Five more with people away and a return each."""
        for number in range(300, 305):
            code = f"{NEAR}{number}"
            Village.objects.create(code=code, township_id=NEAR, name=f"新{number}村委会", files_from="2026-09")
            keeper = officer(f"keeper{number}", "village", code)
            for n in range(3):
                transfer(worker(f"新{n}", code), date(2026, 10, 2), destination=("3301", "4403", "6501")[n])
            for month in (SEPTEMBER, OCTOBER):
                MonthlyReturn.objects.create(county=self.county, village_id=code, month=month)
                self.submit(month, code, keeper)


class OfAnOpenMonth(Filed):
    """October lacks one village of three."""

    def build(self):
        super().build()
        MonthlyReturn.objects.filter(village_id=FAR, month=OCTOBER).update(state="draft", counted=None)

    def years(self):
        return Years(self.county, totals.totals(COUNTY, OCTOBER), self.zhao, begun=SEPTEMBER)

    def test_the_open_month_is_marked_and_says_so(self):
        found = self.years()
        self.assertEqual([row.note for row in found.by_month() if row.note], ["1 village missing"])
        self.assertIn("1 village missing", found.month_chart())
        page = self.get(self.zhao, "totals", COUNTY, OCTOBER)
        self.assertContains(page, "October 2026 is not complete yet: 1 village missing")
        drill = self.get(self.zhao, "drill", COUNTY, OCTOBER, "away")
        self.assertContains(drill, "the 2 villages that are in")

    def test_what_a_missing_village_has_in_the_ledger_is_no_difference(self):
        end = self.years().month_ends()[0]
        self.assertEqual((end.month, end.missing), (OCTOBER, 1))
        self.assertEqual(end.change.amount, end.now.value - end.missing_away - end.filed.value)
        self.assertEqual(end.change.amount, 0)
        self.assertGreater(end.missing_away, 0)

    def test_the_ledgers_curve_stands_under_no_banner_of_missing_villages(self):
        page = self.get(self.zhao, "years", COUNTY, OCTOBER, by="week")
        self.assertNotContains(page, "These numbers exclude")
        self.assertContains(page, "Every village is in this curve")
        self.assertContains(self.get(self.zhao, "years", COUNTY, OCTOBER), "These numbers exclude")


class Kept(Filed):
    def test_what_no_list_knows_keeps_no_copy_of_its_own(self):
        self.get(self.zhao, "structure", COUNTY, OCTOBER)
        with CaptureQueriesContext(connection) as first:
            self.client.get(reverse("structure", args=[COUNTY, OCTOBER]))
        with CaptureQueriesContext(connection) as other:
            self.client.get(reverse("structure", args=[COUNTY, OCTOBER]), {"x": "1", "of": "nobody"})
        self.assertEqual(len(other), len(first))

    def test_transferred_by_own_business_is_the_figure_of_the_totals(self):
        found = self.structure(of="transferred")
        figures = totals.totals(COUNTY, OCTOBER).figures
        self.assertEqual(found.now["relieved"].get("yes", 0), figures["transferred.relieved"])
        self.assertEqual(found.now["form"].get("own_business", 0), figures["transferred.own_business"])
        form = next(table for table in found.tables() if table.name == "organized")
        self.assertIn("on the last day of the month", form.label)

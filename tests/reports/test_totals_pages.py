"""The pages of totals: who sees which, what they say while villages are missing, and what a leader does not see."""

from datetime import date

from django.urls import reverse

from laborreg.months import Month
from officers.models import Officer
from reports import actions, totals
from reports.briefs import drafting
from reports.models import EarlierTotal, MonthlyReturn
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.ledger import BY_KEY

NEAR, OVER_THERE = "630121100", "630121101"


class Seeing(PageCase):
    def status(self, officer, area, month=OCTOBER):
        return self.get(officer, "totals", area, month).status_code

    def test_at_and_under_the_own_posts_and_nowhere_else(self):
        self.assertEqual([self.status(self.li, area) for area in (HOME, NEXT_DOOR, NEAR, COUNTY)], [200, 404, 404, 404])
        self.assertEqual([self.status(self.wang, area) for area in (NEAR, HOME, FAR, OVER_THERE, COUNTY)],
                         [200, 200, 404, 404, 404])
        self.assertEqual([self.status(self.zhao, area) for area in (COUNTY, NEAR, FAR, "630122", "6301")],
                         [200, 200, 200, 404, 404])
        self.assertEqual([self.status(self.admin, area) for area in (COUNTY, NEAR, FAR)], [404] * 3)

    def test_a_leader_goes_down_to_the_township_and_sees_no_names(self):
        self.assertEqual([self.status(self.leader, area) for area in (COUNTY, NEAR, HOME)], [200, 200, 404])
        self.assertEqual(self.get(self.leader, "drill", COUNTY, OCTOBER, "away").status_code, 200)
        for name, *args in (
            ("drill", NEAR, OCTOBER, "away"), ("drill", HOME, OCTOBER, "away"), ("cell", HOME, OCTOBER, "away"),
            ("return", HOME, OCTOBER), ("queue", OCTOBER), ("board", OCTOBER),
        ):
            self.assertEqual(self.get(self.leader, name, *args).status_code, 404, name)

    def test_a_leaders_pages_link_to_nothing_that_is_closed_to_them(self):
        self.file_all(SEPTEMBER)
        for args in (("totals", COUNTY, SEPTEMBER), ("totals", NEAR, SEPTEMBER), ("drill", COUNTY, SEPTEMBER, "away")):
            page = self.get(self.leader, *args)
            for closed in ("/returns/", "/queue/", "/board/", f"/totals/{HOME}", "workbook.xlsx"):
                self.assertNotContains(page, closed)

    def test_the_brief_of_the_month_is_one_click_away_for_who_may_write_it(self):
        self.file_all(SEPTEMBER)
        begun, lists = reverse("brief", args=[COUNTY, SEPTEMBER]), f'class="btn" href="{reverse("briefs")}"'
        page = self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertContains(page, lists)
        self.assertNotContains(page, begun)
        drafting.start(self.zhao.place, SEPTEMBER, by=self.zhao)
        self.assertContains(self.get(self.zhao, "totals", COUNTY, SEPTEMBER), f'class="btn" href="{begun}"')
        for officer, area in ((self.leader, COUNTY), (self.wang, NEAR), (self.zhao, NEAR)):
            page = self.get(officer, "totals", area, SEPTEMBER)
            self.assertNotContains(page, begun)
            self.assertNotContains(page, lists)

    def test_only_opened_months_and_known_figures(self):
        self.assertEqual(self.status(self.zhao, COUNTY, Month(2026, 8)), 404)
        self.assertEqual(self.get(self.zhao, "drill", COUNTY, OCTOBER, "happiness").status_code, 404)
        self.assertEqual(self.get(self.zhao, "drill", HOME, OCTOBER, "away").status_code, 404)

    def test_home_is_the_own_area_in_the_newest_month(self):
        for officer, area in ((self.li, HOME), (self.wang, NEAR), (self.zhao, COUNTY), (self.leader, COUNTY)):
            page = self.get(officer, "totals_home")
            self.assertRedirects(page, reverse("totals", args=[area, OCTOBER]))


class WhileMissing(PageCase):
    """September is complete; in October only the home village is in."""

    def build(self):
        super().build()
        transfer(worker(), date(2026, 9, 3), pay=4000)
        transfer(worker(village=NEXT_DOOR), date(2026, 9, 3), pay=4000)
        transfer(worker(), date(2026, 10, 3), pay=4000)
        self.file_all(SEPTEMBER)
        self.submit(OCTOBER, HOME, self.li)

    def test_the_total_is_provisional_and_names_its_villages(self):
        page = self.get(self.zhao, "totals", COUNTY, OCTOBER)
        self.assertContains(page, "Provisional: 2 villages are missing, 1 of 3 are in.")
        self.assertContains(page, reverse("queue", args=[OCTOBER]) + "?tab=missing")

    def test_silence_is_not_zero(self):
        page = self.get(self.zhao, "totals", COUNTY, OCTOBER)
        by_code = {part.area.code: part for part in page.context["parts"]}
        self.assertEqual((by_code[NEAR].away, by_code[OVER_THERE].away), (2, None))
        self.assertEqual([part.area.code for part in page.context["parts"]], [NEAR, OVER_THERE])
        page = self.get(self.zhao, "totals", OVER_THERE, OCTOBER)
        self.assertEqual({tile.value for tile in page.context["tiles"]}, {None})
        page = self.get(self.zhao, "figures", OVER_THERE, OCTOBER)
        lines = [line for card in page.context["cards"] for line in card["lines"] if line.key]
        self.assertEqual({line.now for line in lines}, {None})
        self.assertEqual({line.now_text for line in lines}, {"–"})

    def test_like_is_compared_with_like(self):
        """Two were away in September, one of them next door; the change is that of the village that is in."""
        page = self.get(self.zhao, "figures", COUNTY, OCTOBER)
        away = next(line for card in page.context["cards"] for line in card["lines"] if line.key == "away")
        self.assertEqual((away.now, away.before, away.change.amount), (2, 1, 1))
        self.assertTrue(page.context["is_alike"])
        self.assertContains(page, "once all villages are in")
        for officer in (self.zhao, self.leader):
            page = self.get(officer, "figures", COUNTY, OCTOBER)
            lines = {line.key: line for card in page.context["cards"] for line in card["lines"] if line.key}
            self.assertEqual({line.this_year for key, line in lines.items() if BY_KEY[key].adds_over_months}, {None})
        self.assertEqual(lines["income"].this_year, lines["income"].now)
        # Sealed without them, nobody waits for them any more.
        actions.approve(MonthlyReturn.objects.filter(month=OCTOBER, state="submitted"), by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        actions.lock(self.county, OCTOBER, by=self.zhao, missing={NEXT_DOOR: "Flood", FAR: "Flood"})
        page = self.get(self.zhao, "figures", COUNTY, OCTOBER)
        lines = {line.key: line for card in page.context["cards"] for line in card["lines"] if line.key}
        september, october = (totals.totals(COUNTY, month).figures for month in (SEPTEMBER, OCTOBER))
        self.assertEqual(lines["left"].this_year, september["left"] + october["left"])
        self.assertNotContains(page, "once all villages are in")
        page = self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertFalse(page.context["is_alike"])
        rows = self.get(self.zhao, "drill", NEAR, OCTOBER, "away").context["rows"]
        self.assertEqual([(row.now, row.before) for row in rows], [(2, 1), (None, None)])

    def test_nobody_learns_of_the_missing_from_what_a_leader_sees(self):
        page = self.get(self.leader, "totals", COUNTY, OCTOBER)
        self.assertEqual(page.context["tiles"][0].changes, [])
        self.assertFalse(page.context["is_alike"])

    def test_a_village_that_did_not_submit_shows_the_ledger_and_says_so(self):
        page = self.get(self.second, "totals", NEXT_DOOR, OCTOBER)
        self.assertEqual(page.context["tiles"][0].value, 1)
        self.assertContains(page, "Not submitted: these are the figures of the ledger as known now.")
        self.assertContains(page, reverse("return", args=[NEXT_DOOR, OCTOBER]))

    def test_a_complete_month_says_whether_it_is_sealed(self):
        self.assertContains(self.get(self.zhao, "totals", COUNTY, SEPTEMBER), "Complete, not sealed yet")
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        page = self.get(self.leader, "totals", COUNTY, SEPTEMBER)
        self.assertContains(page, "these numbers do not change any more")
        self.assertEqual(page.context["total"].source, "seal")


class Years(PageCase):
    def test_typed_totals_of_earlier_months_make_last_year(self):
        september_before = EarlierTotal(
            county=self.county, area_code=COUNTY, month=SEPTEMBER.a_year_before, typed_by=self.zhao,
            typed_at="2026-11-01T00:00Z", away=4, typed=["away"],
        )
        september_before.save()
        for n in range(5):
            transfer(worker(f"王{n}"), date(2026, 9, 3), pay=4000)
        self.file_all(SEPTEMBER)
        page = self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertEqual(page.context["tiles"][0].year_change.amount, 1)
        self.assertEqual(page.context["trend_table"][0]["before"], 4)
        self.assertContains(page, "typed by the county and are not backed by names")
        self.assertContains(page, "4*")
        page = self.get(self.zhao, "figures", COUNTY, SEPTEMBER)
        lines = {line.key: line for card in page.context["cards"] for line in card["lines"] if line.key}
        self.assertEqual((lines["away"].a_year_before, lines["left"].a_year_before), (4, None))


class Leader(PageCase):
    def build(self):
        super().build()
        for n in range(6):
            transfer(worker(f"王{n}", sex="male" if n else ""), date(2026, 9, 3), pay=4000 + n, channel="own")
        for n in range(4):
            transfer(worker(f"马{n}", FAR, sex="male"), date(2026, 9, 3), pay=4000 + n, channel="own")
        transfer(worker("祁", FAR, sex="female"), date(2026, 9, 4), pay=5000, channel="own", destination="JPN")
        self.file_all(SEPTEMBER)

    def values(self, area):
        page = self.get(self.leader, "figures", area, SEPTEMBER)
        return page, {line.key: line for card in page.context["cards"] for line in card["lines"] if line.key}

    def test_one_or_two_are_hidden_and_what_would_tell_them(self):
        page, lines = self.values(NEAR)
        # Two of six and no other part: "<3" would tell it, so all of them are "*".
        self.assertIn(lines["away.sex_unknown"].now, ("<3", "*"))
        self.assertIsNot(type(lines["away.female"].now), int)
        self.assertContains(page, "stands for fewer than three persons")
        self.assertEqual(lines["away"].now, 6)

    def test_no_page_of_theirs_shows_a_one_or_a_two(self):
        for area in (COUNTY, NEAR, OVER_THERE):
            _page, lines = self.values(area)
            for key, line in lines.items():
                for value in (line.now, line.before, line.a_year_before, line.this_year):
                    self.assertFalse(isinstance(value, int) and 0 < abs(value) < 3, (area, key, value))
        for key in ("away.female", "away.abroad", "away.sex_unknown", "left"):
            page = self.get(self.leader, "drill", COUNTY, SEPTEMBER, key)
            for value in [page.context["whole"], *(row.now for row in page.context["rows"])]:
                self.assertFalse(isinstance(value, int) and 0 < abs(value) < 3, (key, value))

    def test_a_hidden_number_has_no_change_no_share_and_no_tile_of_a_province(self):
        page, lines = self.values(COUNTY)
        self.assertIsNone(lines["away.abroad"].change)
        page = self.get(self.leader, "totals", COUNTY, SEPTEMBER)
        seen = {place.code: place.persons for place in page.context["destinations"]["places"]}
        self.assertNotIsInstance(seen["JPN"], int)
        self.assertEqual(page.context["destinations"]["flows"], "")

    def test_the_county_sees_what_the_leader_does_not(self):
        page = self.get(self.zhao, "figures", NEAR, SEPTEMBER)
        unknown = next(ln for card in page.context["cards"] for ln in card["lines"] if ln.key == "away.sex_unknown")
        self.assertEqual(unknown.now, 1)
        self.assertNotContains(page, "stands for fewer than three persons")


class Cost(PageCase):
    maxDiff = None
    """Queries of a page do not grow with villages or months."""

    def test_pages_ask_a_fixed_number_of_times(self):
        self.file_all(SEPTEMBER)
        self.submit(OCTOBER, HOME, self.li)
        asked = {
            ("totals", COUNTY, OCTOBER): 49, ("totals", NEAR, OCTOBER): 38, ("totals", HOME, OCTOBER): 28,
            ("drill", COUNTY, OCTOBER, "away"): 31, ("drill", NEAR, OCTOBER, "away"): 31,
        }
        self.assertEqual({args: self.queries(self.zhao, *args) for args in asked}, asked)
        self.submit(OCTOBER, FAR, self.sun)
        self.assertEqual({args: self.queries(self.zhao, *args) for args in asked}, asked)

    def test_the_leaders_page_too(self):
        self.file_all(SEPTEMBER)
        self.assertEqual(self.queries(Officer.objects.get(username="leader"), "totals", COUNTY, SEPTEMBER), 55)

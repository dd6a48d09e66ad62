"""The two readings of a month: as sealed, and as the returns stand."""

from datetime import date

from django.urls import reverse

from reports import actions, readings, totals
from reports.models import Seal
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

STATION = HOME[:9]


class Readings(PageCase):
    """September is sealed with two away; then the home village is reopened and files a third, and October is not sealed."""

    def build(self):
        super().build()
        transfer(worker("甲"), date(2026, 9, 3), pay=4000, destination="44")
        transfer(worker("乙", NEXT_DOOR), date(2026, 9, 3), pay=4000)
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        actions.reopen([self.ret(SEPTEMBER, HOME)], by=self.zhao, reason="有人漏报")
        transfer(worker("丙"), date(2026, 9, 5), pay=4000, destination="44")
        self.submit(SEPTEMBER, HOME, self.li)

    def away(self, of="", area=COUNTY, by=None):
        page = self.get(by or self.zhao, "totals", area, SEPTEMBER, of=of)
        return page.context["tiles"][0].value, page

    def test_the_seal_stands_until_it_is_sealed_anew_and_the_returns_are_one_press_away(self):
        for of in ("", readings.SEALED):
            away, page = self.away(of)
            self.assertEqual(away, 2)
            self.assertContains(page, f"hash {Seal.objects.get().hash[:8]}")
            self.assertContains(page, "1 village is reopened")
            self.assertContains(page, reverse("totals", args=[COUNTY, SEPTEMBER]) + "?of=returns")
        away, page = self.away(readings.RETURNS)
        self.assertEqual(away, 3)
        self.assertContains(page, "the returns of 3 of 3 villages as they stand")
        self.assertContains(page, "away 3, sealed 2")

    def test_parts_destinations_drill_and_every_figure_say_the_same_as_the_tile(self):
        _away, page = self.away(readings.RETURNS)
        self.assertEqual([part.away for part in page.context["parts"]], [3, 0])
        self.assertEqual(sum(place.persons for place in page.context["destinations"]["places"]), 3)
        self.assertContains(page, reverse("drill", args=[COUNTY, SEPTEMBER, "away"]) + "?of=returns")
        drill = self.get(self.zhao, "drill", COUNTY, SEPTEMBER, "away", of="returns")
        self.assertEqual((drill.context["whole"], [row.now for row in drill.context["rows"]]), (3, [3, 0]))
        figures = self.get(self.zhao, "figures", STATION, SEPTEMBER, of="returns")
        lines = {line.key: line.now for card in figures.context["cards"] for line in card["lines"] if line.key}
        self.assertEqual((lines["away"], lines["away.other_province"]), (3, 3))

    def test_locked_again_both_are_the_same(self):
        actions.approve([self.ret(SEPTEMBER, HOME)], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual((self.away()[0], self.away(readings.RETURNS)[0]), (3, 3))
        self.assertContains(self.away(readings.RETURNS)[1], "Every figure is that of the seal, version 2.")

    def test_a_month_without_a_seal_leads_to_the_newest_that_has_one(self):
        self.submit(OCTOBER, HOME, self.li)
        page = self.get(self.zhao, "totals", COUNTY, OCTOBER)
        sealed = reverse("totals", args=[COUNTY, SEPTEMBER]) + "?of=sealed"
        self.assertContains(page, sealed)
        self.assertContains(page, "newest: September 2026")
        self.assertRedirects(self.get(self.zhao, "totals", COUNTY, OCTOBER, of="sealed"), sealed)
        self.assertEqual(self.get(self.zhao, "totals", COUNTY, OCTOBER, of="nonsense").status_code, 200)

    def test_who_sees_no_people_reads_the_seal_alone(self):
        away, page = self.away(readings.RETURNS, by=self.leader)
        self.assertEqual(page.context["total"].source, totals.SEAL)
        self.assertNotContains(self.away(by=self.leader)[1], "of=returns")
        self.assertEqual(away, "<3")

    def test_standing_sums_are_the_counted_ones_where_nothing_is_reopened(self):
        self.submit(OCTOBER, FAR, self.sun)
        for month, same in ((OCTOBER, True), (SEPTEMBER, False)):
            counted, standing = totals.sums_of_returns(COUNTY, month, at=9), totals.standing_sums(COUNTY, month, at=9)
            self.assertIs(counted == standing, same)

"""As filed beside as known now, down to the names that differ."""

from datetime import date
from unittest import mock

from reports import actions
from reports.hindsight import Hindsight
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import SEPTEMBER
from villages.models import Township
from workers import actions as ledger

# Six queries read the ledger of a township, three what it filed before.
READ_OF_A_TOWNSHIP = 9


class KnownNow(PageCase):
    def build(self):
        super().build()
        self.stays = transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500)
        self.wrong = transfer(worker("祁海英", sex="female"), date(2026, 9, 8))
        self.file_all(SEPTEMBER)

    def know_better(self):
        """One was never away; another left and nobody had said so; a third of another township."""
        ledger.void_transfer(self.wrong, by=self.li, reason="登记错了")
        transfer(worker("李占彪", sex="male"), date(2026, 9, 9))
        transfer(worker("严生福", NEXT_DOOR), date(2026, 9, 9))
        transfer(worker("韩进财", FAR), date(2026, 9, 9))

    def names(self, area, key):
        found = Hindsight(self.county, area, SEPTEMBER).names(key)
        return {row.name: (row.filed, row.now) for row in found}

    def changed(self, area):
        return {c.key: (c.filed, c.now) for c in Hindsight(self.county, area, SEPTEMBER).changes if c.difference}

    def test_nothing_differs_while_nobody_learns_anything(self):
        self.assertEqual((self.changed(COUNTY), self.names(COUNTY, "away")), ({}, {}))

    def test_the_names_that_differ_make_up_the_difference(self):
        self.know_better()
        self.assertEqual(self.changed(HOME)["away.female"], (1, 0))
        self.assertNotIn("away", self.changed(HOME))
        self.assertEqual(self.names(HOME, "away"), {"祁海英": (1, 0), "李占彪": (0, 1)})
        self.assertEqual(self.changed(HOME[:9])["away"], (2, 3))
        self.assertEqual(self.changed(COUNTY)["away"], (2, 4))
        for area in (HOME, HOME[:9], COUNTY):
            hindsight = Hindsight(self.county, area, SEPTEMBER)
            for change in hindsight.changes:
                if change.key != "opening":
                    differing = sum(row.difference for row in hindsight.names(change.key))
                    self.assertEqual(differing, change.difference, (area, change.key))

    def test_a_village_that_is_not_in_is_left_out_of_both(self):
        self.know_better()
        actions.send_back(self.ret(village=FAR), by=self.zhao, reason="请核对")
        self.assertEqual(self.changed(COUNTY)["away"], (2, 3))

    def test_pages_for_village_station_and_county(self):
        self.know_better()
        answer = self.get(self.li, "known_now", HOME, SEPTEMBER)
        self.assertContains(answer, "Women")
        self.assertNotContains(answer, "Opening")
        names = self.get(self.li, "known_now_names", HOME, SEPTEMBER, "away.female")
        self.assertContains(names, "祁海英")
        self.assertContains(names, 'data-sum="-1"')
        county = self.get(self.zhao, "known_now_names", COUNTY, SEPTEMBER, "away")
        for name in ("祁海英", "李占彪", "严生福", "韩进财"):
            self.assertContains(county, name)
        self.assertNotContains(self.get(self.wang, "known_now_names", HOME[:9], SEPTEMBER, "away"), "韩进财")

    def test_a_county_with_many_people_opens_by_township(self):
        self.know_better()
        with mock.patch("reports.views.finding.MOST_PEOPLE", 2):
            answer = self.get(self.zhao, "known_now", COUNTY, SEPTEMBER)
            self.assertContains(answer, f"/totals/{HOME[:9]}/2026-09/known-now/")
            self.assertEqual(self.get(self.zhao, "known_now_names", COUNTY, SEPTEMBER, "away").status_code, 302)
            self.assertContains(self.get(self.wang, "known_now", HOME[:9], SEPTEMBER), "As known now")

    def test_strangers_and_unknown_figures_find_nothing(self):
        for who, place, key in (
            (self.sun, HOME, "away"), (self.wang, COUNTY, "away"), (self.li, HOME, "away.nowhere"),
        ):
            self.assertEqual(self.get(who, "known_now_names", place, SEPTEMBER, key).status_code, 404)

    def test_the_number_of_queries_does_not_grow_with_the_villages(self):
        self.know_better()
        township = self.queries(self.zhao, "known_now_names", HOME[:9], SEPTEMBER, "away")
        townships = Township.objects.filter(villages__files_from__isnull=False).distinct().count()
        county = self.queries(self.zhao, "known_now_names", COUNTY, SEPTEMBER, "away")
        self.assertLessEqual(county, township + (townships - 1) * READ_OF_A_TOWNSHIP)


class ReopeningPages(PageCase):
    def build(self):
        super().build()
        transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500)
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)

    def test_the_county_reopens_one_return_on_its_page(self):
        self.assertContains(self.get(self.zhao, "return", HOME, SEPTEMBER), "Why it is reopened")
        self.assertNotContains(self.get(self.wang, "return", HOME, SEPTEMBER), "Why it is reopened")
        answer = self.post(self.zhao, "return_reopen", HOME, SEPTEMBER, reason="有人漏报")
        self.assertContains(answer, "September 2026 of")
        self.assertContains(answer, "until it is locked again, version 1 counts")
        village = self.get(self.li, "return", HOME, SEPTEMBER)
        self.assertContains(village, "有人漏报")
        self.assertContains(village, "/submit/")
        self.assertContains(self.post(self.zhao, "return_close", HOME, SEPTEMBER), "is locked again as it was")

    def test_a_reason_is_asked_and_many_are_reopened_at_once(self):
        chosen = [self.ret(village=village).pk for village in (HOME, FAR)]
        answer = self.post(self.zhao, "month_reopen", SEPTEMBER, chosen=chosen)
        self.assertContains(answer, "Say why")
        self.assertContains(answer, "checked", count=2)
        answer = self.post(self.zhao, "month_reopen", SEPTEMBER, chosen=chosen, reason="口径变了")
        self.assertContains(answer, "2 returns are reopened")
        self.assertContains(self.get(self.zhao, "board", SEPTEMBER), "Their locked versions count")

    def test_the_lock_page_tells_the_figure_that_will_be_locked(self):
        actions.reopen([self.ret()], by=self.zhao, reason="有人漏报")
        transfer(worker("祁海英", sex="female"), date(2026, 9, 8))
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        actions.approve([self.ret()], by=self.wang)
        self.assertContains(self.get(self.zhao, "lock", SEPTEMBER), "1 approved return becomes frozen, 2 persons away")

    def test_only_the_newest_locked_month_offers_it(self):
        self.assertContains(self.get(self.zhao, "board", SEPTEMBER), "Reopen…")
        self.assertNotContains(self.get(self.zhao, "board", SEPTEMBER.next), "Reopen…")
        self.assertContains(self.get(self.zhao, "month_reopen", SEPTEMBER.next), "Nothing here can be reopened")

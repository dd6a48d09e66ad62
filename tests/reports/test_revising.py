"""How far a month moved after it was filed, by whom and why."""

from datetime import date

from laborreg import clock
from reports import actions
from reports.revising import Revisions
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

STATION = HOME[:9]


class Revising(PageCase):
    """September: home filed 1 away, was sent back, filed 3; next door was reopened after the lock; then one came to light."""

    def build(self):
        super().build()
        transfer(worker("甲", HOME), date(2026, 5, 3))
        transfer(worker("乙", NEXT_DOOR), date(2026, 5, 3))
        self.submit(SEPTEMBER, HOME, self.li)
        actions.send_back(self.ret(SEPTEMBER, HOME), by=self.wang, reason="漏报两人")
        for name in ("丙", "丁"):
            transfer(worker(name, HOME), date(2026, 6, 1))
        for village, author in ((HOME, self.li), (NEXT_DOOR, self.second), (FAR, self.sun)):
            self.submit(SEPTEMBER, village, author)
        actions.approve([self.ret(SEPTEMBER, HOME), self.ret(SEPTEMBER, NEXT_DOOR)], by=self.wang)
        actions.approve([self.ret(SEPTEMBER, FAR)], by=self.wang2)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        actions.reopen([self.ret(SEPTEMBER, NEXT_DOOR)], by=self.zhao, reason="有人已返乡")
        transfer(worker("戊", NEXT_DOOR), date(2026, 9, 2))
        clock.pin(date(2026, 11, 2))
        actions.submit(
            [self.ret(SEPTEMBER, NEXT_DOOR)], by=self.second, explanations=actions.AS_IN_THE_LEDGER,
        )
        actions.approve([self.ret(SEPTEMBER, NEXT_DOOR)], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        transfer(worker("己", HOME), date(2026, 9, 20))

    def of(self, area=COUNTY, at=9, reads_ledger=True):
        return Revisions(self.county, area, SEPTEMBER, at=at, reads_ledger=reads_ledger)

    def test_first_counted_and_known_now_by_part(self):
        away = self.of().part(STATION, "away")
        self.assertEqual((away.first, away.counted, away.now), (2, 5, 6))
        self.assertEqual((away.corrected, away.since, away.whole, away.share), (3, 1, 4, 2.0))
        home = self.of(STATION, 12).part(HOME, "away")
        self.assertEqual((home.first, home.counted, home.now), (1, 3, 4))
        whole = dict(self.of().figures())["away"]
        self.assertEqual((whole.first, whole.counted, whole.now), (2, 5, 6))
        self.assertFalse(self.of().part(FAR[:9], "away").has_moved)
        self.assertIsNone(self.of(reads_ledger=False).part(STATION, "away").since)

    def test_of_a_large_county_those_away_are_known_all_the_same(self):
        self.assertEqual(self.of(reads_ledger=False).away_of_many(), dict(self.of().figures())["away"])

    def test_every_later_version_says_who_and_why(self):
        steps = [(s.version.village_id, s.was, s.became, s.reason, s.reopened, s.asked_by) for s in self.of().steps("away")]
        self.assertCountEqual(steps, [
            (NEXT_DOOR, 1, 2, "有人已返乡", True, self.zhao), (HOME, 1, 3, "漏报两人", False, self.wang),
        ])

    def test_what_came_late_stands_with_the_month_that_counts_it(self):
        self.assertEqual(self.of().late(), [])
        self.submit(OCTOBER, HOME, self.li)
        late = [(each.month, each.key, each.persons, each.amount) for each in self.of(HOME, 12).late()]
        self.assertEqual(late, [(OCTOBER, "late", 1, 1), (OCTOBER, "late.left", 1, 1)])

    def test_the_page_opens_to_parts_names_and_versions(self):
        page = self.get(self.zhao, "revisions", COUNTY, SEPTEMBER)
        self.assertContains(page, "漏报两人")
        self.assertContains(page, f"/totals/{STATION}/2026-09/revisions/?figure=away")
        self.assertContains(page, f"/totals/{COUNTY}/2026-09/known-now/away/")
        self.assertContains(self.get(self.li, "revisions", HOME, SEPTEMBER), "version=2")
        self.assertEqual(self.get(self.zhao, "revisions", COUNTY, SEPTEMBER, figure="nothing").status_code, 404)
        self.assertEqual(self.get(self.leader, "revisions", COUNTY, SEPTEMBER).status_code, 404)
        self.assertContains(self.get(self.zhao, "revisions", FAR, SEPTEMBER), "Nothing moved")

    def test_a_county_asks_no_more_than_a_township(self):
        of_township = self.queries(self.zhao, "revisions", STATION, SEPTEMBER)
        self.assertLessEqual(self.queries(self.zhao, "revisions", COUNTY, SEPTEMBER), of_township + 2)

"""A township on one page, the wall, and the reminders of a month."""

from datetime import date

from laborreg import clock
from officers.models import Message
from reports import actions, reminding
from reports.models import Reminder
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township

STATION, OVER_THERE = HOME[:9], FAR[:9]


class ProfileCase(PageCase):
    def build(self):
        super().build()
        Township.objects.filter(pk=STATION).update(station_phone="0971-2722345", head_name="王建国")
        for n in range(3):
            transfer(worker(f"甲{n}"), date(2026, 9, 3), pay=4000)
        transfer(worker("乙", FAR), date(2026, 9, 3), pay=4000)
        self.file_all(SEPTEMBER)


class Profiles(ProfileCase):
    def test_the_county_sees_its_rank_and_whom_to_call(self):
        page = self.get(self.zhao, "profile", STATION, SEPTEMBER)
        first = page.context["standings"][0]
        self.assertEqual((first.text, first.of_county, first.rank, first.among), ("3", "4", 1, 2))
        self.assertContains(page, "0971-2722345")
        self.assertContains(page, "王建国")
        called = {row.part.area.code: [officer.username for officer in row.officers] for row in page.context["villages"]}
        self.assertEqual(called, {HOME: ["li"], NEXT_DOOR: ["second"]})

    def test_it_asks_as_often_for_more_villages_as_for_one(self):
        few, many = (self.queries(self.zhao, "profile", township, SEPTEMBER) for township in (OVER_THERE, STATION))
        self.assertEqual(few, many)

    def test_a_station_sees_no_rank_since_it_sees_no_other_township(self):
        page = self.get(self.wang, "profile", STATION, SEPTEMBER)
        self.assertEqual({(row.rank, row.of_county) for row in page.context["standings"]}, {(None, "")})
        self.assertEqual(self.get(self.wang, "profile", OVER_THERE, SEPTEMBER).status_code, 404)
        self.assertEqual(self.get(self.zhao, "profile", COUNTY, SEPTEMBER).status_code, 404)

    def test_each_figure_opens_what_is_behind_it(self):
        page = self.get(self.wang, "profile", STATION, SEPTEMBER)
        for row in page.context["standings"]:
            with self.subTest(row.label):
                self.assertEqual(bool(row.url), row.text != "–")
                if row.url:
                    self.assertContains(page, f'href="{row.url}"')
                    self.assertEqual(self.client.get(row.url).status_code, 200)
        for row in page.context["villages"]:
            self.assertEqual(bool(row.url), bool(row.part.progress.received))
            if row.url:
                self.assertEqual(self.client.get(row.url).status_code, 200)

    def test_a_leader_sees_no_village_and_no_small_number(self):
        page = self.get(self.leader, "profile", OVER_THERE, SEPTEMBER)
        self.assertEqual(page.context["villages"], [])
        self.assertEqual(page.context["standings"][0].text, "*")
        self.assertNotContains(page, "/returns/")

    def test_quality_counts_late_sent_back_and_reopened_returns(self):
        before = self.get(self.zhao, "profile", STATION, OCTOBER).context["quality"]
        self.assertEqual((before.expected, before.received, before.late, before.sent_back, before.reopened), (4, 2, 0, 0, 0))
        actions.send_back(self.ret(SEPTEMBER, HOME), by=self.zhao, reason="请核对")
        self.submit(SEPTEMBER, HOME, self.li)
        actions.approve([self.ret(SEPTEMBER, HOME)], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        actions.reopen([self.ret(SEPTEMBER, NEXT_DOOR)], by=self.zhao, reason="有人漏报")
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        after = self.get(self.zhao, "profile", STATION, OCTOBER).context["quality"]
        self.assertEqual((after.sent_back, after.reopened), (1, 1))


class Wall(ProfileCase):
    def test_it_refreshes_itself_and_hides_small_numbers_from_whoever_passes(self):
        for officer in (self.zhao, self.leader):
            page = self.get(officer, "wall")
            self.assertEqual(page.headers["Refresh"], "300")
            self.assertNotContains(page, "/returns/")
            self.assertNotContains(page, "/figures/")
        clock.pin(date(2026, 10, 20))
        by_code = {part.area.code: part.away for part in self.get(self.zhao, "wall").context["parts"]}
        self.assertEqual(by_code[OVER_THERE], "*")

    def test_whoever_reads_along_can_stop_it(self):
        self.assertNotIn("Refresh", self.get(self.zhao, "wall", still=1).headers)

    def test_it_is_the_county_s_alone(self):
        for officer in (self.li, self.wang, self.admin):
            self.assertEqual(self.get(officer, "wall").status_code, 404)


class Reminders(ProfileCase):
    def test_the_words_that_were_sent_stand_under_their_village(self):
        Message.objects.all().delete()
        self.submit(OCTOBER, HOME, self.li)
        reminding.remind(self.county, OCTOBER, by=self.zhao, areas=[COUNTY])
        page = self.get(self.zhao, "reminders", OCTOBER)
        sent = {township.code: [(row.village.code, row.text) for row in rows] for township, rows in page.context["sent"].items()}
        self.assertEqual({code: [village for village, _text in rows] for code, rows in sent.items()},
                         {STATION: [NEXT_DOOR], OVER_THERE: [FAR]})
        self.assertIn("October 2026 of 元树尔村 is not in", sent[STATION][0][1])
        self.assertEqual([row.village.code for rows in page.context["stations"].values() for row in rows], [NEXT_DOOR, FAR])
        own = self.get(self.wang, "reminders", OCTOBER)
        self.assertEqual([township.code for township in own.context["sent"]], [STATION])
        self.assertEqual(Reminder.objects.count(), 2)

"""The share of brokers trained: who counts on which day, and what an officer sees of it."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brokers import training
from brokers.actions import associations, courses
from brokers.models import Broker
from brokers.training import Share, Training
from tests.brokers.desk import FAR_STATION, STATION, Desk
from tests.cast import COUNTY, HOME


class Trained(Desk):
    def passed(self, broker, ended_on, expires_on=None, *, name="班"):
        course = courses.start_course(by=self.people["zhao"], place_code=COUNTY, name=f"{name}{broker.name}{ended_on}", hours="8",
                                      from_on=ended_on, to_on=ended_on)
        [row] = courses.add_to_course(course, [broker], by=self.people["zhao"])
        result = courses.Result(True, True, "", expires_on)
        return courses.record_results(course, {row.pk: result}, by=self.people["zhao"], version=1)

    def shares(self, day):
        return Training(Broker.objects.visible_to(self.people["zhao"])).by_area(day, 9)

    def test_by_township_and_day(self):
        self.passed(self.ma, "2025-06-01")
        self.passed(self.sun_broker, "2026-01-01")
        self.assertEqual(self.shares(date(2025, 12, 31)), {STATION: Share(3, 1, 0), FAR_STATION: Share(1, 0, 0)})
        self.assertEqual(self.shares(date(2026, 11, 4)), {STATION: Share(3, 1, 0), FAR_STATION: Share(1, 1, 0)})
        self.assertEqual(self.shares(date(2024, 2, 28)), {})

    def test_twice_is_once_and_who_stopped_or_was_merged_is_none(self):
        self.passed(self.ma, "2025-06-01")
        self.passed(self.ma, "2026-06-01")
        self.passed(self.han, "2025-06-01")
        Broker.objects.filter(pk=self.han.pk).update(stopped_on=date(2026, 3, 1))
        Broker.objects.filter(pk=self.li_broker.pk).update(merged_into=self.ma)
        self.assertEqual(self.shares(date(2025, 12, 31))[STATION], Share(2, 2, 0))
        self.assertEqual(self.shares(date(2026, 11, 4))[STATION], Share(1, 1, 0))

    def test_who_is_suspended_works_on_no_page(self):
        """One sentence for the association, the branch, the training and the ranking; and the parts add up."""
        facts = {"state": "suspended", "filed_on": date(2025, 1, 1), "certificate_number": "1", "certificate_word": "w"}
        associations.join([self.ma, self.han], by=self.people["zhao"], joined_on="2024-05-01")
        Broker.objects.filter(pk=self.han.pk).update(**facts)
        self.assertEqual(self.shares(date(2026, 11, 4))[STATION], Share(2, 0, 0))
        row = self.get("zhao", reverse("association")).context["rows"][0]
        self.assertEqual((row.brokers, row.joined, row.working, row.share_of_members), (2, 2, 1, 0.5))
        page = self.get("wang", reverse("branch", args=[STATION]))
        said = page.context
        self.assertEqual(said["share"].brokers, len(said["members"]) - said["idle"] + len(said["others"]))
        self.assertContains(page, "1 of them does not work")
        ranking = self.get("zhao", reverse("ranking")).context["ranking"]
        self.assertEqual((ranking.total.working, ranking.by_township[0].working), (3, 2))

    def test_an_expired_certificate_counts_and_is_told(self):
        self.passed(self.ma, "2025-06-01", date(2026, 6, 1))
        self.assertEqual(self.shares(date(2026, 6, 1))[STATION], Share(3, 1, 0))
        self.assertEqual(self.shares(date(2026, 6, 2))[STATION], Share(3, 1, 1))
        self.passed(self.ma, "2026-07-01", date(2029, 7, 1))
        self.assertEqual(self.shares(date(2026, 11, 4))[STATION], Share(3, 1, 0))

    def test_certificates_that_end_within_sixty_days(self):
        self.passed(self.ma, "2025-06-01", date(2027, 1, 3))
        self.passed(self.han, "2025-06-01", date(2027, 1, 4))
        self.passed(self.li_broker, "2025-06-01", date(2026, 12, 1))
        self.passed(self.li_broker, "2026-06-01", date(2029, 12, 1))
        self.passed(self.sun_broker, "2025-06-01", date(2026, 11, 4))
        for name, whose in (("zhao", ["孙有才", "马占海"]), ("wang", ["马占海"]), ("li", ["马占海"]), ("sun", ["孙有才"])):
            self.assertEqual([row.broker.name for row in training.expiring(self.people[name])], whose)
        page = self.get("wang", reverse("courses"), view="expiring")
        self.assertContains(page, "2027-01-03")
        self.assertNotContains(page, "孙有才")
        self.assertContains(self.get("wang", reverse("branch", args=[STATION])), "1 certificate ends within 60 days.")

    def test_every_number_opens_its_brokers(self):
        self.passed(self.ma, "2025-06-01", date(2026, 6, 1))
        page, people = self.get("zhao", reverse("training")), reverse("association_people")
        cell = page.context["rows"][0][1][-1]
        self.assertEqual((cell.brokers, cell.trained, cell.expired), (3, 1, 1))
        for which, count in (("brokers", 3), ("trained", 1), ("expired", 1), ("untrained", 2)):
            listed = self.get("zhao", people, which=which, area=STATION, year=2026)
            self.assertEqual(listed.context["page_obj"].paginator.count, count)
        self.assertEqual(self.get("zhao", people, which="trained", year=2024).context["page_obj"].paginator.count, 0)
        self.get("wang", people, status=404, area=FAR_STATION)
        self.get("leader", people, status=404)

    def test_a_station_sees_its_villages_and_an_officer_her_own(self):
        rows = self.get("wang", reverse("training")).context["rows"]
        self.assertEqual([area.pk[:9] for area, _cells in rows], [STATION, STATION])
        self.assertEqual([area.pk for area, _cells in self.get("li", reverse("training")).context["rows"]], [HOME])

    def test_a_leader_reads_no_small_number_and_no_name(self):
        self.passed(self.ma, "2025-06-01")
        page = self.get("leader", reverse("training"))
        self.assertNotContains(page, "association/people")
        cells = [cells[-1] for _area, cells in page.context["rows"]]
        # One broker far away would tell the three at home, who are four in all.
        self.assertEqual([(cell.brokers, cell.trained) for cell in cells], [("*", "<3"), ("<3", "<3")])

    def test_as_many_queries_for_more_brokers(self):
        self.sign_in("zhao")
        for name in ("training", "association", "courses"):
            with self.subTest(name):
                self.client.get(reverse(name))
                with CaptureQueriesContext(connection) as few:
                    self.client.get(reverse(name))
                for number in "一二三":
                    self.passed(self.broker(f"{name[0]}新{number}"), "2026-06-01", name=number)
                with self.assertNumQueries(len(few)):
                    self.client.get(reverse(name))

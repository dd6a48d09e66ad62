"""The pages of courses: who holds one, the ticks, everybody's result on one form, the list on paper."""

from datetime import date

from django.urls import reverse

from brokers.actions import courses as actions
from brokers.models import Attendance, Course
from tests.brokers.desk import STATION, Desk
from tests.cast import COUNTY

FACTS = {"name": "培训班", "hours": "24", "from_on": "2026-10-12", "to_on": "2026-10-14", "version": 1}


class Courses(Desk):
    def setUp(self):
        super().setUp()
        facts = {name: FACTS[name] for name in ("hours", "from_on", "to_on")}
        self.county_wide = actions.start_course(by=self.people["zhao"], place_code=COUNTY, name="县班", **facts)
        self.of_station = actions.start_course(by=self.people["wang"], place_code=STATION, name="镇班", **facts)
        actions.add_to_course(self.county_wide, [self.ma, self.sun_broker], by=self.people["zhao"])
        [self.row] = actions.add_to_course(self.of_station, [self.ma], by=self.people["wang"])

    def url(self, name, course=None):
        return reverse(name, args=[(course or self.of_station).pk])

    def test_a_course_without_choosing_the_place_where_there_is_one(self):
        self.assertNotContains(self.get("wang", reverse("course_new")), "Held by")
        self.post("wang", reverse("course_new"), FACTS | {"place_code": STATION})
        self.assertEqual(Course.objects.get(name="培训班").place_code, STATION)
        page = self.post("wang", reverse("course_new"), FACTS | {"place_code": COUNTY, "name": "越权"}, status=200)
        self.assertContains(page, "越权")
        self.assertFalse(Course.objects.filter(name="越权").exists())

    def test_a_refusal_keeps_what_was_typed(self):
        page = self.post("wang", reverse("course_new"), FACTS | {"place_code": STATION, "to_on": "2026-10-01"}, status=200)
        self.assertContains(page, "The last day lies before the first.")
        self.assertContains(page, 'value="培训班"')

    def test_everybody_sees_the_courses_of_the_places_above_with_the_own_brokers_only(self):
        page = self.get("li", reverse("courses"))
        self.assertContains(page, "县班")
        self.assertEqual({row.name: row.expected for row in page.context["page_obj"]}, {"县班": 1, "镇班": 1})
        for name, seen, unseen in (("li", "马占海", "孙有才"), ("sun", "孙有才", "马占海"), ("wang", "马占海", "孙有才")):
            for page in ("course", "course_paper"):
                answer = self.get(name, self.url(page, self.county_wide))
                self.assertContains(answer, seen)
                self.assertNotContains(answer, unseen)

    def test_only_the_holder_changes_it(self):
        for page in ("course_edit", "course_people", "course_results"):
            for name, course in (("wang", self.county_wide), ("li", self.of_station), ("leader", self.of_station)):
                self.get(name, self.url(page, course), status=404)
        self.post("wang", self.url("course_remove", self.county_wide), {}, status=404)
        for page in ("course", "course_paper", "course_results"):
            self.get("sun", self.url(page), status=404)

    def test_brokers_are_found_and_ticked(self):
        page = self.get("wang", self.url("course_people"))
        self.assertEqual([row.name for row in page.context["page_obj"]], ["韩有福", "李得山"])
        type(self.han).objects.filter(pk=self.han.pk).update(name_pinyin="hanyoufu", name_initials="hyf")
        for q in ("韩", "hanyou", "hyf"):
            found = self.get("wang", self.url("course_people"), q=q).context["page_obj"]
            self.assertEqual([row.name for row in found], ["韩有福"])
        self.post("wang", self.url("course_people"), {"broker": [self.han.pk, self.li_broker.pk, self.sun_broker.pk]})
        self.assertEqual(self.of_station.attendances.count(), 3)
        self.assertContains(self.get("wang", self.url("course_people")), "2 brokers are on the list now.")

    def test_off_the_list(self):
        self.post("wang", self.url("course_remove"), {"attendance": self.row.pk})
        self.assertEqual(self.of_station.attendances.count(), 0)
        self.post("wang", self.url("course_remove"), {"attendance": "²"})
        self.assertContains(self.get("wang", self.url("course")), "Choose who is taken off the list")

    def test_results_with_the_years_typed_once(self):
        [other] = actions.add_to_course(self.of_station, [self.han], by=self.people["wang"])
        self.assertContains(self.get("wang", self.url("course_results")), "from 2026-0001 on")
        data = {"version": 1, "years": "3", "passed": [self.row.pk, other.pk], f"until-{other.pk}": "2028-01-01"}
        self.post("wang", self.url("course_results"), data)
        found = {row.broker.name: (row.certificate_number, row.expires_on)
                 for row in Attendance.objects.filter(course=self.of_station)}
        self.assertEqual(found, {"马占海": ("2026-0001", date(2029, 10, 14)), "韩有福": ("2026-0002", date(2028, 1, 1))})
        page = self.get("wang", self.url("course"), which="passed")
        self.assertEqual(len(page.context["attendances"]), 2)
        self.get("wang", self.url("course_edit"))
        self.assertContains(self.post("wang", self.url("course_edit"), FACTS | {"version": 2}, status=200), "cannot be changed")

    def test_results_that_are_refused_keep_what_was_ticked(self):
        number, until = f"number-{self.row.pk}", f"until-{self.row.pk}"
        page = self.post("wang", self.url("course_results"), {"version": 1, "there": self.row.pk, number: "77"}, status=200)
        self.assertContains(page, "马占海 has a certificate without having passed.")
        self.assertContains(page, 'value="77"')
        self.assertContains(page, 'aria-label="马占海: Was there" checked')
        page = self.post("wang", self.url("course_results"), {"version": 1, "passed": self.row.pk, until: "soon"}, status=200)
        self.assertContains(page, "“soon” is not a date")
        page = self.post("wang", self.url("course_results"), {"version": 0, "passed": self.row.pk}, status=200)
        self.assertContains(page, "Somebody saved this record")
        self.post("wang", self.url("course_results"), {"version": 1, "passed": self.row.pk})

    def test_the_list_on_paper_has_room_for_signatures(self):
        page = self.get("wang", self.url("course_paper"))
        self.assertContains(page, "Signature")
        self.assertContains(page, "马占海")
        self.assertNotContains(page, "13900001234")

"""Training of workers: the register, who may keep it, and the one figure counted from it."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from laborreg import clock
from laborreg.months import Month
from officers.roles import NotYours
from support import trained
from support.actions import training as actions
from support.actions.training import Outcome
from support.models import TrainedWorker, TrainingCourse
from tests import cast
from tests.brokers.desk import FAR_STATION, STATION, Desk
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from workers.models import Registration

FACTS = {"kind": "skills", "subject": "拉面制作", "hours": "120", "begins_on": "2026-05-11", "ends_on": "2026-05-20"}
MAY, OCTOBER = Month(2026, 5), Month(2026, 10)


class Training(Desk):
    def build(self):
        super().build()
        self.wang, self.zhao = self.people["wang"], self.people["zhao"]
        self.ma, self.next_door, self.far = cast.worker("马成龙"), cast.worker("祁海英", NEXT_DOOR), cast.worker("东门人", FAR)
        self.course = actions.start_training(by=self.wang, place_code=STATION, **FACTS)
        self.wide = actions.start_training(by=self.zhao, place_code=COUNTY, **FACTS | {"kind": "start_up", "subject": "创业"})

    def record(self, course, by, **results):
        """{name of the worker: result}."""
        rows = course.trained.valid().select_related("worker")
        outcomes = {row.pk: Outcome(results.get(row.worker.name, "")) for row in rows}
        return actions.record_training(course, outcomes, by=by, version=TrainingCourse.objects.get(pk=course.pk).version)


class Keeping(Training):
    def test_station_and_county_hold_courses_and_nobody_else(self):
        for name in ("li", "leader", "admin", "sun"):
            with self.assertRaises(NotYours):
                actions.start_training(by=self.people[name], place_code=STATION, **FACTS | {"subject": "电焊"})
        self.refuses("may not", actions.start_training, by=self.wang, place_code=FAR_STATION, **FACTS)
        self.refuses("begins on", actions.start_training, by=self.wang, place_code=STATION, **FACTS)
        self.refuses("before the first", actions.start_training, by=self.wang, place_code=STATION,
                     **FACTS | {"ends_on": "2026-05-01"})

    def test_only_people_registered_at_the_place_are_added_and_once(self):
        actions.add_to_training(self.course, [self.ma, self.far], by=self.wang)
        self.assertEqual([row.worker for row in self.course.trained.all()], [self.ma])
        self.refuses("on the list already", actions.add_to_training, self.course, [self.ma], by=self.wang)
        self.ma.registrations.update(to_on=date(2026, 11, 1), left_how="left_county")
        self.refuses("Choose who", actions.add_to_training, self.wide, [self.ma], by=self.zhao)

    def test_results_are_recorded_after_the_end_and_may_be_corrected(self):
        actions.add_to_training(self.course, [self.ma, self.next_door], by=self.wang)
        one, two = self.course.trained.order_by("pk")
        said = {one.pk: Outcome("passed", "T1"), two.pk: Outcome("failed")}
        actions.record_training(self.course, said, by=self.wang, version=1)
        self.refuses("certificate", actions.record_training, self.course, said | {two.pk: Outcome("absent", "T2")},
                     by=self.wang, version=2)
        actions.record_training(self.course, said | {two.pk: Outcome("passed", "T2")}, by=self.wang, version=2)
        self.assertEqual(set(TrainedWorker.objects.values_list("result", "certificate_number")),
                         {("passed", "T1"), ("passed", "T2")})
        actions.add_to_training(self.wide, [self.far], by=self.zhao)
        [row] = self.wide.trained.all()
        self.refuses("another certificate's", actions.record_training, self.wide, {row.pk: Outcome("passed", "T1")},
                     by=self.zhao, version=1)
        self.refuses("cannot be changed", actions.edit_training, self.course, by=self.wang, version=3, **FACTS)

    def test_nothing_is_deleted(self):
        actions.add_to_training(self.course, [self.ma, self.next_door], by=self.wang)
        self.record(self.course, self.wang, 马成龙="passed", 祁海英="passed")
        row = self.course.trained.get(worker=self.ma)
        self.refuses("reason", actions.void_trained, [row], "", by=self.wang)
        actions.void_trained([row], "不是本人", by=self.wang)
        self.assertEqual(TrainedWorker.objects.get(pk=row.pk).void_reason, "不是本人")
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=6), {COUNTY: 1})
        actions.void_training(self.course, "重复登记", by=self.wang)
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=6), {})
        self.assertEqual(TrainingCourse.objects.count(), 2)
        actions.start_training(by=self.wang, place_code=STATION, **FACTS)


class Counting(Training):
    def setUp(self):
        super().setUp()
        for course, by, people in ((self.course, self.wang, [self.ma, self.next_door]),
                                   (self.wide, self.zhao, [self.ma, self.far])):
            actions.add_to_training(course, people, by=by)
        self.record(self.course, self.wang, 马成龙="passed", 祁海英="failed")
        self.record(self.wide, self.zhao, 马成龙="passed", 东门人="passed")

    def test_distinct_persons_who_passed_by_village_of_registration(self):
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=12), {HOME: 1, FAR: 1})
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=6, figure="training.skills"), {COUNTY: 1})
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=6, figure="training.start_up"), {COUNTY: 2})
        self.assertEqual(trained.persons(COUNTY, MAY.previous, at=6), {}, "the course was not over")
        self.assertEqual(trained.persons(COUNTY, Month(2027, 1), at=6), {}, "another year")

    def test_a_person_entered_twice_and_merged_is_one_where_the_entry_that_stays_is(self):
        type(self.far).objects.filter(pk=self.far.pk).update(merged_into=self.ma)
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=12), {HOME: 1})

    def test_nobody_counts_who_was_merged_into_an_entry_that_was_a_mistake(self):
        type(self.far).objects.filter(pk=self.far.pk).update(merged_into=self.ma)
        type(self.ma).objects.filter(pk=self.ma.pk).update(voided_at=clock.now(), void_reason="误登")
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=12), {})

    def test_a_move_takes_the_training_along_from_its_day_on(self):
        type(self.ma).objects.filter(pk=self.ma.pk).update(village=FAR)
        moved_on = date(2026, 11, 1)
        Registration.objects.filter(worker=self.ma).update(to_on=moved_on, left_how="moved")
        Registration.objects.create(worker=self.ma, county_id=COUNTY, village_id=FAR, from_on=moved_on, how="moved")
        self.assertEqual(trained.persons(COUNTY, OCTOBER, at=12), {HOME: 1, FAR: 1})
        self.assertEqual(trained.persons(COUNTY, OCTOBER.next, at=12), {FAR: 2})
        page = self.get("zhao", reverse("trained_people", args=[HOME, "2026-10"]))
        self.assertContains(page, "马成龙")
        self.assertContains(self.get("wang", reverse("trained_people", args=[STATION, "2026-10"])), "1 more person was")

    def test_the_names_behind_are_as_many_and_of_ones_own_places(self):
        page = self.get("zhao", reverse("trained_people", args=[COUNTY, "2026-10"]))
        self.assertEqual(len({row.person for row in page.context["page_obj"]}), 2)
        page = self.get("wang", reverse("trained_people", args=[STATION, "2026-10"]))
        self.assertContains(page, "马成龙")
        self.assertNotContains(page, "东门人")
        self.get("wang", reverse("trained_people", args=[COUNTY, "2026-10"]), status=404)
        self.get("leader", reverse("trained_people", args=[COUNTY, "2026-10"]), status=404)

    def test_the_page_of_the_person_and_the_paper_show_it(self):
        self.assertContains(self.get("li", reverse("person", args=[self.ma.pk])), "拉面制作")
        paper = self.get("li", reverse("training_paper", args=[self.wide.pk]))
        self.assertContains(paper, "马成龙")
        self.assertNotContains(paper, "东门人")

    def test_the_list_as_a_workbook(self):
        answer = self.post("wang", reverse("training_export", args=[self.course.pk]), {}, status=200)
        rows = list(load_workbook(BytesIO(answer.content)).active.values)
        self.assertEqual([row[1] for row in rows[3:]], ["马成龙", "祁海英"])


class Pages(Training):
    def test_from_the_new_course_to_the_results(self):
        facts = FACTS | {"subject": "电焊", "place_code": STATION}
        self.post("wang", reverse("training_new"), facts)
        course = TrainingCourse.objects.get(subject="电焊")
        page = self.get("wang", reverse("training_people", args=[course.pk]), q="马")
        self.assertEqual([who.name for who in page.context["page_obj"]], ["马成龙"])
        self.post("wang", reverse("training_people", args=[course.pk]), {"worker": [self.ma.pk, self.far.pk]})
        [row] = course.trained.all()
        said = {"version": 1, f"result-{row.pk}": "passed", f"number-{row.pk}": "T9"}
        self.post("wang", reverse("training_results", args=[course.pk]), said)
        self.assertContains(self.get("li", reverse("training_course", args=[course.pk])), "T9")
        self.post("wang", reverse("training_remove", args=[course.pk]), {"trained": row.pk, "reason": ""})
        self.assertContains(self.get("wang", reverse("training_course", args=[course.pk])), "Give the reason.")

    def test_the_rest_passed_is_filled_in_and_what_is_known_is_told(self):
        actions.add_to_training(self.course, [self.ma, self.next_door], by=self.wang)
        one, two = self.course.trained.order_by("pk")
        address, said = reverse("training_results", args=[self.course.pk]), {"version": 2, f"result-{one.pk}": "failed"}
        filled = self.post("wang", address, said | {"rest": "passed", f"number-{two.pk}": "T7"}, status=200)
        self.assertEqual([filled.context["form"][f"result-{row.pk}"].value() for row in (one, two)], ["failed", "passed"])
        self.assertContains(filled, "T7")
        self.assertFalse(self.course.trained.exclude(result="").exists())
        self.post("wang", address, said | {"version": TrainingCourse.objects.get(pk=self.course.pk).version})
        page = self.get("wang", reverse("training_course", args=[self.course.pk]))
        self.assertContains(page, "Saved: the results of 1 of 2 are known.")
        self.assertContains(page, "no result yet")

    def test_the_countys_course_is_not_the_stations_to_change(self):
        for page in ("training_edit", "training_people", "training_results", "training_void"):
            self.get("wang", reverse(page, args=[self.wide.pk]), status=404)
            self.get("li", reverse(page, args=[self.course.pk]), status=404)
        self.get("sun", reverse("training_course", args=[self.course.pk]), status=404)
        self.get("leader", reverse("trainings"), status=404)

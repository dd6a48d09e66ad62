"""Wang holds a course for her township, Zhao for the county; whoever passes is trained."""

from datetime import date

from brokers.actions import courses as actions
from brokers.actions.courses import Result
from brokers.models import Attendance, Broker, FilingStep
from laborreg.refusals import Stale
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.brokers.desk import FAR_STATION, STATION, Desk
from tests.cast import COUNTY

FACTS = {"name": "培训班", "hours": "24", "from_on": "2026-10-12", "to_on": "2026-10-14"}


class Courses(Desk):
    def start(self, by="wang", place=STATION, **facts):
        return actions.start_course(by=self.people[by], place_code=place, **FACTS | facts)

    def add(self, course, *brokers, by="wang"):
        return actions.add_to_course(course, brokers, by=self.people[by])

    def record(self, course, results, by="wang", version=1):
        return actions.record_results(course, results, by=self.people[by], version=version)

    def test_who_holds_a_course_where(self):
        self.assertEqual(self.start(subject=" 法律 ", hours="２４").hours, 24)
        self.start("zhao", COUNTY, name="县培训班")
        for name, place in (("wang", COUNTY), ("wang", FAR_STATION), ("li", STATION), ("leader", COUNTY)):
            self.refuses("may not train", self.start, name, place, name="别的", refusal=NotYours)

    def test_what_is_refused(self):
        self.start()
        for facts, words in (
            ({}, "“培训班” begins on 2026-10-12 already"),
            ({"hours": "many"}, "a whole number"), ({"hours": "0"}, "a whole number"), ({"name": ""}, "Enter the course"),
            ({"to_on": "2026-10-11"}, "before the first"), ({"to_on": "2028-10-11"}, "Check the years"),
            ({"from_on": "2036-10-12", "to_on": "2036-10-12"}, "Check the years"),
        ):
            self.refuses(words, self.start, **facts)

    def test_it_is_changed_until_there_are_results(self):
        course = actions.edit_course(self.start(), by=self.people["wang"], version=1, hours="16")
        self.assertEqual((course.hours, course.version), (16, 2))
        self.refuses("Somebody saved", actions.edit_course, course, by=self.people["wang"], version=1, hours="8", refusal=Stale)
        [row] = self.add(course, self.ma)
        course = self.record(course, {row.pk: Result(True)}, version=2)
        self.refuses("cannot be changed any more", actions.edit_course, course, by=self.people["wang"], version=3, hours="8")

    def test_only_brokers_of_the_place_go_there(self):
        self.refuses("Choose who goes", self.add, self.start(), self.sun_broker)
        stopped = self.broker("停了", stopped_on=date(2026, 1, 1))
        self.refuses("does not work as a broker", self.add, self.start(name="二"), self.ma, stopped)
        county_wide = self.start("zhao", COUNTY)
        self.assertEqual(len(self.add(county_wide, self.ma, self.sun_broker, by="zhao")), 2)
        self.refuses("may not train", self.add, county_wide, self.han, refusal=NotYours)

    def test_nobody_is_on_the_list_twice(self):
        course = self.start()
        self.add(course, self.ma)
        self.refuses("on the list already", self.add, course, self.han, self.ma)
        self.assertEqual(course.attendances.count(), 1)

    def test_off_the_list_until_there_is_a_result(self):
        course = self.start()
        rows = self.add(course, self.ma, self.han)
        self.assertEqual(actions.remove_from_course(course, rows[:1], by=self.people["wang"]), 1)
        self.record(course, {rows[1].pk: Result(True)})
        self.refuses("whoever has a result stays", actions.remove_from_course, course, rows[1:], by=self.people["wang"])
        self.assertEqual(course.attendances.count(), 1)

    def test_who_passed_was_there_and_gets_the_next_number(self):
        course = self.start()
        han, ma, li = self.add(course, self.ma, self.han, self.li_broker)
        until = date(2029, 10, 14)
        typed = Result(False, True, "2026-0041")
        self.record(course, {ma.pk: Result(False, True, "", until), han.pk: Result(True), li.pk: typed})
        stored = {row.pk: (row.was_there, row.has_passed, row.certificate_number, row.expires_on)
                  for row in Attendance.objects.all()}
        self.assertEqual(stored[ma.pk], (True, True, "2026-0042", until))
        self.assertEqual(stored[han.pk], (True, False, "", None))
        self.assertEqual(stored[li.pk], (True, True, "2026-0041", None))
        self.assertEqual(actions.next_number(course), "2026-0043")
        event = AuditEvent.objects.get(verb="recorded results of a course")
        self.assertEqual(event.detail, {"brokers": 3, "passed": 2})

    def test_results_that_are_refused(self):
        course = self.start()
        rows = self.add(course, self.ma, self.han)
        self.refuses("list has changed", self.record, course, {rows[0].pk: Result(True)})
        both = {row.pk: Result(True, True, "7") for row in rows}
        self.refuses("another certificate's", self.record, course, both)
        early = {row.pk: Result(True, True, "", date(2026, 10, 14)) for row in rows}
        self.refuses("before the course is over", self.record, course, early)
        self.refuses("may not train", self.record, course, both, by="sun", refusal=NotYours)
        running = self.start(name="还没完", to_on="2026-11-05")
        self.refuses("ends on 2026-11-05", self.record, running, {})
        self.assertFalse(Attendance.objects.filter(was_there__isnull=False).exists())

    def test_a_number_of_another_course_is_taken(self):
        first, second = self.start(), self.start(name="第二班")
        [one], [two] = self.add(first, self.ma), self.add(second, self.ma)
        self.record(first, {one.pk: Result(True, True)})
        self.refuses("2026-0001 of 马占海 is another", self.record, second, {two.pk: Result(True, True, "2026-0001")})

    def test_the_second_of_two_clicks(self):
        course = self.start()
        [row] = self.add(course, self.ma)
        self.record(course, {row.pk: Result(True, True)})
        self.refuses("Somebody saved", self.record, course, {row.pk: Result(True, True)}, refusal=Stale)

    def test_results_are_put_right(self):
        course = self.start()
        [row] = self.add(course, self.ma)
        course = self.record(course, {row.pk: Result(True, True)})
        self.record(course, {row.pk: Result(True)}, version=2)
        row.refresh_from_db()
        self.assertEqual((row.has_passed, row.certificate_number), (False, ""))

    def test_the_recommended_who_pass_are_trained(self):
        Broker.objects.filter(pk__in=[self.ma.pk, self.han.pk]).update(state="recommended")
        course = self.start()
        rows = self.add(course, self.ma, self.han, self.li_broker)
        self.record(course, {row.pk: Result(True, row.broker_id != self.han.pk) for row in rows})
        self.assertEqual(list(Broker.objects.order_by("pk").values_list("state", flat=True)),
                         ["trained", "recommended", "registered", "registered"])
        step = FilingStep.objects.get()
        self.assertEqual((step.broker, step.step, step.on, step.by), (self.ma, "trained", course.to_on, self.people["wang"]))

"""Li recommends, Wang publishes, Zhao files; nobody skips a step, and nobody is filed against an objection."""

from datetime import date, timedelta

from brokers import actions, filing
from brokers.models import Attendance, Broker, Course, FilingStep
from laborreg import clock
from laborreg.refusals import Stale
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.brokers.filing_desk import ALL, STATION, BrokerDesk
from tests.cast import FAR
from tests.workers.desk import TODAY, id_number
from villages.models import CountySettings


def steps_of(broker):
    return list(broker.steps.values_list("step", flat=True))


class Filing(BrokerDesk):
    def test_the_whole_way(self):
        broker = self.at("filed")
        self.assertEqual((broker.state, broker.filed_on, broker.certificate_number), ("filed", TODAY, "63012120260001"))
        self.assertEqual(len(broker.certificate_word), 22)
        told = list(broker.steps.values_list("step", "on", "by__username"))
        begun = TODAY - timedelta(days=7)
        self.assertEqual(told, [
            ("recommended", begun, "li"), ("trained", begun, "wang"), ("published", begun, "wang"), ("filed", TODAY, "zhao"),
        ])
        self.assertEqual(self.verbs(), [
            "registered a broker", "recommended a broker", "trained a broker", "published a list of brokers",
            "published a broker", "filed a broker",
        ])
        self.assertEqual(AuditEvent.objects.last().detail, {"certificate": "63012120260001"})
        self.assertEqual([row.state for row in broker.history.order_by("history_id")],
                         ["registered", "recommended", "trained", "published", "filed"])
        self.assertFalse(hasattr(broker.history.model, "certificate_word"))

    def test_the_village_vouches_for_everything_and_the_id_number_is_known(self):
        broker = self.register()
        self.refuses("of whom all of this is true", self.recommend, broker, conditions=ALL[1:])
        without = self.register("祁福", order="")
        self.refuses("Enter the ID number first", self.recommend, without)
        stopped = actions.stop_broker(broker, by=self.li, version=1)
        self.refuses("has stopped as a labor broker", self.recommend, stopped)

    def test_who_may_take_which_step(self):
        broker = self.at("registered")
        for by in (self.sun, self.zhao, self.leader, self.admin):
            self.refuses("may not recommend", self.recommend, broker, by=by, refusal=NotYours)
        broker = self.at("trained", order="013")
        self.refuses("may not train labor brokers", self.publish, broker, by=self.li, refusal=NotYours)
        broker = self.at("published", order="015")
        self.later(7)
        for by in (self.li, self.wang, self.leader):
            self.refuses("may not file", self.file, broker, by=by, refusal=NotYours)

    def test_no_step_is_skipped_and_none_taken_twice(self):
        broker = self.at("registered")
        self.refuses("stands at “Registered”", self.file, broker)
        self.refuses("stands at “Registered”", self.publish, broker)
        recommended = self.recommend(broker)
        self.refuses("stands at “Recommended”", self.recommend, broker)
        self.refuses("stands at “Recommended”", self.recommend, recommended)
        self.assertEqual(steps_of(broker), ["recommended"])

    def test_what_somebody_else_saved_meanwhile_is_looked_at_first(self):
        broker = self.register()
        actions.edit_broker(broker, by=self.wang, version=1, trades="建筑")
        self.refuses("Somebody saved this record", self.recommend, broker, refusal=Stale)

    def test_a_valid_pass_of_a_course_is_training_at_once(self):
        passed, expired = self.register(), self.register("祁福", "013")
        course = Course.objects.create(
            county_id="630121", place_code="630121", name="班", hours=8, from_on=date(2026, 3, 1), to_on=date(2026, 3, 2),
            at=clock.now(),
        )
        for broker, until in ((passed, TODAY), (expired, TODAY - timedelta(days=1))):
            Attendance.objects.create(
                course=course, broker=broker, was_there=True, has_passed=True, certificate_number="1", expires_on=until,
                at=clock.now(),
            )
            self.recommend(broker)
        self.assertEqual([self.now(broker).state for broker in (passed, expired)], ["trained", "recommended"])
        self.assertEqual(steps_of(passed), ["recommended", "trained"])

    def test_training_moves_only_those_who_were_recommended(self):
        one, two, three = self.at("registered"), self.at("recommended", "013"), self.at("published", "015")
        self.train(one, two, three)
        self.assertEqual([broker.state for broker in (one, two, three)], ["registered", "trained", "published"])

    def test_a_pass_that_was_taken_back_or_has_expired_neither_publishes_nor_files(self):
        trained, published = self.at("trained"), self.at("published", "013")
        Attendance.objects.update(has_passed=False)
        self.refuses("No pass of a course holds on this day", self.publish, trained)
        self.assertFalse(filing.waiting_for_a_list(Broker.objects).exists())
        self.later(7)
        self.refuses("No pass of a course holds on this day", self.file, published)
        self.passes(published, until=TODAY + timedelta(days=6))
        self.refuses("No pass of a course holds on this day", self.file, published)
        self.passes(published, until=TODAY + timedelta(days=7))
        self.assertEqual(self.file(published).state, "filed")
        # What a paper certificate says needs no course here.
        paper = actions.file_earlier(trained, by=self.zhao, version=trained.version, filed_on="2025-03-01",
                                     certificate_number="7")
        self.assertEqual(paper.state, "filed")

    def test_the_days_of_a_list(self):
        broker = self.at("trained")
        self.refuses("for at least 7 days; the last day is 2026-11-10 or later", self.publish, broker, days=6)
        for day in (TODAY - timedelta(days=8), TODAY + timedelta(days=31)):
            self.refuses("at most 7 days back and at most 30 days ahead", self.publish, broker, from_on=day)
        self.refuses("at most 60 days", self.publish, broker, days=61)
        CountySettings.objects.update(objection_days=3)
        made = self.publish(broker, days=3)
        self.assertEqual((made.place_code, made.to_on), (STATION, date(2026, 11, 6)))

    def test_nobody_is_published_elsewhere_or_without_being_chosen(self):
        self.refuses("Choose at least one broker", self.publish)
        broker = self.at("trained")
        self.refuses("韩成 does not belong", self.publish, broker, by=self.zhao, place=FAR[:9])
        self.refuses("may not train labor brokers", self.publish, broker, place=FAR[:9], refusal=NotYours)

    def test_who_was_set_back_is_free_for_a_new_list(self):
        broker = self.at("published")
        self.refuses("stands at “Published”", self.publish, broker)
        actions.set_back_broker(broker, by=self.wang, version=broker.version, reason="资料有误")
        broker = self.recommend(self.now(broker))
        self.train(broker)
        self.publish(broker, days=14)
        self.later(7)
        self.refuses("published until 2026-11-17", self.file, broker)

    def test_a_list_with_a_mistake_is_withdrawn(self):
        self.refuses("at most 60 days. Check the year", self.publish, self.at("trained", "021"), days=3660)
        one, two, early = self.at("trained"), self.at("trained", "013"), self.at("trained", "015")
        made = self.publish(one, two, early, days=60)
        actions.set_back_broker(early, by=self.wang, version=early.version, reason="资料有误")
        objection = actions.record_complaint(one, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        for by in (self.li, self.sun, self.leader):
            self.refuses("may not train", actions.withdraw_list, made, by=by, reason="x", refusal=NotYours)
        self.refuses("Give the reason", actions.withdraw_list, made, by=self.wang, reason=" ")
        self.later(1)
        self.assertEqual(actions.withdraw_list(made, by=self.wang, reason="末日写错"), [one, two])
        self.assertEqual([self.now(row).state for row in (one, two, early)], ["trained", "trained", "registered"])
        self.assertEqual((one.steps.last().step, one.steps.last().reason), ("withdrawn", "末日写错"))
        made.refresh_from_db()
        self.assertEqual((made.withdrawn_on, made.reason), (TODAY + timedelta(days=1), "末日写错"))
        self.assertEqual(self.verbs()[-3:], ["withdrew a list of brokers", *["withdrew a broker from a list"] * 2])
        self.refuses("Nobody of this list waits", actions.withdraw_list, made, by=self.wang, reason="x")
        self.publish(self.now(one), self.now(two))
        self.refuses("Nobody of this list waits", actions.withdraw_list, made, by=self.wang, reason="x")
        self.later(8)
        # What was said against somebody while the first list hung out stands against the second.
        self.refuses("An objection is not settled yet", self.file, self.now(one))
        actions.settle_complaint(objection, by=self.wang, outcome="dismissed", answer="不属实")
        self.assertEqual([self.file(self.now(row)).state for row in (one, two)], ["filed", "filed"])

    def test_no_list_begins_before_the_register_has_its_brokers_trained(self):
        broker = self.at("trained")
        self.refuses("recommended and trained from 2026-11-04 on", self.publish, broker, from_on=date(2026, 11, 3))
        self.later(3)
        made = self.publish(broker, from_on=TODAY)
        self.assertEqual([step.recorded_on for step in made.steps.all()], [TODAY + timedelta(days=3)])

    def test_filed_only_when_the_list_is_over(self):
        broker = self.at("published")
        self.later(6)
        self.refuses("published until 2026-11-10; file from the day after", self.file, broker)
        self.later(7)
        self.assertEqual(self.file(broker).state, "filed")

    def test_an_objection_bars_the_filing(self):
        broker = self.at("published")
        objection = actions.record_complaint(broker, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        self.later(7)
        self.refuses("An objection is not settled yet", self.file, broker)
        actions.settle_complaint(objection, by=self.wang, outcome="upheld", answer="属实")
        self.refuses("An objection was upheld", self.file, broker)
        # A filing that begins anew is judged by what is said against it then.
        actions.set_back_broker(broker, by=self.wang, version=broker.version, reason="异议成立")
        broker = self.recommend(self.now(broker))
        self.train(broker)
        self.publish(broker)
        self.later(14)
        self.assertEqual(self.file(broker).state, "filed")

    def test_a_dismissed_objection_and_an_open_complaint_bar_nothing(self):
        broker = self.at("published")
        objection = actions.record_complaint(broker, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        actions.settle_complaint(objection, by=self.wang, outcome="dismissed", answer="不属实")
        actions.record_complaint(broker, by=self.wang, kind="complaint", received_on=TODAY, said="态度不好")
        self.later(7)
        self.assertEqual(self.file(broker).state, "filed")

    def test_the_age_counts_on_the_day_of_filing(self):
        self.refuses("17 years old; brokers are filed from 18", self.at, "recommended", "021", born="20081112")
        CountySettings.objects.update(broker_min=17, broker_max=70)
        young = self.at("published", born="20081112")
        old = self.at("published", order="013", born="19601110")
        CountySettings.objects.update(broker_min=18, broker_max=65)
        self.later(7)
        self.refuses("17 years old; brokers are filed from 18 to 65", self.file, young)
        self.refuses("66 years old", self.file, old)
        self.later(8)
        self.assertEqual(self.file(young).state, "filed")
        CountySettings.objects.update(broker_max=70)
        self.assertEqual(self.file(self.now(old)).state, "filed")

    def test_numbers_run_by_county_and_year(self):
        first, second, third = self.at("filed"), self.at("filed", "013"), self.at("published", "015")
        self.later(60)
        third = self.file(self.now(third))
        self.assertEqual([broker.certificate_number for broker in (first, second, third)],
                         ["63012120260001", "63012120260002", "63012120270001"])
        self.assertEqual(len({broker.certificate_word for broker in (first, second, third)}), 3)

    def test_all_without_objection_at_once(self):
        CountySettings.objects.update(broker_min=16)
        clean, objected, young = self.at("trained"), self.at("trained", "013"), self.at("trained", "015", born="20100101")
        CountySettings.objects.update(broker_min=18)
        made = self.publish(clean, objected, young)
        actions.record_complaint(objected, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        self.refuses("Nobody of this list can be filed now", actions.file_all, made, by=self.zhao)
        self.later(7)
        self.refuses("may not file", actions.file_all, made, by=self.wang, refusal=NotYours)
        self.assertEqual(actions.file_all(made, by=self.zhao), [clean])
        self.assertEqual([self.now(broker).state for broker in (clean, objected, young)],
                         ["filed", "published", "published"])
        self.refuses("Nobody of this list can be filed now", actions.file_all, made, by=self.zhao)
        self.assertEqual(self.verbs().count("filed a broker"), 1)

    def test_suspended_restored_revoked(self):
        broker = self.at("filed")
        word, number = broker.certificate_word, broker.certificate_number
        for action, state in ((actions.suspend_broker, "suspended"), (actions.restore_broker, "filed"),
                              (actions.revoke_broker, "revoked")):
            self.refuses("Give the reason", action, broker, by=self.zhao, version=broker.version, reason=" ")
            self.refuses("may not file", action, broker, by=self.wang, version=broker.version, reason="x", refusal=NotYours)
            broker = action(broker, by=self.zhao, version=broker.version, reason="查实收费")
            self.assertEqual((broker.state, broker.certificate_word, broker.certificate_number), (state, word, number))
        self.assertEqual(steps_of(broker)[4:], ["suspended", "restored", "revoked"])
        self.refuses("stands at “Revoked”", actions.suspend_broker, broker, by=self.zhao, version=broker.version, reason="x")
        self.assertFalse(Broker.objects.taking_on().filter(pk=broker.pk).exists())
        self.assertEqual(actions.restore_broker(broker, by=self.zhao, version=broker.version, reason="复议").state, "filed")

    def test_the_village_hears_what_became_of_its_broker(self):
        broker = self.at("filed")
        broker = actions.suspend_broker(broker, by=self.zhao, version=broker.version, reason="查")
        actions.revoke_broker(broker, by=self.zhao, version=broker.version, reason="属实")
        other = self.at("published", "013")
        actions.set_back_broker(other, by=self.wang, version=other.version, reason="资料有误")
        told = [each.text % each.values for each in self.li.messages.order_by("pk")]
        self.assertEqual(told, [
            "冶得山 is filed and has a certificate.", "The certificate of 冶得山 is suspended: 查",
            "The certificate of 冶得山 is revoked: 属实", "The filing of 马贵 was set back: 资料有误",
        ])
        self.assertFalse(self.sun.messages.exists())

    def test_a_reason_tells_no_number(self):
        broker = self.at("filed")
        self.refuses("Do not write ID numbers or phones", actions.revoke_broker, broker, by=self.zhao,
                     version=broker.version, reason="见 13897123456")

    def test_set_back_to_the_register(self):
        for order, state in (("011", "recommended"), ("013", "trained"), ("015", "published")):
            broker = self.at(state, order)
            broker = actions.set_back_broker(broker, by=self.wang, version=broker.version, reason="资料有误")
            self.assertEqual((broker.state, broker.steps.last().reason), ("registered", "资料有误"))
        filed = self.at("filed", "017")
        self.refuses("stands at “Filed”", actions.set_back_broker, filed, by=self.wang, version=filed.version, reason="x")

    def test_an_entry_that_was_merged_takes_no_step(self):
        winner, loser = self.register(), self.register("祁福", "013")
        Broker.objects.filter(pk=loser.pk).update(merged_into=winner)
        self.refuses("merged into another one", self.recommend, loser)
        self.refuses("merged into another one", actions.edit_broker, loser, by=self.li, version=1, trades="建筑")
        self.refuses("merged into another one", actions.record_complaint, loser, by=self.wang, kind="complaint",
                     received_on=TODAY, said="收费")

    def test_what_a_certificate_says_of_itself(self):
        broker = self.at("filed")
        self.assertEqual((filing.standing(broker), filing.standing_since(broker)), ("valid", TODAY))
        self.later(2)
        broker = actions.suspend_broker(broker, by=self.zhao, version=broker.version, reason="查")
        self.assertEqual((filing.standing(broker), filing.standing_since(broker)), ("suspended", date(2026, 11, 6)))
        self.later(3)
        broker = actions.restore_broker(broker, by=self.zhao, version=broker.version, reason="查清")
        self.assertEqual((filing.standing(broker), filing.standing_since(broker)), ("valid", date(2026, 11, 7)))
        broker = actions.stop_broker(broker, by=self.wang, version=broker.version)
        self.assertEqual((filing.standing(broker), filing.standing_since(broker)), ("stopped", date(2026, 11, 7)))

    def test_who_is_filed_stays_the_person_of_the_certificate(self):
        broker = self.at("filed")
        held = {"version": broker.version, "name": "马海"}
        for by in (self.li, self.wang):
            self.refuses("filed under this name and ID number", actions.edit_broker, broker, by=by, **held)
            self.refuses("filed under this name", actions.edit_broker, broker, by=by, version=broker.version,
                         id_number=id_number("19800101", "031"))
        self.refuses("the station or the county bureau records the stop", actions.stop_broker, broker, by=self.li,
                     version=broker.version)
        broker = actions.edit_broker(broker, by=self.li, version=broker.version, name=broker.name, trades="建筑",
                                     id_number=id_number("19800101", "011"))
        self.assertEqual(steps_of(broker)[-1], "filed")
        broker = actions.edit_broker(broker, by=self.zhao, version=broker.version, name="冶山",
                                     id_number=id_number("19800102", "011"))
        corrected = broker.steps.last()
        self.assertEqual((corrected.step, corrected.by), ("corrected", self.zhao))
        self.assertIn("冶得山 → 冶山 · 630000", corrected.reason)
        self.assertNotIn("1980", corrected.reason)
        broker = actions.stop_broker(broker, by=self.wang, version=broker.version)
        self.refuses("records the stop", actions.resume_broker, broker, by=self.li, version=broker.version)

    def test_a_second_click_at_the_same_moment_is_refused(self):
        broker = self.at("registered")
        stale = self.now(broker)
        self.recommend(broker)
        self.refuses("stands at “Recommended”", actions.filing._moved, "recommended", stale, self.li)
        self.assertEqual(FilingStep.objects.count(), 1)


class Complaints(BrokerDesk):
    def test_recorded_and_settled_once(self):
        broker = self.at("filed")
        said = {"kind": "complaint", "received_on": TODAY, "said": "收费"}
        for by in (self.li, self.sun, self.leader):
            self.refuses("may not train", actions.record_complaint, broker, by=by, refusal=NotYours, **said)
        row = actions.record_complaint(broker, by=self.wang, **said)
        self.refuses("Choose how it was settled", actions.settle_complaint, row, by=self.wang, outcome="", answer="x")
        self.refuses("Write what was found", actions.settle_complaint, row, by=self.wang, outcome="settled", answer="")
        self.refuses("on that day or later", actions.settle_complaint, row, by=self.wang, outcome="settled", answer="x",
                     settled_on=date(2026, 11, 3))
        row = actions.settle_complaint(row, by=self.zhao, outcome="settled", answer="已退")
        self.assertEqual((row.settled_on, row.settled_by, row.answer), (TODAY, self.zhao, "已退"))
        self.refuses("settled already", actions.settle_complaint, row, by=self.wang, outcome="upheld", answer="x")
        self.assertEqual(self.verbs()[-2:], ["recorded a complaint", "settled a complaint"])

    def test_an_objection_is_to_a_list(self):
        filed = self.at("filed")
        objection = {"by": self.wang, "kind": "objection", "said": "收费"}
        self.refuses("not published for objection. Record a complaint", actions.record_complaint, filed,
                     received_on=TODAY, **objection)
        published = self.at("published", "013")
        self.refuses("published from 2026-11-04", actions.record_complaint, published, received_on=date(2026, 11, 3),
                     **objection)
        self.refuses("still to come", actions.record_complaint, published, received_on=date(2026, 11, 5), **objection)

    def test_the_station_of_elsewhere_settles_nothing(self):
        broker = self.at("filed")
        row = actions.record_complaint(broker, by=self.zhao, kind="complaint", received_on=TODAY, said="收费")
        self.wang.postings.update(place_code=FAR[:9])
        del self.wang._posts
        self.refuses("may not train", actions.settle_complaint, row, by=self.wang, outcome="settled", answer="x",
                     refusal=NotYours)

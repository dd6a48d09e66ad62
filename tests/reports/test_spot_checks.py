"""Spot checks: the draw that anybody can repeat, what is entered, and the factor that stands beside the figures."""

from collections import Counter
from datetime import date

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from reports import actions, checking, spot_checks
from reports.models import SpotCheck
from reports.sampling import draw, wilson
from tests.built import Built
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.pages import unnamed
from tests.reports.test_actions import OCTOBER, SEPTEMBER, MonthCase
from villages.models import CountySettings
from workers.models import Worker

STATION = HOME[:9]
TODAY = date(2026, 11, 2)


class Sampling(Built):
    def test_everybody_has_the_same_chance_also_where_the_draw_is_spread(self):
        sizes = {"630121100200": 3, "630121100201": 5, "630121101200": 12}
        for digits in (0, 9, 12):
            drawn = Counter(place for n in range(600) for place in draw(sizes, 5, str(n), digits=digits))
            self.assertEqual(sum(drawn.values()), 3000)
            self.assertEqual(len(drawn), 20)
            self.assertGreater(min(drawn.values()), 100)
            self.assertLess(max(drawn.values()), 200)

    def test_a_spread_draw_gives_each_township_its_share(self):
        sizes = {"630121100200": 40, "630121101200": 60}
        for n in range(50):
            counts = Counter(code for code, _position in draw(sizes, 10, str(n), digits=9))
            self.assertEqual(counts, {"630121100200": 4, "630121101200": 6})
        self.assertEqual(len(draw(sizes, 500, "all", digits=12)), 100)

    def test_the_range_is_wilsons(self):
        """Of 50 in 50 it does not claim certainty; 45 of 50 as published calculators give it."""
        low, high = wilson(45, 50)
        self.assertAlmostEqual(low, 0.7864, 4)
        self.assertAlmostEqual(high, 0.9565, 4)
        self.assertAlmostEqual(wilson(50, 50)[0], 0.9287, 4)


class CheckCase(MonthCase):
    """Six away in the home village and a group of three, two in the next, four in the far one; October is filed."""

    def build(self):
        super().build()
        for village, count in ((HOME, 6), (NEXT_DOOR, 2), (FAR, 4)):
            for number in range(count):
                transfer(worker(f"外{village[8:]}{number}", village), date(2026, 5, 3))
        unnamed(HOME)
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)

    def draw(self, area_code=STATION, wanted=5, by=None, **more):
        more = {"figure": "away", "seed": "s1"} | more
        return checking.draw(self.county, OCTOBER, by=by or self.zhao, area_code=area_code, wanted=wanted, **more)

    def found(self, check, *outcomes):
        """One after the other on the list; the rest as filed."""
        said = dict(enumerate(outcomes, 1))
        return {
            person.number: {
                "outcome": said.get(person.number, "as_filed"), "answered_by": "family", "asked_on": TODAY, "note": "",
            }
            for person in check.people.all()
        }

    def finished(self, *outcomes, **more):
        check = self.draw(**more)
        checking.enter(check, self.found(check, *outcomes), by=self.zhao)
        return checking.finish(check, by=self.zhao)


class Drawing(CheckCase):
    def test_the_same_seed_draws_the_same_persons_of_the_filed_lines(self):
        check = self.draw()
        self.assertEqual((check.population, check.people.count()), (11, 5))
        self.assertTrue(checking.is_repeated(check))
        self.assertEqual({person.village_id for person in check.people.all()} - {HOME, NEXT_DOOR}, set())
        for person in check.people.all():
            line = person.version.filedlines.get(worker_number=person.worker_number, group_number=person.group_number)
            self.assertGreater(line.shares["away"], 0)
        check.seed = "another"
        self.assertFalse(checking.is_repeated(check))

    def test_a_group_counts_as_its_persons(self):
        check = self.draw(area_code=HOME, wanted=9)
        self.assertEqual(sorted(p.in_group for p in check.people.filter(group_number__isnull=False)), [1, 2, 3])

    def test_a_later_version_does_not_change_the_list(self):
        check = self.draw(area_code=HOME, wanted=9)
        names = list(check.people.values_list("name", flat=True))
        actions.send_back(self.ret(OCTOBER, HOME), by=self.zhao, reason="请再看")
        clock.pin(date(2026, 11, 2))
        actions.submit([self.ret(OCTOBER, HOME)], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        self.assertEqual(list(check.people.values_list("name", flat=True)), names)
        self.assertTrue(checking.is_repeated(check))

    def test_a_draw_is_not_thrown_away_for_a_better_one(self):
        self.draw()
        with self.assertRaisesMessage(Refusal, "is open"):
            self.draw(seed="s2")
        self.draw(area_code=HOME)

    def test_refusals(self):
        for words, more in (
            ("Choose where", {"area_code": "630121999"}), ("Draw from 1", {"wanted": 0}), ("Choose what", {"figure": "income"}),
            ("Choose how", {"spread": 7}), ("Nobody can be drawn", {"figure": "local"}),
        ):
            with self.assertRaisesMessage(Refusal, words):
                self.draw(**more)
        for stranger in (self.li, self.sun, self.leader, self.admin, self.wang2):
            with self.assertRaisesMessage(Refusal, "may not"):
                self.draw(by=stranger)


class Entering(CheckCase):
    def test_the_factor_is_recounted_over_reported_of_who_was_reached(self):
        self.finished("elsewhere", "at_home", "not_known", "not_reached")
        factor = spot_checks.factor(STATION, OCTOBER)
        self.assertEqual((factor.recounted, factor.reported, factor.not_reached), (2, 4, 1))
        self.assertEqual(factor.share, 0.5)
        self.assertEqual((factor.low, factor.high), wilson(2, 4))
        self.assertIsNone(spot_checks.factor(STATION, SEPTEMBER))
        self.assertIsNone(spot_checks.factor(FAR, OCTOBER))

    def test_villages_are_told_apart_and_add_up(self):
        self.finished("at_home", area_code=COUNTY, wanted=9, spread=12)
        villages = spot_checks.factors_of_parts(STATION, OCTOBER) | spot_checks.factors_of_parts(FAR[:9], OCTOBER)
        self.assertEqual(sum(each.reported for each in villages.values()), 9)
        self.assertEqual(sum(each.recounted for each in villages.values()), 8)
        townships = spot_checks.factors_of_parts(COUNTY, OCTOBER)
        self.assertEqual(sum(each.reported for each in townships.values()), 9)
        self.assertTrue(all(each.is_drawn for each in townships.values()))

    def test_of_chosen_places_there_is_no_range_for_the_whole(self):
        self.finished("at_home", area_code=HOME)
        of_county = spot_checks.factor(self.county, OCTOBER)
        self.assertEqual((of_county.recounted, of_county.reported, of_county.low), (4, 5, None))
        self.finished("at_home", "at_home", area_code=COUNTY, wanted=12)
        of_county = spot_checks.factor(self.county, OCTOBER)
        self.assertEqual((of_county.recounted, of_county.reported), (10, 12))
        self.assertIsNotNone(of_county.low)

    def test_an_open_check_has_no_factor_and_cannot_be_finished_half_done(self):
        check = self.draw()
        checking.enter(check, {1: self.found(check)[1]}, by=self.zhao)
        self.assertIsNone(spot_checks.factor(STATION, OCTOBER))
        with self.assertRaisesMessage(Refusal, "Still without a result: 4"):
            checking.finish(check, by=self.zhao)

    def test_who_filed_does_not_check(self):
        clock.pin(date(2026, 11, 2))
        check = self.draw(area_code=HOME, by=self.wang)
        checking.enter(check, self.found(check), by=self.wang)
        version = self.ret(OCTOBER, HOME).newest
        type(version).objects.filter(pk=version.pk).update(submitted_by=self.wang, approved_by=None, approved_at=None)
        other = self.draw(area_code=HOME, by=self.wang, figure="transferred")
        with self.assertRaisesMessage(Refusal, "You filed this month for 大煤洞村 yourself"):
            checking.enter(other, self.found(other), by=self.wang)
        self.assertEqual(checking.enter(other, self.found(other), by=self.zhao), 5)

    def test_what_is_entered_is_whole(self):
        check = self.draw()
        for words, more in (
            ("who answered", {"answered_by": ""}), ("choose what was found", {"outcome": "gone"}),
            ("the day of asking", {"asked_on": date(2026, 11, 3)}), ("the day of asking", {"asked_on": None}),
        ):
            with self.assertRaisesMessage(Refusal, words):
                checking.enter(check, {1: self.found(check)[1] | more}, by=self.zhao)
        self.assertFalse(check.people.exclude(outcome="").exists())

    def test_a_finished_check_is_taken_up_with_a_reason(self):
        check = self.finished("at_home")
        with self.assertRaisesMessage(Refusal, "finished"):
            checking.enter(check, self.found(check), by=self.zhao)
        with self.assertRaisesMessage(Refusal, "Say why"):
            checking.take_up(check, by=self.zhao, reason=" ")
        check = checking.take_up(check, by=self.zhao, reason="录错一人")
        self.assertIsNone(spot_checks.factor(STATION, OCTOBER))
        self.assertEqual(checking.enter(check, self.found(check), by=self.zhao), 1)
        checking.finish(check, by=self.zhao)
        self.assertEqual(spot_checks.factor(STATION, OCTOBER).share, 1.0)
        verbs = AuditEvent.objects.filter(subject_kind="spotcheck", subject_id=str(check.pk)).values_list("verb", flat=True)
        self.assertIn("took up a spot check", verbs)


class Pages(CheckCase, PageCase):
    def test_from_the_draw_to_the_factor_beside_the_figure(self):
        page = self.get(self.zhao, "spot_check_new", area=STATION)
        self.assertContains(page, f'value="{STATION}" selected')
        page = self.post(
            self.zhao, "spot_check_new", area_code=STATION, month="2026-10", figure="away", wanted="4", spread="12",
        )
        self.assertContains(page, "4 persons are drawn")
        self.assertContains(page, "the same persons")
        check = SpotCheck.objects.get()
        self.assertContains(self.get(self.zhao, "spot_check_paper", check.pk), check.seed)
        page = self.post(self.zhao, "spot_check", check.pk, outcome_1="as_filed", note_1="在厂里")
        self.assertContains(page, "No. 1: say who answered.")
        self.assertContains(page, "在厂里")
        said = {f"outcome_{n}": "as_filed" for n in (1, 2, 3)} | {"outcome_4": "at_home", "asked_on": "2026-11-02"}
        said |= {f"answered_by_{n}": "self" for n in (1, 2, 3, 4)}
        self.assertContains(self.post(self.zhao, "spot_check", check.pk, **said), "4 lines are saved")
        self.assertContains(self.post(self.zhao, "spot_check_finish", check.pk), "75.0%")
        self.assertContains(self.get(self.zhao, "totals", STATION, OCTOBER), "3 of 4 found again")
        self.assertContains(self.get(self.wang, "drill", STATION, OCTOBER, "away"), "75.0%")
        village = check.people.first().village_id
        self.assertContains(self.get(self.zhao, "return", village, OCTOBER), "found again")
        page = self.post(self.zhao, "spot_check_again", check.pk, reason="")
        self.assertContains(page, "Say why the check is taken up again.")
        self.post(self.zhao, "spot_check_again", check.pk, reason="录错")
        self.assertTrue(SpotCheck.objects.get().is_open)

    def test_what_a_colleague_entered_meanwhile_is_not_overwritten_by_an_older_page(self):
        check = self.draw()
        seen = self.get(self.zhao, "spot_check", check.pk).context["form"]["seen"].value()
        checking.enter(check, {1: self.found(check)[1] | {"outcome": "at_home"}}, by=self.wang)
        said = {"outcome_1": "as_filed", "answered_by_1": "self", "outcome_2": "as_filed", "answered_by_2": "self"}
        page = self.post(self.zhao, "spot_check", check.pk, seen=seen, **said)
        self.assertContains(page, f"No. 1: {self.wang.name} entered")
        self.assertEqual(list(check.people.order_by("number").values_list("outcome", flat=True))[:2], ["at_home", ""])
        page = self.post(self.zhao, "spot_check", check.pk, seen=seen, **said | {"outcome_1": "at_home"})
        self.assertContains(page, "saved")
        again = self.get(self.zhao, "spot_check", check.pk).context["form"]["seen"].value()
        self.post(self.zhao, "spot_check", check.pk, seen=again, **said)
        self.assertEqual(check.people.get(number=1).outcome, "as_filed")

    def test_of_a_small_sample_the_leader_reads_nothing(self):
        self.finished("at_home", area_code=COUNTY, wanted=12)
        self.assertContains(self.get(self.zhao, "totals", COUNTY, OCTOBER), "Verification factor")
        self.assertNotContains(self.get(self.leader, "totals", COUNTY, OCTOBER), "Verification factor")

    def test_stations_see_their_own_checks_only(self):
        check = self.draw()
        self.draw(area_code=FAR)
        self.assertEqual(self.get(self.wang2, "spot_check", check.pk).status_code, 404)
        self.assertEqual(len(self.get(self.wang, "spot_checks").context["page_obj"].object_list), 1)
        for stranger in (self.li, self.leader, self.admin):
            self.assertEqual(self.get(stranger, "spot_checks").status_code, 404)

    def test_phones_in_full_for_who_drew_and_for_a_reason(self):
        check = self.draw(area_code=HOME, wanted=9, by=self.zhao)
        person = check.people.filter(worker_number__isnull=False).first()
        Worker.objects.get(pk=person.worker_number).phones.create(number="13900001234", since_on=date(2026, 1, 1))
        self.assertNotContains(self.get(self.zhao, "spot_check_paper", check.pk), "13900001234")
        self.assertContains(self.post(self.zhao, "spot_check_phones", check.pk, reason=""), "Say what you need the numbers for.")
        self.assertContains(self.post(self.zhao, "spot_check_phones", check.pk, reason="抽查"), "13900001234")
        kept = AuditEvent.objects.filter(verb="revealed")
        self.assertEqual([event.detail["reason"] for event in kept], ["抽查", "抽查"])
        refused = self.post(self.wang, "spot_check_phones", check.pk, reason="抽查")
        self.assertNotContains(refused, "13900001234", status_code=refused.status_code)
        self.assertEqual(kept.count(), 2)

    def test_no_more_phones_at_once_than_may_leave_without_a_second_person(self):
        CountySettings.objects.update(export_limit=20)
        check = self.draw(area_code=HOME, wanted=9, by=self.zhao)
        drawn = list(check.people.filter(worker_number__isnull=False).order_by("number"))
        self.assertGreater(len(drawn), 3)
        for place, person in enumerate(drawn):
            worker = Worker.objects.get(pk=person.worker_number)
            worker.phones.create(number=f"139{place:08}", since_on=date(2026, 1, 1))
        phones = {person.worker_number: Worker.objects.get(pk=person.worker_number).phones.get() for person in drawn}
        with self.assertRaisesMessage(Refusal, "No more than 2 phones"):
            checking.reveal_phones(check, phones, by=self.zhao, reason="抽查")
        found = {"outcome": "not_reached", "asked_on": TODAY}
        checking.enter(check, {drawn[0].number: found}, by=self.zhao)
        page = self.post(self.zhao, "spot_check_phones", check.pk, reason="抽查")
        shown = [place for place in range(len(drawn)) if f"139{place:08}" in page.content.decode()]
        self.assertTrue(shown and 0 not in shown and len(shown) <= 2, shown)
        self.assertContains(page, "more can be shown when they have a result")

    def test_as_many_queries_for_few_as_for_many(self):
        few, many = self.draw(area_code=HOME, wanted=2), self.draw(area_code=COUNTY, wanted=15)
        for name in ("spot_check", "spot_check_paper"):
            self.assertEqual(self.queries(self.zhao, name, few.pk), self.queries(self.zhao, name, many.pk), name)
        self.draw()
        one = self.queries(self.zhao, "spot_checks")
        self.finished(area_code=STATION, figure="transferred")
        self.assertEqual(self.queries(self.zhao, "spot_checks"), one)

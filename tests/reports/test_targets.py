"""Targets: set by the level above only, never lost, and completed by the figures of the totals."""

from datetime import date

from django.urls import reverse

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from reports import actions, targets, totals
from reports.actions.targets import newest, set_targets
from reports.briefs.facts import gather
from reports.models import INCOME, START_UPS, TRAINING, TRANSFERS, ReturnVersion, Target
from support.actions import training
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township, Village

STATION, FAR_STATION = HOME[:9], FAR[:9]


class TargetCase(PageCase):
    """September is filed: two away at home, one far away in a business of one's own."""

    def build(self):
        super().build()
        self.people = [worker("马成龙"), worker("祁海英"), worker("东门人", FAR)]
        for who in self.people:
            form = "own_business" if who.village_id == FAR else "employed"
            transfer(who, date(2026, 3, 1), pay=4000, channel="own", form=form)
        self.station = Township.objects.get(pk=STATION)
        self.file_all(SEPTEMBER)

    def set(self, area, amounts, by, **more):
        return set_targets(area, 2026, amounts, by=by, seen=newest(area, 2026), **more)

    def refuses(self, words, *args, **kwargs):
        with self.assertRaises(Refusal) as caught:
            self.set(*args, **kwargs)
        self.assertIn(words, str(caught.exception))


class Setting(TargetCase):
    def test_the_level_above_sets_and_nobody_ones_own(self):
        self.set(self.county, {(STATION, TRANSFERS): 10}, self.zhao)
        self.set(self.station, {(HOME, TRANSFERS): 6}, self.wang)
        for area, code, by in (
            (self.station, STATION, self.wang), (self.county, STATION, self.wang), (self.station, HOME, self.zhao),
            (self.station, FAR, self.wang), (self.county, HOME, self.zhao), (self.station, HOME, self.li),
            (self.county, STATION, self.leader), (self.county, STATION, self.admin),
        ):
            with self.assertRaises(Refusal, msg=f"{by} {code}"):
                self.set(area, {(code, TRANSFERS): 7}, by)
        self.assertEqual(Target.objects.count(), 2)

    def test_the_countys_own_needs_the_letter(self):
        self.refuses("letter", self.county, {(COUNTY, TRANSFERS): 20}, self.zhao)
        [made] = self.set(self.county, {(COUNTY, TRANSFERS): 20}, self.zhao, letter="1号")
        self.assertEqual(made.letter, "1号")

    def test_a_correction_is_a_new_version_with_its_reason(self):
        self.set(self.county, {(STATION, TRANSFERS): 10}, self.zhao)
        self.refuses("Say why", self.county, {(STATION, TRANSFERS): 12}, self.zhao)
        self.refuses("Nothing was changed", self.county, {(STATION, TRANSFERS): 10}, self.zhao)
        self.set(self.county, {(STATION, TRANSFERS): 12}, self.zhao, reason="调整")
        self.assertEqual(list(Target.objects.values_list("amount", flat=True)), [10, 12])
        self.assertEqual(targets.standing(COUNTY, 2026, at=9), {STATION: {TRANSFERS: 12}})
        self.set(self.county, {(STATION, TRANSFERS): None}, self.zhao, reason="取消")
        self.assertEqual(targets.standing(COUNTY, 2026, at=9), {})

    def test_the_second_of_two_is_told(self):
        seen = newest(self.county, 2026)
        self.set(self.county, {(STATION, TRANSFERS): 10}, self.zhao)
        with self.assertRaisesMessage(Refusal, "meanwhile"):
            set_targets(self.county, 2026, {(FAR_STATION, TRANSFERS): 5}, by=self.zhao, seen=seen)

    def test_divided_adds_up_exactly(self):
        for amount, weights in ((100, {"a": 1, "b": 1, "c": 1}), (7, {"a": 0, "b": 5}), (10, {"a": 33, "b": 34, "c": 33})):
            self.assertEqual(sum(targets.divided(amount, weights).values()), amount)
        self.assertEqual(targets.divided(100, {"a": 1, "b": 1, "c": 1}), {"a": 34, "b": 33, "c": 33})
        self.assertEqual(sum(targets.divided(123_456, {"a": 2, "b": 1}, 10_000).values()), 123_456)
        self.assertEqual(targets.divided(5, {"a": 0}), {})


class Completing(TargetCase):
    def test_done_is_what_the_totals_say(self):
        self.set(self.county, {(COUNTY, TRANSFERS): 4, (COUNTY, INCOME): 10**6, (STATION, START_UPS): 5}, self.zhao, letter="1号")
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        found = targets.completion(COUNTY, SEPTEMBER)
        self.assertEqual((found[TRANSFERS].target, found[TRANSFERS].done), (4, 3))
        self.assertEqual(found[TRANSFERS].done, figures["transferred"])
        self.assertEqual(found[INCOME].done, figures["income"])
        self.assertEqual(found[START_UPS].done, 1)
        self.assertEqual((found[TRANSFERS].rate, found[TRANSFERS].pace), (0.75, 0.75))
        self.assertEqual(found[TRANSFERS].state, "level")
        self.assertIsNone(found[START_UPS].rate)
        parts = targets.completions(COUNTY, SEPTEMBER, at=9)
        for kind in targets.FIGURE:
            self.assertEqual(sum(row[kind].done for row in parts.values()), found[kind].done, kind)
        self.assertEqual((parts[STATION][START_UPS].rate, parts[STATION][START_UPS].state), (0, "behind"))

    def test_a_village_that_filed_nothing_is_no_zero(self):
        self.set(self.station, {(HOME, TRANSFERS): 2}, self.wang)
        found = targets.completions(STATION, OCTOBER, at=12)[HOME]
        self.assertIsNone(found[TRANSFERS].done)
        self.assertEqual(found[TRAINING].done, 0)

    def test_the_season_of_last_year_is_the_line_where_it_is_known(self):
        one = targets.Completion(100, 60, 0.5, 0.8)
        self.assertEqual((one.state, targets.Completion(100, 60, 0.5).state), ("behind", "ahead"))
        self.assertEqual(targets.Completion(100, 100, 0.5, 0.8).state, "done")
        self.assertEqual(targets.Completion(100, "<3", 0.5).state, "")

    def test_while_villages_are_missing_nobody_is_behind(self):
        """In October nobody is in yet: the pages open on September, and of October they tell no verdict."""
        self.set(self.county, {(COUNTY, TRANSFERS): 40, (STATION, TRANSFERS): 40}, self.zhao, letter="1号")
        self.assertEqual(targets.completion(COUNTY, SEPTEMBER)[TRANSFERS].state, "behind")
        clock.pin(date(2026, 11, 2))
        actions.submit([self.ret(OCTOBER, HOME)], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        parts = targets.completions(COUNTY, OCTOBER, at=9)
        self.assertEqual((parts[STATION][TRANSFERS].done, parts[STATION][TRANSFERS].state), (2, ""))
        self.assertEqual(targets.completion(HOME, OCTOBER)[TRANSFERS].is_complete, True)
        self.assertIsNone(targets.completion(NEXT_DOOR, OCTOBER)[TRANSFERS].done, "on its own page as on the station's")
        for name in ("targets", "assessment"):
            page = self.get(self.zhao, name, COUNTY, 2026)
            self.assertEqual(page.context["month"], SEPTEMBER)
            self.assertContains(page, "This is the newest month that is sealed or for which every village is in.")
        page = self.get(self.zhao, "targets", COUNTY, 2026, month="2026-10")
        self.assertContains(page, "1 of 3 villages in")
        self.assertNotContains(page, "behind by")
        # So many that no brief hides them.
        ReturnVersion.objects.update(transferred=5, transferred_other_province=5)
        self.assertEqual(gather(self.county, SEPTEMBER)["targets"][TRANSFERS][2], 750)
        self.assertIsNone(gather(self.county, OCTOBER)["targets"][TRANSFERS][2])

    def test_a_changed_target_says_since_when(self):
        self.set(self.county, {(STATION, TRANSFERS): 145}, self.zhao)
        self.set(self.county, {(STATION, TRANSFERS): 161}, self.zhao, reason="调整")
        for name in ("targets", "assessment", "assessment_paper"):
            page = self.get(self.zhao, name, COUNTY, 2026, month="2026-09")
            self.assertContains(page, f"target changed on {clock.today().isoformat()} (was 145)")

    def test_trained_persons_count_for_the_target(self):
        course = training.start_training(
            by=self.zhao, place_code=COUNTY, kind="skills", subject="拉面", hours="8", begins_on="2026-05-01",
            ends_on="2026-05-02",
        )
        training.add_to_training(course, self.people, by=self.zhao)
        said = {row.pk: training.Outcome("passed") for row in course.trained.all()}
        training.record_training(course, said, by=self.zhao, version=1)
        self.assertEqual(targets.completion(COUNTY, SEPTEMBER)[TRAINING].done, 3)
        self.assertEqual(targets.completion(HOME, SEPTEMBER)[TRAINING].done, 2)
        seen = targets.seen_by(self.leader, COUNTY, SEPTEMBER, targets.completions(COUNTY, SEPTEMBER, at=9))
        self.assertEqual({code: row[TRAINING].done for code, row in seen.items()}, {STATION: "<3", FAR_STATION: "<3"})


class Pages(TargetCase):
    def page(self, officer, area, **query):
        answer = self.get(officer, "targets", area, 2026, **query)
        self.assertEqual(answer.status_code, 200)
        return answer

    def test_the_officers_own_area_and_the_names_behind(self):
        self.set(self.county, {(COUNTY, TRANSFERS): 4, (STATION, TRANSFERS): 2}, self.zhao, letter="1号")
        answer = self.page(self.zhao, COUNTY, month="2026-09")
        self.assertContains(answer, "75.0%")
        self.assertContains(answer, reverse("drill", args=[STATION, "2026-09", "transferred"]))
        self.assertContains(answer, "the parts add up to 2, which is 2 less than 4")
        self.assertContains(answer, "on pace")
        village = self.page(self.li, HOME, month="2026-09")
        self.assertContains(village, reverse("cell", args=[HOME, "2026-09", "transferred"]))
        self.assertRedirects(self.get(self.li, "targets_home"), reverse("targets", args=[HOME, 2026]))
        for officer, area in ((self.li, STATION), (self.wang, FAR_STATION), (self.leader, HOME)):
            self.assertEqual(self.get(officer, "targets", area, 2026).status_code, 404)
        self.assertEqual(self.get(self.zhao, "targets", COUNTY, 1999).status_code, 404)

    def test_the_leader_sees_no_small_number(self):
        self.set(self.county, {(STATION, TRANSFERS): 40, (FAR_STATION, START_UPS): 40}, self.zhao)
        answer = self.page(self.leader, COUNTY, month="2026-09")
        for row in answer.context["table"].parts:
            for cell in row.cells[::2]:
                self.assertNotIn(cell.completion.done, (1, 2), row.area)
        self.assertNotContains(answer, ">5.0%")
        self.assertNotContains(answer, reverse("targets_set", args=[COUNTY, 2026]))

    def test_the_form_fills_and_keeps_what_was_typed(self):
        filled = self.post(self.zhao, "targets_set", COUNTY, 2026, **{
            "fill": "labor_force", "seen": 0, "letter": "9号", f"{COUNTY}_transfers": "100", f"{COUNTY}_income": "12.5",
        })
        values = [filled.context["form"][f"{code}_transfers"].value() for code in (STATION, FAR_STATION)]
        self.assertEqual(sum(map(int, values)), 100)
        self.assertContains(filled, "9号")
        self.assertEqual(Target.objects.count(), 0)
        data = {"seen": 0, "letter": "9号", f"{COUNTY}_income": "1250.5", f"{STATION}_transfers": "多"}
        wrong = self.post(self.zhao, "targets_set", COUNTY, 2026, **data)
        self.assertContains(wrong, "is not a number of persons")
        self.assertContains(wrong, "1250.5")
        counted = self.post(self.zhao, "targets_set", COUNTY, 2026, **data | {f"{STATION}_transfers": "1,200人", "check": "1"})
        self.assertEqual([total for _heading, total, _set in counted.context["sums"]], ["1200", "0", "0", "0"])
        self.assertEqual(Target.objects.count(), 0)
        self.assertContains(counted, "Sum of the parts")
        self.post(self.zhao, "targets_set", COUNTY, 2026, **data | {f"{STATION}_transfers": "1,200人"})
        self.assertEqual(targets.standing(COUNTY, 2026, at=6), {COUNTY: {INCOME: 12_505_000}})
        self.assertEqual(targets.standing(COUNTY, 2026, at=9), {STATION: {TRANSFERS: 1200}})
        clock.pin(date(2026, 12, 2))
        again = self.post(self.zhao, "targets_set", COUNTY, 2027, fill="last_year", seen=0)
        self.assertEqual(again.context["form"][f"{STATION}_transfers"].value(), "1200")

    def test_as_many_queries_in_a_larger_county(self):
        def asked():
            names = ("targets", "targets_set", "assessment")
            return [self.queries(self.zhao, name, COUNTY, 2026, month="2026-09") for name in names] + [
                self.queries(self.wang, "targets", STATION, 2026, month="2026-09"),
                self.queries(self.leader, "assessment", COUNTY, 2026, month="2026-09")]

        before = asked()
        for number in range(5):
            township = Township.objects.create(code=f"63012120{number}", county=self.county, name=f"{number}乡")
            Village.objects.create(code=f"{township.code}200", township=township, name="某村委会", files_from="2000-01")
            Village.objects.create(code=f"{STATION}3{number:02}", township=self.station, name="新村委会", files_from="2000-01")
        self.set(self.county, {(f"63012120{n}", TRANSFERS): 5 for n in range(5)}, self.zhao)
        self.assertEqual(asked(), before)

    def test_next_years_targets_before_any_month(self):
        self.assertIsNone(self.get(self.zhao, "targets", COUNTY, 2027).context["month"])
        self.assertIsNone(targets.completions(COUNTY, Month(2026, 11), at=6)[COUNTY][TRANSFERS].done)
        self.assertEqual(self.get(self.zhao, "targets", NEXT_DOOR, 2027).status_code, 200)

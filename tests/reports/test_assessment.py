"""The assessment: every score is worked out again by hand from what the page shows, and filing without names does not pay."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from laborreg import clock
from laborreg.refusals import Refusal
from reports import actions
from reports import assessment as assessing
from reports.actions.weights import set_weights
from reports.assessment import BACKED, COMPONENTS, DEFAULTS, Assessed, Measure, Score, ranked
from reports.models import INCOME, START_UPS, TRANSFERS, AssessmentWeights
from tests.cast import COUNTY, FAR, HOME
from tests.reports.pages import busy_village
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from tests.reports.test_spot_checks import CheckCase
from tests.reports.test_targets import FAR_STATION, STATION, TargetCase


def row(code, share, hides=False, **measure):
    component = COMPONENTS[0]
    made = Measure(share, 100, **measure)
    return Assessed(type("Place", (), {"code": code}), [Score(component, made, 20)], hides_small=hides)


class Scoring(TargetCase):
    def build(self):
        super().build()
        amounts = {(code, kind): amount for code in (STATION, FAR_STATION) for kind, amount in (
            (TRANSFERS, 3), (INCOME, 130_000), (START_UPS, 1))}
        self.set(self.county, amounts, self.zhao)

    def by_hand(self, cell, row, component, weight):
        """The points from the texts of the page."""
        part, whole = (Fraction(Decimal(cell[name].replace(",", ""))) for name in ("part", "whole"))
        share = min(part / whole, 1)
        share = max(1 - part / whole, 0) if component.is_fault else share
        if component.key in BACKED and row.away:
            share *= Fraction(row.away - row.unnamed, row.away)
        value = share * weight
        return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def test_the_score_is_worked_out_by_hand_from_what_is_shown(self):
        answer = self.get(self.zhao, "assessment", COUNTY, 2026, month="2026-09")
        self.assertEqual(len(answer.context["rows"]), 2)
        for row, cells in answer.context["rows"]:
            points, weights = [], 0
            for (component, weight), cell in zip(answer.context["components"], cells, strict=True):
                self.assertContains(answer, f"{cell['part']} / {cell['whole']}")
                if cell["points"] is None:
                    self.assertIn(component.key, ("training", "verified", "late"), "no target, nobody checked, no events")
                    continue
                points.append(self.by_hand(cell, row, component, weight))
                weights += weight
                # Income is shown in 10,000 yuan with two decimals; to the yuan it stands in the workbook.
                near = Decimal("0.01") if component.key == INCOME else 0
                self.assertLessEqual(abs(cell["points"] - points[-1]), near, component.key)
                points[-1] = cell["points"]
            score = (sum(points) * 100 / weights).quantize(Decimal("0.01"), ROUND_HALF_UP)
            self.assertEqual(row.total, score)
            self.assertIn(weights, (80, 85))

    def test_the_workbook_holds_the_same(self):
        answer = self.post(self.zhao, "assessment_export", COUNTY, 2026, month="2026-09")
        shown = assessing.assess(self.county, SEPTEMBER, self.zhao)
        values = load_workbook(BytesIO(answer.content), data_only=True).active
        formulas = load_workbook(BytesIO(answer.content)).active
        for place, row in enumerate(shown, 6):
            self.assertEqual(Decimal(str(values.cell(place, values.max_column - 1).value)).quantize(Decimal("0.01")), row.total)
            self.assertEqual(values.cell(place, values.max_column).value, row.rank)
            self.assertTrue(formulas.cell(place, values.max_column - 1).value.startswith("=ROUND(SUM("))
        self.assertEqual(self.get(self.zhao, "assessment_paper", COUNTY, 2026).status_code, 200)

    def test_late_and_sent_back_returns_cost_points_and_are_listed(self):
        actions.reopen([self.locked()], by=self.zhao, reason="有人漏报")
        found = {row.township.code: {s.component.key: s.measure for s in row.scores}
                 for row in assessing.assess(self.county, SEPTEMBER, self.zhao)}
        self.assertEqual((found[STATION]["sent_back"].part, found[STATION]["sent_back"].whole), (1, 2))
        self.assertEqual((found[STATION]["on_time"].part, found[STATION]["on_time"].whole), (2, 2))
        self.assertEqual((found[STATION]["complete"].part, found[FAR_STATION]["sent_back"].part), (2, 0))
        behind = self.get(self.wang, "assessment_behind", STATION, 2026, "sent_back", month="2026-09")
        self.assertContains(behind, "was locked and reopened")
        self.assertEqual(self.get(self.leader, "assessment_behind", STATION, 2026, "sent_back").status_code, 404)
        self.assertEqual(self.get(self.wang, "assessment_behind", FAR_STATION, 2026, "late").status_code, 404)

    def locked(self):
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        return self.ret(SEPTEMBER, HOME)

    def test_a_station_sees_its_own_row_with_its_place(self):
        answer = self.get(self.wang, "assessment", STATION, 2026, month="2026-09")
        self.assertEqual([row.township.code for row, _cells in answer.context["rows"]], [STATION])
        self.assertContains(answer, "/ 2")
        self.assertEqual(self.get(self.wang, "assessment", COUNTY, 2026).status_code, 404)
        self.assertEqual(self.get(self.li, "assessment", HOME, 2026).status_code, 404)

    def test_the_leader_reads_nothing_small(self):
        answer = self.get(self.leader, "assessment", COUNTY, 2026, month="2026-09")
        for row, cells in answer.context["rows"]:
            self.assertTrue(row.total is None or row.total == row.total.to_integral_value())
            for cell in cells[:4]:
                self.assertFalse(re.fullmatch("[12]", cell["part"]), cell)
                self.assertEqual(cell["url"], "")


class Rules(TargetCase):
    def test_filing_without_names_never_raises_a_score(self):
        """Done and away both go up by the same unnamed persons; the target is far."""
        def points(unnamed):
            done = Measure(50 + unnamed, 100, named=(60, 60 + unnamed)), Measure(60, 60 + unnamed)
            return sum(Score(component, measure, weight).measure.share * weight for component, measure, weight in (
                (COMPONENTS[0], done[0], 20), (assessing.BY_NAME["names"], done[1], 10)))

        self.assertTrue(all(points(n + 1) < points(n) for n in range(60)))

    def test_ranks_with_ties(self):
        rows = ranked([row("1", 80), row("2", 90), row("3", 90), row("4", 50), row("5", None)])
        self.assertEqual([(each.township.code, each.rank) for each in rows],
                         [("2", 1), ("3", 1), ("1", 3), ("4", 4), ("5", None)])

    def test_a_whole_score_is_shown_only_where_it_tells_nothing(self):
        told = row("1", 1, hides=True, mark="<3", low=Fraction(1, 100), high=Fraction(9, 100))
        safe = row("2", 1, hides=True, mark="<3", low=Fraction(990, 1000), high=Fraction(994, 1000))
        unknown = row("3", 1, hides=True, mark="*")
        self.assertEqual([each.total for each in (told, safe, unknown)], [None, Decimal(99), None])
        self.assertEqual([each.scores[0].points for each in (told, safe)], [None, None])

    def test_weights_add_up_to_100_and_are_the_countys(self):
        weights = DEFAULTS | {"pay": 0, "names": 15}
        with self.assertRaisesMessage(Refusal, "add up to 105"):
            set_weights(self.county, 2026, DEFAULTS | {"names": 15}, by=self.zhao, version=0)
        for by in (self.wang, self.leader):
            with self.assertRaises(Refusal):
                set_weights(self.county, 2026, weights, by=by, version=0)
        set_weights(self.county, 2026, weights, by=self.zhao, version=0)
        with self.assertRaisesMessage(Refusal, "meanwhile"):
            set_weights(self.county, 2026, DEFAULTS, by=self.zhao, version=0)
        self.assertEqual(assessing.weights_of(COUNTY, 2026), weights)
        self.assertEqual(assessing.weights_of(COUNTY, 2025), DEFAULTS)
        page = self.post(self.zhao, "assessment_weights", COUNTY, 2026, version=1, **DEFAULTS | {"names": 99})
        self.assertContains(page, "must add up to 100")
        self.assertEqual(sum(DEFAULTS.values()), 100)


class Verified(CheckCase):
    def measures(self, officer):
        measures = assessing.Measures(self.county, OCTOBER, officer)
        return {code: measures.of(code, assessing.BY_NAME["verified"]) for code in (STATION, FAR_STATION)}

    def test_what_was_found_again_of_whom_was_reached_and_nothing_where_nobody_checked(self):
        self.finished("elsewhere", "at_home", "not_known", "not_reached")
        found = self.measures(self.zhao)
        self.assertEqual((found[STATION].part, found[STATION].whole), (2, 4))
        self.assertIsNone(found[FAR_STATION].share)
        score = Score(assessing.BY_NAME["verified"], found[STATION], DEFAULTS["verified"])
        self.assertEqual(score.points, Decimal("5.00"), "10 × 2 ÷ 4")
        self.assertIsNone(self.measures(self.leader)[STATION].share, "of four, the percent would tell of one")
        rows = {row.township.code: row for row in assessing.assess(self.county, OCTOBER, self.zhao)}
        self.assertEqual(rows[STATION].weight - rows[FAR_STATION].weight, DEFAULTS["verified"])

    def test_weights_saved_before_it_stay_as_they_were(self):
        before = {key: points for key, points in DEFAULTS.items() if key != "verified"} | {"names": 20}
        AssessmentWeights.objects.create(county=self.county, year=2026, weights=before, by=self.zhao, at=clock.now())
        weights = assessing.weights_of(COUNTY, 2026)
        self.assertEqual((weights["verified"], sum(weights.values())), (0, 100))


class Backing(TargetCase):
    def test_an_unnamed_group_lowers_what_is_done(self):
        busy_village(FAR)
        figures = assessing.Measures(self.county, SEPTEMBER, self.zhao)
        self.assertEqual(figures.of(FAR_STATION, assessing.BY_NAME[TRANSFERS]).named, (1, 1), "as filed, before the group")
        self.assertEqual(date(2026, 9, 30), self.county.last_day(SEPTEMBER))
        self.assertIn(reverse("assessment", args=[COUNTY, 2026]),
                      self.get(self.zhao, "targets", COUNTY, 2026).content.decode())

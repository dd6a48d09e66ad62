"""The proof finds what does not hold, and nothing where all does."""

from datetime import date
from io import StringIO
from unittest import mock

from django.core.management import call_command

from laborreg import clock
from reports import actions
from reports.headline import headline
from reports.models import EarlierTotal, FiledEvent, FiledFlow, FiledLine, ReturnVersion, Seal, SealTotal
from reports.proof import Proof
from tests.cast import COUNTY, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER, MonthCase


class Proven(PageCase):
    def build(self):
        super().build()
        transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500, industry="E", channel="own")
        transfer(worker("祁海英", sex="female"), date(2026, 8, 5), pay=3000)
        self.file_all(SEPTEMBER)
        self.seal = actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.file_all(OCTOBER)

    def failed(self, area=COUNTY, month=SEPTEMBER) -> set[str]:
        return {name for name, check in Proof(area, month).checks.items() if check.failed}

    def version(self):
        return ReturnVersion.objects.filter(village=HOME, month=SEPTEMBER)

    def test_every_statement_is_checked_and_holds(self):
        september, october = Proof(COUNTY, SEPTEMBER), Proof(COUNTY, OCTOBER)
        self.assertEqual((september.failed, october.failed), (0, 0))
        checked = {name for proof in (september, october) for name, check in proof.checks.items() if check.checked}
        self.assertEqual(checked, set(september.checks))

    def test_a_village_alone_is_proven_too(self):
        proof = Proof(HOME, OCTOBER)
        self.assertEqual(proof.failed, 0)
        self.assertGreater(proof.checks["names"].checked, 50)

    def test_a_changed_figure_is_found(self):
        self.version().update(away=3)
        self.assertEqual(self.failed(), {"identity", "parts", "hash", "names", "flows", "seal"})

    def test_a_changed_sum_of_parts_is_found(self):
        self.version().update(away_male=0)
        self.assertEqual(self.failed(), {"parts", "hash", "names", "seal"})

    def test_a_figure_beyond_what_it_is_part_of_is_found(self):
        self.version().update(unnamed=9)
        self.assertIn("below", self.failed())

    def test_a_changed_opening_is_found_a_month_later(self):
        ReturnVersion.objects.filter(village=HOME, month=OCTOBER).update(opening=5, late=-3)
        self.assertEqual(self.failed(month=OCTOBER), {"opening", "hash", "names"})

    def test_a_name_taken_out_or_changed_is_found(self):
        FiledLine.objects.filter(version__in=self.version(), name="马成龙").delete()
        self.assertEqual(self.failed(), {"names", "rows_hash"})

    def test_names_that_are_all_gone_are_found(self):
        for rows in (FiledLine, FiledEvent, FiledFlow):
            rows.objects.filter(version__in=self.version()).delete()
        self.assertEqual(self.failed(), {"names", "rows_hash", "flows"})

    def test_an_event_given_to_another_is_found_by_the_hash_alone(self):
        event = FiledEvent.objects.filter(version__in=self.version()).first()
        FiledEvent.objects.filter(pk=event.pk).update(worker_number=event.worker_number + 1000)
        self.assertEqual(self.failed(), {"rows_hash"})

    def test_a_changed_flow_is_found(self):
        FiledFlow.objects.filter(version__in=self.version()).update(persons=7)
        self.assertEqual(self.failed(), {"flows"})

    def test_a_changed_seal_is_found(self):
        SealTotal.objects.filter(seal=self.seal, area_code=COUNTY).update(away=99)
        self.assertEqual(self.failed(), {"seal", "seal_hash"})
        Seal.objects.update(hash="0" * 64)
        self.assertIn("seal_hash", self.failed())

    def test_the_command_says_what_failed_and_ends_with_1(self):
        said = StringIO()
        call_command("prove", stdout=said)
        self.assertIn("0 failed  in 2 months", said.getvalue())
        self.version().update(away=3)
        with self.assertRaises(SystemExit) as ended:
            call_command("prove", area=COUNTY, stdout=said)
        self.assertEqual(ended.exception.code, 1)
        self.assertIn(f"2026-09 {HOME} v1", said.getvalue())

    def test_the_page_shows_the_same(self):
        self.assertContains(self.get(self.zhao, "proof", COUNTY, SEPTEMBER), "Everything holds")
        self.version().update(away=3)
        self.assertContains(self.get(self.zhao, "proof", COUNTY, SEPTEMBER), f"2026-09 {HOME} v1")
        self.assertNotContains(self.get(self.leader, "proof", COUNTY, SEPTEMBER), f"2026-09 {HOME} v1")

    def test_the_names_of_a_county_with_many_people_are_checked_by_township(self):
        with mock.patch("reports.views.finding.MOST_PEOPLE", 0):
            county = self.get(self.zhao, "proof", COUNTY, SEPTEMBER)
            self.assertContains(county, f"/totals/{HOME[:9]}/2026-09/proof/")
            self.assertNotContains(county, "Shares of names")
            self.assertContains(self.get(self.zhao, "proof", HOME[:9], SEPTEMBER), "Shares of names")


class Headline(MonthCase):
    def test_a_year_before_of_which_only_some_figures_were_typed(self):
        self.file_all(SEPTEMBER)
        EarlierTotal.objects.create(
            county=self.county, area_code=COUNTY, month=SEPTEMBER.a_year_before, typed=["away"], away=5,
            typed_by=self.zhao, typed_at=clock.now(),
        )
        self.assertNotIn("a year before", headline(self.county, SEPTEMBER))

    def test_the_year_in_one_sentence(self):
        transfer(worker("马成龙", sex="male"), date(2026, 1, 5), pay=3000)
        self.file_all(SEPTEMBER)
        income = sum((2 * 3000 * days + 30) // 60 for days in (27, 28, 31, 30, 31, 30, 31, 31, 30))
        self.assertEqual(
            headline(self.county, SEPTEMBER),
            f"{self.county.label}, January to September 2026: 1 persons transferred "
            "(1 of them in the labor force: 100.0% of its 1), "
            f"1 person-times; labor income {income:,} yuan.",
        )

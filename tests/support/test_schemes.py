"""The table of a scheme: no holes, no overlaps, told with its numbers; and the scheme as a whole."""

import re

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laborreg.refusals import Refusal, Stale
from officers.roles import NotYours
from support import actions
from support.examples import EXAMPLES, TONGXIN, YONGNING
from support.models import Scheme
from support.schemes import Band, Grid, fault, grid_of, read_rows, table
from tests.support.desk import PayCase, led, yongning

MOST = 12
LIGHT = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
bounds = st.tuples(st.integers(1, 8), st.none() | st.integers(1, 9))
rectangles = st.lists(st.tuples(bounds, bounds), min_size=1, max_size=5)


def by_hand(bands) -> bool:
    """Whether every pair from the smallest on lies in exactly one band, tried one after the other."""
    if any(high is not None and high < low for band in bands for low, high in (band.size, band.days)):
        return False
    sizes = range(min(band.size_from for band in bands), MOST)
    days = range(min(band.days_from for band in bands), MOST)
    return all(sum(band.holds(size, day) for band in bands) == 1 for size in sizes for day in days)


@st.composite
def cuts(draw):
    """Rows without hole or overlap, open at the end."""
    starts = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
    return [*zip(starts, [start - 1 for start in starts[1:]], strict=False), (starts[-1], None)]


class Tables(SimpleTestCase):
    @LIGHT
    @given(rectangles)
    def test_the_check_finds_what_trying_every_pair_finds(self, rows):
        bands = [Band(*size, *days) for size, days in rows]
        self.assertEqual(fault(bands) is None, by_hand(bands))

    @LIGHT
    @given(cuts(), cuts(), st.data())
    def test_whole_tables_pass_and_one_changed_bound_is_found(self, sizes, lengths, data):
        self.assertIsNone(fault(table(sizes, lengths)))
        spoiled = table(sizes, lengths)
        place = data.draw(st.integers(0, len(spoiled) - 1))
        band = spoiled[place]
        spoiled[place] = Band(band.size_from + data.draw(st.sampled_from([1, 2])), band.size_to, *band.days)
        self.assertEqual(fault(spoiled) is None, by_hand(spoiled))

    @LIGHT
    @given(rectangles)
    def test_the_sentence_names_a_pair_that_is_wrong(self, rows):
        bands = [Band(*size, *days) for size, days in rows]
        if found := re.search("(?:hole|overlaps): ([0-9]+) workers with ([0-9]+) days", fault(bands) or ""):
            size, days = int(found[1]), int(found[2])
            self.assertNotEqual(sum(band.holds(size, days) for band in bands), 1)

    def test_a_hole_is_told(self):
        self.assertIn("101 workers with 90 days", fault(table([(50, 100), (102, None)], [(90, None)])))

    def test_an_overlap_is_told_with_both_rows(self):
        sentence = fault(table([(50, 100), (100, None)], [(90, None)]))
        self.assertIn("100 workers with 90 days", sentence)
        self.assertIn("50–100 workers", sentence)
        self.assertIn("100 workers and more", sentence)

    def test_a_table_that_ends_has_a_hole(self):
        self.assertIn("101 workers with 90 days", fault(table([(50, 100)], [(90, None)])))

    def test_rows_as_offices_type_them(self):
        for text in (
            "50–100\n101–200\n201–", "50-100，101-200，201以上", "50至100；101~200；201+", "５０－１００、101—200、201-",
        ):
            with self.subTest(text):
                self.assertEqual(read_rows(text), [(50, 100), (101, 200), (201, None)])

    def test_rows_that_are_none(self):
        for text in ("", "many", "50", "100-50", "0-10", "1-2-3", "9999999-", ",".join(["1-2"] * 13)):
            with self.subTest(text), self.assertRaises(ValidationError):
                read_rows(text)

    def test_the_examples_are_whole(self):
        for example in EXAMPLES.values():
            self.assertIsNone(fault(example.bands))
        self.assertTrue(Grid(YONGNING.bands).is_complete)
        self.assertFalse(Grid(TONGXIN.bands).is_complete)
        self.assertEqual(Grid(YONGNING.bands).rows, [("90–179 days", [20, 30, 40]), ("180 days and more", [30, 40, 50])])


class Writing(PayCase):
    def test_zhao_writes_yongnings_scheme(self):
        self.assertEqual(grid_of(self.scheme).rows, [("90–179 days", [20, 30, 40]), ("180 days and more", [30, 40, 50])])
        self.assertEqual((self.scheme.pay_floor, self.scheme.contract_needed, self.scheme.filed_only), (2000, True, True))

    def test_nobody_else_does(self):
        for officer in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(NotYours):
                yongning(officer, name="别的")

    def test_a_table_with_a_hole_is_not_kept(self):
        with self.assertRaisesMessage(Refusal, "101 workers with 90 days"):
            holed = table([(50, 100), (102, None)], [(90, None)])
            actions.write_scheme(by=self.zhao, county=self.county, name="有洞", year_from=2025, bands=holed)
        self.assertFalse(Scheme.objects.filter(name="有洞").exists())

    def test_two_of_one_name_and_year_are_refused(self):
        with self.assertRaisesMessage(Refusal, "a scheme of this name from 2018"):
            yongning(self.zhao)

    def test_what_an_officer_mistypes(self):
        for facts in ({"year_from": "18"}, {"year_to": 2017}, {"pay_floor": "viel"}, {"pay_floor": "9999999"}, {"name": " "}):
            with self.subTest(str(facts)), self.assertRaises(Refusal):
                yongning(self.zhao, **{"name": "错"} | facts)

    def test_amounts_are_set_and_taken_back(self):
        first = self.scheme.bands.first()
        actions.set_amounts(self.scheme, by=self.zhao, version=1, amounts={first.pk: "25"})
        first.refresh_from_db()
        self.assertEqual(first.amount, 25)
        actions.set_amounts(self.scheme, by=self.zhao, version=2, amounts={first.pk: ""})
        self.assertFalse(grid_of(Scheme.objects.get()).is_complete)

    def test_of_two_who_edit_the_second_is_told(self):
        actions.edit_scheme(self.scheme, by=self.zhao, version=1, pay_floor=2500)
        with self.assertRaises(Stale):
            actions.edit_scheme(self.scheme, by=self.zhou, version=1, pay_floor=3000)

    def test_a_scheme_with_claims_is_followed_not_changed(self):
        led(self.broker, 2)
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "Claims stand on this scheme"):
            actions.edit_scheme(self.scheme, by=self.zhao, version=1, pay_floor=2500)
        band = self.scheme.bands.first()
        with self.assertRaisesMessage(Refusal, "Claims stand on this scheme"):
            actions.set_amounts(self.scheme, by=self.zhao, version=1, amounts={band.pk: 5})
        with self.assertRaisesMessage(Refusal, "Claims of 2025"):
            actions.copy_scheme(self.scheme, by=self.zhao, year_from=2025)
        successor = actions.copy_scheme(self.scheme, by=self.zhao, year_from=2026)
        self.scheme.refresh_from_db()
        self.assertEqual((self.scheme.year_to, successor.year_from, successor.year_to), (2025, 2026, None))
        self.assertEqual(grid_of(successor).rows, grid_of(self.scheme).rows)
        actions.edit_scheme(successor, by=self.zhao, version=1, pay_floor=2500)

    def test_a_successor_begins_later(self):
        with self.assertRaisesMessage(Refusal, "begins after 2018"):
            actions.copy_scheme(self.scheme, by=self.zhao, year_from=2018)

from unittest import mock

from django.test import TestCase

from laborreg import clock
from officers import demo
from reports.headline import headline
from reports.seed.county import COUNTY, FULL, Size, seed_county
from reports.seed.landing import Landing
from reports.seed.story import Story
from reports.totals import sums_between, totals
from villages.areas import area_at

STORY = Story(workers=130, away=44, labor_force=100)
LANDING = Landing(persons=310, share=0.56, trips=345, more_trips=25, income_growth=0.05)
SIZE = Size(**FULL | {"workers": 900, "landing": LANDING}, months=14, villages=6, story=STORY)


class LandingTest(TestCase):
    """A county in small, with the habits of the full one."""

    @classmethod
    def setUpTestData(cls):
        # More of them die, leave and move than in a real county, as all of that tells in so small a one.
        with mock.patch.multiple("reports.seed.county", DEATHS=120, LEAVINGS=80, MOVES=80):
            seed_county(SIZE)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        clock.pin(None)
        demo._known.clear()

    def test_the_newest_month_says_what_was_told(self):
        total = totals(COUNTY, SIZE.until)
        before = sums_between(COUNTY, SIZE.until.a_year_before, SIZE.until.a_year_before, at=6, in_by=SIZE.until)
        then, now = before[SIZE.until.a_year_before, COUNTY], total.figures
        self.assertEqual(now["transferred"], LANDING.persons)
        self.assertEqual(now["trips"], LANDING.trips)
        self.assertEqual(now["trips"] - then["trips"], LANDING.more_trips)
        self.assertAlmostEqual(now["transferred.in_force"] / now["labor_force"], LANDING.share, delta=0.002)
        self.assertAlmostEqual(now["income"] / then["income"] - 1, LANDING.income_growth, delta=0.002)

    def test_all_but_the_story_s_two_villages_are_in(self):
        total = totals(COUNTY, SIZE.until)
        self.assertEqual((total.expected, total.received), (6, 4))

    def test_the_headline_tells_it_in_both_languages(self):
        self.assertIn("310 persons", headline(area_at(COUNTY), SIZE.until))

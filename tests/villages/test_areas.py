"""Areas by code, what stands above and below, and who is posted there."""

from datetime import date

from django.test import TestCase
from django.utils import translation

from tests.cast import FAR, HOME, NEXT_DOOR, cast, county
from villages.areas import Prefix, area_at, children, officers_of, parents, posted_at, station_phones
from villages.models import Posting, Township, Village


class Areas(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        cls.people = cast()

    def test_each_length_of_code_has_its_level(self):
        levels = [area_at(code).level for code in ("63", "6301", "630121", "630121100", HOME)]
        self.assertEqual(levels, ["province", "prefecture", "county", "township", "village"])

    def test_a_code_that_stands_for_nothing(self):
        for code in ("", "9", "99", "6399", "63012", "639999", "630121999", HOME[:-1] + "9", "ABC", "..", "６３"):
            self.assertIsNone(area_at(code), code)

    def test_a_province_says_its_name_in_both_languages(self):
        self.assertEqual(area_at("63").label, "Qinghai 青海省")
        with translation.override("zh-hans"):
            self.assertEqual(area_at("6301").label, "西宁市")

    def test_crumbs(self):
        self.assertEqual([area.code for area in parents(area_at(HOME))], ["630121", "630121100"])
        self.assertEqual(parents(area_at("630121")), [])

    def test_what_stands_under_an_area(self):
        self.assertEqual([area.code for area in children(area_at("63"))], ["6301"])
        self.assertEqual([area.code for area in children(area_at("6301"))], ["630121"])
        self.assertEqual([area.code for area in children(area_at("630121"))], ["630121100", "630121101"])
        self.assertEqual([area.code for area in children(area_at("630121100"))], [HOME, NEXT_DOOR])
        self.assertEqual(children(area_at(HOME)), [])
        self.assertEqual(children(Prefix("64", "宁夏回族自治区")), [])

    def test_who_is_posted_today_with_one_query(self):
        with self.assertNumQueries(1):
            posted = posted_at([HOME, NEXT_DOOR, FAR])
        self.assertEqual(posted, {HOME: [self.people["li"]], NEXT_DOOR: [], FAR: [self.people["sun"]]})

    def test_leaders_and_administrators_do_not_keep_a_ledger(self):
        self.assertEqual(posted_at(["630121"])["630121"], [self.people["zhao"]])

    def test_a_posting_that_is_over_does_not_count(self):
        Posting.objects.filter(place_code=HOME).update(to_on=date(2021, 1, 1))
        self.assertEqual(officers_of(Village.objects.get(code=HOME)), [])

    def test_the_phone_of_the_station(self):
        Township.objects.filter(code="630121100").update(station_phone="0971-2722222")
        self.assertEqual(station_phones([HOME, FAR]), {HOME: "0971-2722222", FAR: ""})

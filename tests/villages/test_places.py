"""Zhao keeps the stations' facts and says which villages file; nobody below her does."""

from datetime import date

from django.db import transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.cast import FAR, HOME, cast, county, officer
from villages import actions
from villages.models import FROM_THE_START, County, Township, Village

COMMUNITY = "630121100001"
OCTOBER = Month(2026, 10)
NOVEMBER = Month(2026, 11)


class Desk(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        cls.people = cast()
        Village.objects.create(code=COMMUNITY, township_id="630121100", name="人民路南居委会", kind="community")
        elsewhere = County.objects.create(code="630123", name="湟源县")
        Township.objects.create(code="630123100", county=elsewhere, name="城关镇")
        Village.objects.create(code="630123100200", township_id="630123100", name="某村委会")
        cls.people["stranger"] = officer("stranger", "county", "630123")

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def refuses(self, words, action, *args, refusal=Refusal, **kwargs):
        with self.assertRaises(refusal) as caught, transaction.atomic():
            action(*args, **kwargs)
        self.assertIn(words, str(caught.exception))


class Actions(Desk):
    def setUp(self):
        super().setUp()
        self.zhao = self.people["zhao"]
        self.station = Township.objects.get(code="630121100")
        self.home, self.community = Village.objects.get(code=HOME), Village.objects.get(code=COMMUNITY)

    def test_the_facts_of_a_station(self):
        facts = {"station_phone": "0971 2722222", "station_address": "人民路 1 号", "head_name": "王 芳",
                 "is_reception_point": False}
        station = actions.edit_station(self.station, by=self.zhao, **facts)
        self.assertEqual((station.station_phone, station.head_name), ("0971-2722222", "王芳"))
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.place_code), ("edited a station", "630121100"))
        self.assertEqual(len(event.detail["changed"]), 4)
        actions.edit_station(self.station, by=self.zhao, **facts)
        self.assertEqual(AuditEvent.objects.count(), 1)

    def test_a_station_without_facts(self):
        actions.edit_station(self.station, by=self.zhao, station_phone="", station_address="", head_name="")
        for facts, words in (({"station_phone": "1"}, "11 digits"), ({"head_name": "王1"}, "does not belong"),
                             ({"station_address": "x" * 101}, "at most 100")):
            self.refuses(words, actions.edit_station, self.station, by=self.zhao, **facts)

    def test_a_community_starts_and_stops(self):
        actions.start_filing(self.community, by=self.zhao, month=NOVEMBER)
        village = actions.stop_filing(self.community, by=self.zhao, month=Month(2027, 3))
        self.assertEqual((village.files_from, village.files_to), (NOVEMBER, Month(2027, 3)))
        months = (OCTOBER, NOVEMBER, Month(2027, 4))
        self.assertEqual([village.files_in(month) for month in months], [False, True, False])
        village = actions.start_filing(self.community, by=self.zhao, month=Month(2027, 4))
        self.assertEqual((village.files_from, village.files_to), (NOVEMBER, None))
        verbs = AuditEvent.objects.order_by("number").values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["started filing", "stopped filing", "started filing"])

    def test_after_a_gap_it_files_from_the_new_month(self):
        Village.objects.filter(code=COMMUNITY).update(files_from="2024-01", files_to="2025-01")
        village = actions.start_filing(self.community, by=self.zhao, month=NOVEMBER)
        self.assertEqual((village.files_from, village.files_to), (NOVEMBER, None))

    def test_a_village_that_files_already(self):
        self.refuses("files already", actions.start_filing, self.home, by=self.zhao, month=NOVEMBER)
        self.refuses("does not file", actions.stop_filing, self.community, by=self.zhao, month=NOVEMBER)

    def test_months_that_are_over_stay_as_they_were(self):
        for month in (Month(2026, 9), Month(2027, 12)):
            self.refuses("Choose a month from October 2026 to November 2027",
                         actions.start_filing, self.community, by=self.zhao, month=month)
            self.refuses("Choose a month", actions.stop_filing, self.home, by=self.zhao, month=month)
        actions.start_filing(self.community, by=self.zhao, month=NOVEMBER)
        self.refuses("cannot stop before", actions.stop_filing, self.community, by=self.zhao, month=OCTOBER)

    def test_the_same_twice_leaves_one_trail(self):
        for _ in range(2):
            actions.start_filing(self.community, by=self.zhao, month=NOVEMBER)
            actions.stop_filing(self.home, by=self.zhao, month=NOVEMBER)
        self.assertEqual(AuditEvent.objects.count(), 2)

    def test_who_may(self):
        for name in ("li", "wang", "leader", "stranger"):
            by = self.people[name]
            self.refuses("may not", actions.edit_station, self.station, by=by, head_name="x", refusal=NotYours)
            self.refuses("may not", actions.start_filing, self.community, by=by, month=NOVEMBER, refusal=NotYours)
            self.refuses("may not", actions.stop_filing, self.home, by=by, month=NOVEMBER, refusal=NotYours)
        actions.start_filing(self.community, by=self.people["admin"], month=NOVEMBER)


class Pages(Desk):
    def sign_in(self, name):
        self.client.force_login(self.people[name])
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, name, url, status=200):
        self.sign_in(name)
        response = self.client.get(url)
        self.assertEqual(response.status_code, status)
        return response

    def post(self, name, url, data, status=302):
        self.sign_in(name)
        response = self.client.post(url, data)
        self.assertEqual(response.status_code, status)
        return response

    def test_the_county_with_its_townships_counted(self):
        page = self.get("zhao", reverse("places"))
        counted = page.context["counties"][0].rows[0][0]
        self.assertEqual((counted.village_count, counted.community_count, counted.filing_count), (2, 1, 2))
        self.assertContains(page, "Wang")
        self.assertNotContains(page, "湟源县")
        self.get("admin", reverse("places"))

    def test_nobody_below_the_county_has_these_pages(self):
        for name in ("li", "wang", "leader"):
            self.get(name, reverse("places"), status=404)
            self.get(name, reverse("place_township", args=["630121100"]), status=404)

    def test_places_of_another_county_do_not_exist(self):
        self.get("stranger", reverse("place_township", args=["630121100"]), status=404)
        self.get("stranger", reverse("place_village", args=[HOME]), status=404)
        for name in ("filing_start", "filing_stop"):
            self.post("stranger", reverse(name, args=[FAR]), {}, status=404)
        self.assertNotContains(self.get("stranger", reverse("places")), "桥头镇")

    def test_a_township_with_its_villages(self):
        page = self.get("zhao", reverse("place_township", args=["630121100"]))
        self.assertContains(page, "大煤洞村")
        self.assertContains(page, "the county's first month")
        self.assertContains(page, "does not file")
        self.assertContains(page, "nobody")
        self.get("zhao", reverse("place_township", args=["630121999"]), status=404)

    def test_saving_a_station(self):
        url = reverse("place_township", args=["630121100"])
        self.post("zhao", url, {"station_phone": "0971-2722222", "head_name": "王芳", "is_reception_point": "on"})
        self.assertEqual(Township.objects.get(code="630121100").station_phone, "0971-2722222")
        page = self.post("zhao", url, {"station_phone": "12", "head_name": "王芳"}, status=200)
        self.assertContains(page, "11 digits")
        self.assertContains(page, 'value="12"')

    def test_a_community_files_from_a_month_on(self):
        self.get("zhao", reverse("place_village", args=[COMMUNITY]))
        self.post("zhao", reverse("filing_start", args=[COMMUNITY]), {"start-month": "2026-11"})
        self.assertEqual(Village.objects.get(code=COMMUNITY).files_from, NOVEMBER)
        self.assertContains(self.get("zhao", reverse("place_village", args=[COMMUNITY])), "November 2026")
        self.post("zhao", reverse("filing_stop", args=[COMMUNITY]), {"stop-month": "2027-01"})
        self.assertEqual(Village.objects.get(code=COMMUNITY).files_to, Month(2027, 1))

    def test_a_refusal_is_shown_in_place(self):
        page = self.post("zhao", reverse("filing_start", args=[HOME]), {"start-month": "2026-11"}, status=200)
        self.assertContains(page, "files already")
        page = self.post("zhao", reverse("filing_stop", args=[HOME]), {"stop-month": "2020-01"}, status=200)
        self.assertIn("month", page.context["stop"].errors)
        self.assertEqual(Village.objects.get(code=HOME).files_from, FROM_THE_START)

"""The pages of cooperation points: all of the county see them, few change them."""

from datetime import date

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from jobs import actions
from jobs.models import CooperationPoint
from laborreg import clock
from tests.cast import cast, county, officer
from villages.models import County


class Pages(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        cls.people = cast()
        County.objects.create(code="630123", name="湟源县")
        cls.people["stranger"] = officer("stranger", "county", "630123")
        cls.point = actions.register_point(
            by=cls.people["zhao"], name="驻深圳劳务协作点", destination="4403", phone="0755-25555555", jobs_offered=1200
        )

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def sign_in(self, name):
        self.client.force_login(self.people[name])
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, name, url, status=200, **query):
        self.sign_in(name)
        response = self.client.get(url, query)
        self.assertEqual(response.status_code, status)
        return response

    def post(self, name, url, data, status=302):
        self.sign_in(name)
        response = self.client.post(url, data)
        self.assertEqual(response.status_code, status)
        return response

    def test_every_level_sees_the_points_of_the_county(self):
        for name in ("li", "wang", "zhao"):
            page = self.get(name, reverse("points"))
            self.assertContains(page, "驻深圳劳务协作点")
            self.assertContains(page, "广东 深圳")
            self.assertContains(page, "1,200")

    def test_another_county_does_not(self):
        self.assertNotContains(self.get("stranger", reverse("points")), "驻深圳")
        for name in ("point_edit", "point_stop", "point_resume"):
            self.post("stranger", reverse(name, args=[self.point.pk]), {}, status=404)

    def test_who_has_no_such_page(self):
        for name in ("leader", "admin"):
            self.get(name, reverse("points"), status=404)
        for url in (reverse("point_new"), reverse("point_edit", args=[self.point.pk])):
            self.get("li", url, status=404)
        self.assertNotContains(self.get("li", reverse("points")), reverse("point_new"))

    def test_the_place_is_chosen_list_by_list_without_javascript(self):
        steps = {"name": "驻拉萨劳务协作点", "destination_province": "54", "choose": "1"}
        page = self.post("wang", reverse("point_new"), steps, status=200)
        self.assertContains(page, 'name="destination_prefecture"')
        self.assertContains(page, "驻拉萨劳务协作点")
        self.assertNotContains(page, "error")
        self.assertEqual(CooperationPoint.objects.count(), 1)
        del steps["choose"]
        self.post("wang", reverse("point_new"), steps | {"destination_prefecture": "5401"})
        self.assertEqual(CooperationPoint.objects.get(name="驻拉萨劳务协作点").destination, "5401")

    def test_a_refusal_stands_on_the_form(self):
        data = {"name": "驻深圳劳务协作点", "destination_province": "44"}
        page = self.post("zhao", reverse("point_new"), data, status=200)
        self.assertContains(page, "a point named 驻深圳劳务协作点 already")

    def test_editing_keeps_what_was_chosen_before(self):
        url = reverse("point_edit", args=[self.point.pk])
        page = self.get("zhao", url)
        self.assertContains(page, '<option value="4403" selected>')
        self.post("zhao", url, {
            "name": "驻深圳劳务协作点", "destination_province": "44", "destination_prefecture": "4419", "version": 1,
        })
        self.assertEqual(CooperationPoint.objects.get().destination, "4419")

    def test_two_officers_at_once(self):
        url = reverse("point_edit", args=[self.point.pk])
        data = {"name": "驻深圳劳务协作点", "destination_province": "44", "destination_prefecture": "4403",
                "version": 1, "phone": "0755-25555555", "jobs_offered": "1200"}
        self.post("wang", url, data | {"partner": "甲公司"})
        page = self.post("zhao", url, data | {"partner": "乙公司"}, status=200)
        conflict = [(str(label), *rest) for label, *rest in page.context["form"].conflict]
        self.assertEqual(conflict, [("Partner", "乙公司", "甲公司")])

    def test_stop_and_resume(self):
        self.post("zhao", reverse("point_stop", args=[self.point.pk]), {"stopped_on": "2026-10-01", "version": 1})
        self.assertNotContains(self.get("li", reverse("points")), "驻深圳")
        self.assertContains(self.get("li", reverse("points"), view="stopped"), "2026-10-01")
        self.get("zhao", reverse("point_edit", args=[self.point.pk]))
        self.post("zhao", reverse("point_resume", args=[self.point.pk]), {})
        self.assertIsNone(CooperationPoint.objects.get().stopped_on)

    def test_a_stop_that_is_refused(self):
        page = self.post("zhao", reverse("point_stop", args=[self.point.pk]),
                         {"stopped_on": "2026-12-01", "version": 1}, status=200)
        self.assertContains(page, "in the future")

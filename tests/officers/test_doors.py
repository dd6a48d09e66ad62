"""The doors of the demo: for a browser on this machine, in a demo, and nowhere else."""

from datetime import date

from django.test import TestCase, override_settings

from laborreg import clock
from officers import demo
from officers.models import AuditEvent, Demo
from tests import cast

HERE = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}


class Doors(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()

    def setUp(self):
        Demo.objects.create(today=date(2026, 11, 4))
        demo.begin()
        self.addCleanup(self.end)

    def end(self):
        demo._known.clear()
        clock.pin(None)

    def enter(self, username="li", **facts):
        return self.client.post("/doors/enter/", {"username": username}, **HERE | facts)

    def test_one_door_per_account_that_exists(self):
        response = self.client.get("/doors/", **HERE)
        self.assertContains(response, "btn btn-primary btn-block", count=5)
        self.officers["zhao"].username = "other"
        self.officers["zhao"].save()
        self.assertContains(self.client.get("/doors/", **HERE), "btn btn-primary btn-block", count=4)

    def test_the_page_says_that_people_are_invented_and_what_day_it_is(self):
        response = self.client.get("/doors/", **HERE)
        self.assertContains(response, "All people here are invented")
        self.assertContains(response, "Nov. 4, 2026")

    def test_the_page_in_chinese(self):
        self.client.cookies["django_language"] = "zh-hans"
        self.assertContains(self.client.get("/doors/", **HERE), "2026年11月4日")

    def test_one_click_enters(self):
        self.assertRedirects(self.enter(), "/", fetch_redirect_response=False)
        self.assertEqual(self.client.get("/me/", **HERE).status_code, 200)
        self.assertEqual(AuditEvent.objects.get().detail["how"], "demo")

    def test_another_door_changes_the_role(self):
        self.enter()
        first = self.client.session.session_key
        self.enter("wang")
        self.assertNotEqual(self.client.session.session_key, first)
        self.assertContains(self.client.get("/me/", **HERE), "Township station")

    def test_only_the_accounts_of_the_doors(self):
        cast.officer("boss", "admin", cast.COUNTY)
        self.assertEqual(self.enter("boss").status_code, 404)
        self.assertEqual(self.enter("").status_code, 404)

    def test_a_disabled_account_has_no_door(self):
        cast.Officer.objects.filter(username="li").update(is_active=False)
        self.assertEqual(self.enter().status_code, 404)

    def test_closed_from_elsewhere(self):
        for facts in ({"REMOTE_ADDR": "10.0.0.5"}, {"HTTP_HOST": "testserver"}, {"REMOTE_ADDR": ""}):
            with self.subTest(facts):
                self.assertEqual(self.enter(**facts).status_code, 404)
                self.assertEqual(self.client.get("/doors/", **HERE | facts).status_code, 404)

    def test_closed_on_a_server(self):
        with override_settings(PRODUCTION=True):
            self.assertEqual(self.enter().status_code, 404)

    def test_closed_in_a_registry_that_is_no_demo(self):
        Demo.objects.all().delete()
        demo.begin()
        self.assertEqual(self.enter().status_code, 404)
        self.assertEqual(self.client.get("/doors/", **HERE).status_code, 404)

    def test_entering_is_a_post(self):
        self.assertEqual(self.client.get("/doors/enter/", **HERE).status_code, 405)

    def test_who_signs_out_stands_before_the_doors(self):
        self.enter()
        self.assertRedirects(self.client.post("/sign-out/", **HERE), "/doors/", fetch_redirect_response=False)

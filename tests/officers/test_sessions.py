"""Where an account is signed in: the list, ending one or all, and what ends sessions by itself."""

from datetime import timedelta
from unittest.mock import patch

from django.contrib.sessions.models import Session
from django.test import Client, TestCase

from laborreg import clock
from laborreg.refusals import Refusal
from officers import demo, sessions, sign_in
from officers.models import AuditEvent, Officer, OpenSession
from tests import cast
from villages import accounts

WECHAT = (
    "Mozilla/5.0 (Linux; Android 9; Redmi 6A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0"
    " Mobile Safari/537.36 MicroMessenger/8.0.42"
)
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"


class Sessions(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        cls.li = cls.officers["li"]
        demo.begin()

    def signed(self, username="li", **how) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": username, "password": "Right-2026"}, **how)
        return client

    def is_in(self, client):
        return client.get("/me/").status_code == 200


class TheList(Sessions):
    def test_three_browsers_work_at_once_and_are_listed(self):
        here = self.signed(HTTP_USER_AGENT=OFFICE, REMOTE_ADDR="10.0.0.1")
        others = [self.signed(HTTP_USER_AGENT=WECHAT, REMOTE_ADDR="10.0.0.2"), self.signed()]
        self.assertTrue(all(self.is_in(client) for client in [here, *others]))
        page = here.get("/me/")
        for told in ("Edge, Windows", "10.0.0.1", "WeChat, Android", "10.0.0.2", "an unknown browser", "this one"):
            self.assertContains(page, told)
        for client in [here, *others]:
            self.assertNotContains(page, client.session.session_key)

    def test_in_plain_words(self):
        for browser, words in (
            (WECHAT, "WeChat, Android"), (OFFICE, "Edge, Windows"), ("curl/8", "an unknown browser"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Mobile Safari/604.1", "Safari, iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox, Linux"),
        ):
            self.assertEqual(sessions.in_words(browser), words)

    def test_a_hostile_name_of_a_browser_is_text(self):
        self.signed(HTTP_USER_AGENT="<script>alert(1)</script>" * 50)
        self.assertNotContains(self.signed().get("/me/"), "alert(1)")

    def test_one_that_was_idle_too_long_is_not_listed(self):
        self.signed(REMOTE_ADDR="10.0.0.7")
        OpenSession.objects.update(seen_at=clock.now() - timedelta(minutes=31))
        self.assertNotContains(self.signed().get("/me/"), "10.0.0.7")

    def test_last_seen_follows_every_five_minutes(self):
        client = self.signed()
        session = client.session
        session["seen"] -= 301
        session.save()
        OpenSession.objects.update(seen_at=clock.now() - timedelta(minutes=6))
        client.get("/me/", REMOTE_ADDR="10.0.0.3")
        found = OpenSession.objects.get()
        self.assertAlmostEqual(found.seen_at, clock.now(), delta=timedelta(seconds=20))
        self.assertEqual(found.address, "10.0.0.3")


class Ending(Sessions):
    def test_one(self):
        here, other, third = self.signed(), self.signed(), self.signed()
        pk = OpenSession.objects.get(session=other.session.session_key).pk
        self.assertRedirects(here.post(f"/me/sessions/{pk}/end/"), "/me/")
        self.assertEqual([self.is_in(client) for client in (here, other, third)], [True, False, True])
        self.assertEqual(AuditEvent.objects.get(verb="ended sessions").detail, {"sessions": 1})
        self.assertEqual(here.post(f"/me/sessions/{pk}/end/").status_code, 404)

    def test_the_one_at_hand_is_ended_by_signing_out(self):
        here = self.signed()
        pk = OpenSession.objects.get().pk
        self.assertEqual(here.post(f"/me/sessions/{pk}/end/").status_code, 404)
        self.assertTrue(self.is_in(here))

    def test_nobody_elses(self):
        wang = self.signed("wang")
        pk = OpenSession.objects.get().pk
        self.assertEqual(self.signed().post(f"/me/sessions/{pk}/end/").status_code, 404)
        self.assertTrue(self.is_in(wang))

    def test_all_others(self):
        here, other, wang = self.signed(), self.signed(), self.signed("wang")
        self.assertRedirects(here.post("/me/sessions/end/"), "/me/")
        self.assertEqual([self.is_in(client) for client in (here, other, wang)], [True, False, True])

    def test_the_level_above_ends_all_of_an_account(self):
        clients = [self.signed(), self.signed(), self.signed()]
        station = self.signed("wang")
        self.assertContains(station.get(f"/accounts/{self.li.pk}/"), "signed in at 3 places now")
        answer = station.post(f"/accounts/{self.li.pk}/sessions/", follow=True)
        self.assertContains(answer, "3 sessions are ended.")
        self.assertEqual([self.is_in(client) for client in clients], [False] * 3)
        event = AuditEvent.objects.get(verb="ended sessions")
        self.assertEqual((event.by.username, event.place_code), ("wang", cast.HOME))

    def test_nobody_else_does(self):
        self.signed()
        for name in ("li", "sun", "leader", "admin"):
            with self.subTest(name), self.assertRaises(Refusal):
                accounts.end_sessions(self.li, by=Officer.objects.get(username=name))
        self.assertEqual(OpenSession.objects.count(), 1)


class DyingByThemselves(Sessions):
    """AU-06: a key from before signing in is worth nothing, and an old one is dead after each of four ends."""

    def copy_of(self, client) -> Client:
        """Somebody who holds a copy of the cookie."""
        thief = Client()
        thief.cookies["sessionid"] = client.cookies["sessionid"].value
        return thief

    def test_a_key_planted_before_signing_in(self):
        client = Client()
        planted = client.session
        planted["planted"] = True
        planted.save()
        client.cookies["sessionid"] = planted.session_key
        thief = self.copy_of(client)
        client.post("/sign-in/", {"username": "li", "password": "Right-2026"})
        self.assertTrue(self.is_in(client))
        self.assertFalse(self.is_in(thief))

    def test_signing_out(self):
        client = self.signed()
        thief = self.copy_of(client)
        client.post("/sign-out/")
        self.assertFalse(self.is_in(thief))
        self.assertFalse(OpenSession.objects.exists())

    def test_a_new_password(self):
        client, other = self.signed(), self.signed()
        thief = self.copy_of(client)
        typed = {"old_password": "Right-2026", "new_password": "Maple-4711", "repeated": "Maple-4711"}
        client.post("/me/password/", typed)
        self.assertEqual([self.is_in(each) for each in (client, thief, other)], [True, False, False])
        self.assertEqual(OpenSession.objects.get().session_id, client.session.session_key)
        self.assertEqual(Session.objects.filter(opensession__isnull=False).count(), 1)

    def test_a_new_password_keeps_none_alive_that_was_ended_meanwhile(self):
        client, choose = self.signed(), sign_in.choose_password

        def end_after(officer, password, *, by):
            choose(officer, password, by=by)
            accounts.end_sessions(officer, by=self.officers["wang"])

        typed = {"old_password": "Right-2026", "new_password": "Maple-4711", "repeated": "Maple-4711"}
        with patch.object(sign_in, "choose_password", end_after):
            self.assertRedirects(client.post("/me/password/", typed), "/me/", fetch_redirect_response=False)
        self.assertFalse(self.is_in(client))
        self.assertFalse(OpenSession.objects.exists())

    def test_disabling_also_when_it_is_taken_back(self):
        client = self.signed()
        accounts.disable(self.li, by=self.officers["wang"])
        self.assertFalse(self.is_in(client))
        accounts.enable(Officer.objects.get(pk=self.li.pk), by=self.officers["wang"])
        self.assertFalse(self.is_in(client))
        self.assertTrue(self.is_in(self.signed()))

    def test_a_first_password_given_anew(self):
        client = self.signed()
        accounts.reset_password(self.li, by=self.officers["wang"])
        self.assertFalse(self.is_in(client))
        self.assertFalse(OpenSession.objects.exists())

"""Signing in: the throttle before the hash, one message for every failure, limits of a session."""

from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread
from unittest import skipIf
from unittest.mock import patch

from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from laborreg import clock
from officers import addresses, audit, demo, sign_in, throttle
from officers.models import AuditEvent, FailedSignIn
from tests import cast
from villages import accounts

SIGN_IN = "/sign-in/"
RIGHT = "Right-2026"


class Doors(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.datong = cast.county()
        cls.officers = cast.cast()
        demo.begin()

    def enter(self, username="li", password=RIGHT, client=None, **extra):
        return (client or self.client).post(SIGN_IN, {"username": username, "password": password}, **extra)

    def fail(self, times, username="li", **extra):
        return [self.enter(username, "wrong-1", **extra) for _n in range(times)]

    def wait(self, **span):
        """What failed so far happened earlier."""
        for attempt in FailedSignIn.objects.all():
            FailedSignIn.objects.filter(pk=attempt.pk).update(at=attempt.at - timedelta(**span))


class SigningIn(Doors):
    def test_right_password_opens_the_home_page(self):
        self.assertRedirects(self.enter(), "/", fetch_redirect_response=False)
        self.assertEqual(int(self.client.session["_auth_user_id"]), self.officers["li"].pk)
        self.assertAlmostEqual(self.client.session["began"], timezone.now().timestamp(), delta=5)
        self.assertEqual(self.client.session["seen"], self.client.session["began"])

    def test_the_trail_of_the_county_says_so(self):
        self.enter(REMOTE_ADDR="10.1.2.3")
        event = AuditEvent.objects.get(verb="signed in")
        self.assertEqual((event.county_code, event.by), (cast.COUNTY, self.officers["li"]))
        self.assertEqual(event.detail, {"address": "10.1.2.3", "how": "password"})

    def test_capitals_do_not_matter(self):
        self.assertEqual(self.enter("LI").status_code, 302)

    def test_unknown_and_wrong_read_the_same(self):
        wrong, unknown = self.enter("li", "wrong-1"), self.enter("nobody", "wrong-1")
        self.assertEqual((wrong.status_code, unknown.status_code), (200, 200))
        self.assertEqual(wrong.context["form"].errors, unknown.context["form"].errors)

    def test_unknown_costs_the_same_hash(self):
        hasher = hashers.get_hasher()
        with patch.object(type(hasher), "encode", side_effect=hasher.encode) as encode:
            self.enter("li", "wrong-1")
            known = encode.call_count
            self.enter("nobody", "wrong-1")
        self.assertEqual(encode.call_count - known, known)

    def test_disabled_account_reads_the_same(self):
        cast.Officer.objects.filter(username="li").update(is_active=False)
        self.assertContains(self.enter(), "The account or the password is wrong.")

    def test_the_session_gets_a_new_key(self):
        self.client.get(SIGN_IN)
        session = self.client.session
        session["planted"] = True
        session.save()
        before = session.session_key
        self.client.cookies["sessionid"] = before
        self.enter()
        self.assertNotEqual(self.client.session.session_key, before)
        self.assertFalse(Session.objects.filter(pk=before).exists())

    def test_next_stays_on_this_site(self):
        for wanted, expected in [
            ("/people/?q=1", "/people/?q=1"), ("//evil.example", "/"), ("https:evil.example", "/"),
            ("javascript:alert(1)", "/"), ("http://testserver/me/", "http://testserver/me/"), ("\\\\evil", "/"),
        ]:
            with self.subTest(wanted):
                response = Client().post(SIGN_IN, {"username": "li", "password": RIGHT, "next": wanted})
                self.assertRedirects(response, expected, fetch_redirect_response=False)

    def test_who_is_signed_in_goes_home(self):
        self.enter()
        self.assertRedirects(self.client.get(SIGN_IN), "/", fetch_redirect_response=False)

    def test_hostile_names_are_only_wrong(self):
        for name in ["x" * 500, "a\x00b", "' or 1=1", "🙂", "ＬＩ "]:
            with self.subTest(name):
                self.assertIn(self.enter(name, "wrong-1").status_code, (200, 429))

    def test_queries(self):
        with self.assertNumQueries(0):
            self.client.get(SIGN_IN)

    def test_signing_out_is_a_post(self):
        self.enter()
        self.assertEqual(self.client.get("/sign-out/").status_code, 405)
        key = self.client.session.session_key
        self.client.post("/sign-out/")
        self.assertFalse(Session.objects.filter(pk=key).exists())
        self.assertRedirects(self.client.get("/me/"), "/sign-in/?next=/me/")


class Throttle(Doors):
    def test_five_wrong_passwords_lock_the_account(self):
        self.assertEqual([response.status_code for response in self.fail(6)], [200] * 5 + [429])

    def test_the_right_one_is_refused_until_the_lock_ends(self):
        self.fail(5)
        self.assertEqual(self.enter().status_code, 429)
        self.wait(minutes=15, seconds=1)
        self.assertEqual(self.enter().status_code, 302)

    def test_the_lock_says_how_long(self):
        self.fail(5)
        self.wait(minutes=4)
        self.assertContains(self.enter(), "locked for 11 minutes", status_code=429)

    def test_refused_attempts_do_not_lengthen_the_lock(self):
        self.fail(5)
        self.wait(minutes=10)
        self.fail(20)
        self.wait(minutes=5, seconds=1)
        self.assertEqual(self.enter().status_code, 302)

    def test_capitals_are_one_account(self):
        """So is the ı without a dot, whose capital is I: PostgreSQL finds the account by it."""
        for name in ["li", "LI", "lı", "lI", "ｌｉ"]:
            self.enter(name, "wrong-1")
        self.assertEqual(self.enter().status_code, 429)

    def test_an_unknown_account_locks_alike(self):
        known, unknown = self.fail(6)[-1], self.fail(6, "nobody", REMOTE_ADDR="10.0.0.9")[-1]
        self.assertEqual(known.context["form"].errors, unknown.context["form"].errors)

    def test_a_locked_attempt_costs_no_hash(self):
        self.fail(5)
        with patch.object(hashers, "check_password") as check, patch.object(hashers, "make_password") as make:
            self.enter()
        self.assertEqual((check.call_count, make.call_count), (0, 0))

    def test_success_forgets_what_failed(self):
        self.fail(4)
        self.enter()
        self.assertFalse(FailedSignIn.objects.filter(username="li").exists())

    def test_success_of_one_does_not_forgive_the_address(self):
        for n in range(29):
            self.enter(f"spray{n}", "wrong-1")
        self.enter()
        self.client.post("/sign-out/")
        self.assertEqual([self.enter(name, "wrong-1").status_code for name in ("x", "y")], [200, 429])

    def test_thirty_from_one_address_lock_the_address(self):
        codes = [self.enter(f"spray{n}", "wrong-1").status_code for n in range(31)]
        self.assertEqual(codes, [200] * 30 + [429])
        self.assertEqual(self.enter(REMOTE_ADDR="10.0.0.9").status_code, 302)

    def test_one_network_of_ipv6_is_one_address(self):
        codes = [self.enter(f"s{n}", "wrong-1", REMOTE_ADDR=f"2001:db8::{n:x}").status_code for n in range(31)]
        self.assertEqual(codes[-1], 429)

    def test_a_broken_address_still_counts(self):
        self.assertEqual(self.fail(1, REMOTE_ADDR="")[0].status_code, 200)
        self.assertEqual(FailedSignIn.objects.get().address, "0.0.0.0")

    def test_a_line_that_the_visitor_wrote_is_not_believed(self):
        request = self.client.get(SIGN_IN, HTTP_X_FORWARDED_FOR="1.1.1.1, 10.0.0.7").wsgi_request
        for production in (False, True):
            with override_settings(PRODUCTION=production):
                self.assertEqual(addresses.address_of(request), "127.0.0.1")

    def test_the_lock_is_in_the_trail_once(self):
        self.fail(8)
        event = AuditEvent.objects.get(verb="locked an account")
        self.assertEqual((event.county_code, event.by), (cast.COUNTY, None))
        self.assertEqual(event.subject_id, str(self.officers["li"].pk))

    def test_old_failures_are_thrown_away(self):
        self.fail(3)
        self.wait(minutes=16)
        self.fail(1)
        self.assertEqual(FailedSignIn.objects.count(), 1)


class FromOutside(Doors):
    """AU-01 to AU-03: guessing one account, one password on many, and locking somebody out on purpose."""

    def test_of_a_hundred_guesses_five_are_looked_at_and_the_right_one_waits(self):
        hasher = hashers.get_hasher()
        with patch.object(type(hasher), "encode", side_effect=hasher.encode) as looked:
            answers = self.fail(100)
        self.assertEqual(looked.call_count, 5)
        self.assertEqual([answer.status_code for answer in answers], [200] * 5 + [429] * 95)
        self.assertEqual(len({str(answer.context["form"].errors) for answer in answers}), 2)
        self.assertEqual(self.enter().status_code, 429)
        self.wait(minutes=15, seconds=1)
        self.assertEqual(self.enter().status_code, 302)

    def test_of_five_hundred_accounts_thirty_are_looked_at(self):
        hasher = hashers.get_hasher()
        with patch.object(type(hasher), "encode", side_effect=hasher.encode) as looked:
            for n in range(500):
                self.enter(f"officer{n}", "Sommer-2026")
        self.assertEqual(looked.call_count, throttle.PER_ADDRESS)

    def test_an_administrator_locked_from_outside_gets_in_from_the_console(self):
        """docs/deploy.md, "Signing in"."""
        self.fail(8, "admin", REMOTE_ADDR="203.0.113.9")
        self.assertEqual(self.enter("admin", REMOTE_ADDR="10.0.0.1").status_code, 429)
        call_command("unlock_account", "admin", stdout=StringIO())
        self.assertEqual(self.enter("admin", REMOTE_ADDR="10.0.0.1").status_code, 302)

    def test_or_through_another_administrator(self):
        second = cast.officer("second", "admin", cast.COUNTY)
        self.fail(8, "admin", REMOTE_ADDR="203.0.113.9")
        password = accounts.reset_password(cast.Officer.objects.get(username="admin"), by=second)
        self.assertEqual(self.enter("admin", password, REMOTE_ADDR="10.0.0.1").status_code, 302)

    def test_who_is_signed_in_works_on_while_the_account_is_locked(self):
        self.enter("admin")
        self.fail(8, "admin", REMOTE_ADDR="203.0.113.9")
        self.assertEqual(self.client.get("/accounts/").status_code, 200)


class AtOnce(TransactionTestCase):
    def test_two_that_were_written_before_either_was_counted_do_not_both_pass(self):
        for _n in range(4):
            throttle.reserve("li", "10.0.0.1")
        FailedSignIn.objects.create(username="li", address="10.0.0.2", at=timezone.now())
        with self.assertRaises(throttle.Locked):
            throttle.reserve("li", "10.0.0.1")
        self.assertEqual(FailedSignIn.objects.count(), 5)

    @skipIf(connection.vendor == "sqlite", "the database in memory has one writer and does not wait")
    def test_of_many_attempts_at_once_no_more_than_the_limit_pass(self):
        start, passed = Barrier(8), []

        def attempt():
            start.wait()
            try:
                throttle.reserve("li", "10.0.0.1")
                passed.append(1)
            except throttle.Locked:
                pass
            finally:
                connection.close()

        threads = [Thread(target=attempt) for _n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual(len(passed), throttle.PER_ACCOUNT)
        self.assertEqual(FailedSignIn.objects.count(), len(passed))


class FirstPassword(Doors):
    def setUp(self):
        self.li = self.officers["li"]
        self.until(timedelta(days=7))

    def until(self, span):
        cast.Officer.objects.filter(pk=self.li.pk).update(
            must_change_password=True, first_password_until=clock.now() + span
        )

    def choose(self, **typed):
        typed = {"new_password": "Maple-4711", "repeated": "Maple-4711", "accepted": "on", "large_text": "0"} | typed
        return self.client.post("/first-password/", typed)

    def test_every_page_leads_to_the_change(self):
        self.enter()
        for path in ("/me/", "/messages/", "/accounts/"):
            self.assertRedirects(self.client.get(path), "/first-password/", fetch_redirect_response=False)
        self.assertContains(self.client.get("/first-password/"), "Choose your password")

    def test_after_the_change_the_old_password_and_other_sessions_are_dead(self):
        other = Client()
        self.enter(client=other)
        self.enter()
        key = self.client.session.session_key
        self.assertRedirects(self.choose(phone="13800000000", large_text="1"), "/", fetch_redirect_response=False)
        self.assertNotEqual(self.client.session.session_key, key)
        self.assertEqual(self.client.get("/me/").status_code, 200)
        self.assertEqual(other.get("/me/").status_code, 302)
        self.li.refresh_from_db()
        self.assertFalse(self.li.check_password(RIGHT))
        self.assertEqual((self.li.phone, self.li.large_text), ("13800000000", True))
        self.assertEqual(AuditEvent.objects.get(verb="chose a password").detail, {"privacy duty": "accepted"})

    def test_a_new_first_password_is_not_overwritten_by_who_was_choosing(self):
        self.enter()
        choose, given = sign_in.choose_password, []

        def reset_first(officer, password, *, by):
            given.append(accounts.reset_password(cast.Officer.objects.get(pk=self.li.pk), by=self.officers["wang"]))
            choose(officer, password, by=by)

        with patch.object(sign_in, "choose_password", reset_first):
            answer = self.choose()
        self.assertContains(answer, "What you sent last was not saved.", status_code=409)
        self.li.refresh_from_db()
        self.assertTrue(self.li.check_password(given[0]))
        self.assertFalse(self.li.old_passwords.exists())
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_refused_passwords(self):
        self.enter()
        for password, word in [
            (RIGHT, "password you have now"), ("short-1", "at least 8"), ("qwertyuiop", "Mix at least"),
            ("password123", "too common"), ("大煤洞-2026", "your place"), ("12345678", "too common"),
        ]:
            with self.subTest(password):
                response = self.choose(new_password=password, repeated=password)
                self.assertContains(response, word)

    def test_pinyin_of_the_county_is_refused(self):
        self.enter()
        self.assertContains(self.choose(new_password="Datong-2026", repeated="Datong-2026"), "your place")

    def test_long_and_chinese_passwords_are_taken(self):
        self.enter()
        password = "山高水长路远" + "x1" * 40
        self.assertEqual(self.choose(new_password=password, repeated=password).status_code, 302)

    def test_two_that_differ_are_refused(self):
        self.enter()
        self.assertContains(self.choose(repeated="Maple-4712"), "differ")

    def test_the_duty_must_be_accepted(self):
        self.enter()
        self.assertContains(self.choose(accepted=""), "accepts this duty")

    def test_an_old_first_password_is_told_but_only_to_who_knows_it(self):
        self.until(-timedelta(seconds=1))
        self.assertContains(self.enter(), "no longer valid")
        self.assertContains(self.enter("li", "wrong-1"), "is wrong")
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_who_has_an_own_password_does_not_see_the_page(self):
        self.enter("wang")
        self.assertRedirects(self.client.get("/first-password/"), "/", fetch_redirect_response=False)


class SessionLimits(Doors):
    def age(self, **spans):
        session = self.client.session
        for name, seconds in spans.items():
            session[name] -= seconds
        session.save()

    def test_half_an_hour_without_use(self):
        self.enter()
        self.age(seen=31 * 60)
        response = self.client.get("/me/?a=1", follow=True)
        self.assertRedirects(response, "/sign-in/?next=/me/%3Fa%3D1")
        self.assertContains(response, "signed out after a time")

    def test_a_screen_on_the_wall_goes_on_and_opens_nothing_else(self):
        self.enter("zhao")
        for _half_hour in range(2):
            self.age(seen=31 * 60)
            self.assertEqual(self.client.get("/wall/").status_code, 200)
        self.assertRedirects(self.client.get("/people/"), "/sign-in/?next=/people/")
        self.assertEqual(self.client.get("/wall/").status_code, 302)
        self.enter("zhao")
        self.age(began=12 * 3600 + 1)
        self.assertEqual(self.client.get("/wall/").status_code, 302)

    def test_twelve_hours_at_most(self):
        self.enter()
        self.age(began=12 * 3600 + 1)
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_a_form_sent_too_late_leads_back_to_its_page(self):
        self.enter()
        self.age(seen=31 * 60)
        response = self.client.post("/me/password/", HTTP_REFERER="http://testserver/me/")
        self.assertRedirects(response, "/sign-in/?next=http%3A//testserver/me/", fetch_redirect_response=False)
        self.enter()
        self.age(seen=31 * 60)
        response = self.client.post("/me/password/", HTTP_REFERER="http://evil.example/")
        self.assertRedirects(response, "/sign-in/?next=/", fetch_redirect_response=False)

    def test_a_disabled_officer_is_out_on_the_next_request(self):
        self.enter()
        cast.Officer.objects.filter(username="li").update(is_active=False)
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_being_here_is_noted_every_five_minutes(self):
        self.enter()
        self.client.get("/me/")
        self.assertIsNone(cast.Officer.objects.get(username="li").seen_at)
        self.age(seen=301)
        self.client.get("/me/")
        self.assertIsNotNone(cast.Officer.objects.get(username="li").seen_at)

    def test_a_session_without_limits_is_no_session(self):
        self.client.force_login(self.officers["li"])
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_pages_of_an_officer_are_not_kept_by_the_browser(self):
        self.enter()
        self.assertIn("no-store", self.client.get("/me/")["Cache-Control"])

    def test_a_cookie_that_this_server_never_gave_is_nobodys(self):
        for cookie in ('"abcdefgh\\000ijk"', "x" * 5000, "ABCDEFGHABCDEFGHABCDEFGHABCDEFGH", '"\\342\\200\\256"'):
            with self.subTest(cookie[:20]):
                answer = Client(HTTP_COOKIE=f"sessionid={cookie}").get("/sign-in/")
                self.assertEqual(answer.status_code, 200)
        self.assertEqual(Client(HTTP_COOKIE='sessionid="abcdefgh\\000ijk"').get("/me/").status_code, 302)


class FromTheConsole(Doors):
    def test_a_lock_ends(self):
        self.fail(5, "admin")
        call_command("unlock_account", "ADMIN", stdout=StringIO())
        event = AuditEvent.objects.latest("pk")
        self.assertEqual((event.verb, event.by, event.place_code), ("unlocked an account", None, cast.COUNTY))
        self.assertEqual(self.enter("admin").status_code, 302)

    def test_an_unknown_account_is_told(self):
        with self.assertRaisesMessage(CommandError, "There is no account nobody."):
            call_command("unlock_account", "nobody")


class WithoutAPlace(Doors):
    def test_the_event_goes_to_the_chain_of_nowhere(self):
        lone = cast.officer("lone", "village")
        self.enter("lone")
        self.assertEqual(AuditEvent.objects.get(by=lone).county_code, audit.NOWHERE)

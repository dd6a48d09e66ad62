"""The second factor: set up, asked after the password, each code once, lost, and asked of some roles."""

import re
from base64 import b32decode
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.contrib.auth import hashers
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from laborreg.refusals import Refusal
from officers import demo, second_factor, sign_in
from officers.models import AuditEvent, Authenticator, FailedSignIn
from tests import cast
from villages import accounts

RIGHT = "Right-2026"
SETUP, CODES, OFF = "/me/second-factor/", "/me/second-factor/codes/", "/me/second-factor/off/"


class Factor(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        cls.zhao = cls.officers["zhao"]
        demo.begin()

    def setUp(self):
        self.ahead = 0

    def password(self, username="zhao", password=RIGHT, client=None):
        return (client or self.client).post("/sign-in/", {"username": username, "password": password})

    def code(self, token, client=None, **more):
        return (client or self.client).post("/sign-in/code/", {"token": token} | more)

    def shown(self) -> str:
        """What the phone shows: each time the code of a half minute later, as each works once."""
        self.ahead += 1
        self.enterContext(patch("time.time", return_value=self.moment + 30 * self.ahead))
        totp = TOTP(b32decode(self.secret))
        totp.time = self.moment + 30 * self.ahead
        return f"{totp.token():06}"

    def turn_on(self):
        """By the pages, from a session of password alone; the session stays."""
        self.password()
        page = self.client.get(SETUP)
        self.secret = re.search(r'<code class="strong">([A-Z2-7 ]+)</code>', page.content.decode())[1].replace(" ", "")
        self.moment = timezone.now().timestamp()
        answer = self.client.post(SETUP, {"password": RIGHT, "token": self.shown()})
        self.assertRedirects(answer, CODES, fetch_redirect_response=False)
        self.codes = self.codes_on(self.client.get(CODES))

    def codes_on(self, page):
        return re.findall(r"<code[^>]*>([a-z2-9]{5}-[a-z2-9]{5})</code>", page.content.decode())

    def is_in(self, client=None):
        return (client or self.client).get("/me/").status_code == 200


class TurningOn(Factor):
    def test_the_page_shows_the_secret_as_text_and_as_a_picture(self):
        self.password()
        page = self.client.get(SETUP)
        self.assertContains(page, 'class="qr"')
        self.assertRegex(page.content.decode(), r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}")
        self.assertEqual(page["Cache-Control"], "max-age=0, no-cache, no-store, must-revalidate, private")

    def test_ten_codes_are_shown_once(self):
        self.turn_on()
        self.assertEqual(len(set(self.codes)), 10)
        self.assertRedirects(self.client.get(CODES), SETUP)
        self.assertContains(self.client.get(SETUP), "10 recovery codes are left")
        self.assertTrue(AuditEvent.objects.filter(verb="turned on the second factor", by=self.zhao).exists())

    def test_a_wrong_code_turns_nothing_on_and_keeps_the_secret(self):
        self.password()
        before = self.client.get(SETUP).content.decode()
        answer = self.client.post(SETUP, {"password": RIGHT, "token": "000000"})
        self.assertContains(answer, "This code is not right")
        self.assertFalse(TOTPDevice.objects.exists())
        secret = re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", before)[0]
        self.assertContains(answer, secret)

    def test_the_password_is_asked_too(self):
        self.password()
        self.client.get(SETUP)
        answer = self.client.post(SETUP, {"password": "wrong-1", "token": "000000"})
        self.assertContains(answer, "This is not your password.")
        self.assertFalse(TOTPDevice.objects.exists())

    def test_sessions_that_began_with_the_password_alone_end(self):
        other = Client()
        self.password(client=other)
        self.turn_on()
        self.assertEqual((self.is_in(), self.is_in(other)), (True, False))

    def test_a_second_click_changes_nothing(self):
        self.turn_on()
        self.assertRedirects(self.client.post(SETUP, {"password": RIGHT, "token": self.shown()}), CODES,
                             fetch_redirect_response=False)
        self.assertEqual(TOTPDevice.objects.count(), 1)
        with self.assertRaisesMessage(Refusal, "turned on already"):
            second_factor.turn_on(self.zhao, self.secret, self.shown(), by=self.zhao)

    def test_at_rest_neither_the_secret_nor_a_code_can_be_read(self):
        self.turn_on()
        self.assertEqual(TOTPDevice.objects.get().key, "")
        cipher = bytes(Authenticator.objects.get().secret_cipher)
        for clear in (self.secret.encode(), b32decode(self.secret)):
            self.assertNotIn(clear, cipher)
        kept = set(StaticToken.objects.values_list("token", flat=True))
        self.assertEqual(len(kept), 10)
        self.assertFalse(kept & {code.replace("-", "") for code in self.codes})

    def test_until_it_is_confirmed_the_secret_is_enciphered_in_the_session(self):
        self.password()
        page = self.client.get(SETUP).content.decode()
        secret = re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)[0].replace(" ", "")
        self.assertNotIn(secret, str(dict(self.client.session)))


class SigningIn(Factor):
    def setUp(self):
        super().setUp()
        self.turn_on()
        self.client = Client()

    def test_the_session_begins_after_the_code(self):
        answer = self.password()
        self.assertRedirects(answer, "/sign-in/code/", fetch_redirect_response=False)
        self.assertNotIn("_auth_user_id", self.client.session)
        self.assertFalse(self.is_in())
        before = self.client.session.session_key
        self.assertRedirects(self.code(self.shown()), "/", fetch_redirect_response=False)
        self.assertTrue(self.is_in())
        self.assertNotEqual(self.client.session.session_key, before)
        self.assertEqual(AuditEvent.objects.filter(verb="signed in").latest("number").detail["how"], "app")

    def test_a_wrong_password_asks_for_no_code_and_reads_as_ever(self):
        self.assertContains(self.password(password="wrong-1"), "The account or the password is wrong.")
        self.assertRedirects(self.client.get("/sign-in/code/"), "/sign-in/")

    def test_a_code_works_once(self):
        token = self.shown()
        self.password()
        self.code(token)
        other = Client()
        self.password(client=other)
        self.assertContains(self.code(token, other), "This code is not right")

    def test_a_recovery_code_works_once_however_it_is_typed(self):
        self.password()
        self.assertEqual(self.code(f" {self.codes[0].upper().replace('-', ' ')} ").status_code, 302)
        other = Client()
        self.password(client=other)
        self.assertContains(self.code(self.codes[0], other), "This code is not right")
        self.assertEqual(second_factor.codes_left(self.zhao), 9)

    def test_full_width_digits_are_digits(self):
        self.password()
        token = self.shown().translate({ord("0") + n: ord("０") + n for n in range(10)})
        self.assertEqual(self.code(token).status_code, 302)

    def test_a_letter_when_recovery_codes_run_out(self):
        for code in self.codes[:6]:
            self.password(client=(client := Client()))
            self.code(code, client)
        self.assertFalse(self.zhao.messages.exists())
        self.password()
        self.code(self.codes[6])
        self.assertEqual(str(self.zhao.messages.get()), "3 of your recovery codes are left. Make new ones under My settings.")

    def test_five_wrong_codes_lock_and_a_right_password_does_not_forgive_them(self):
        for _n in range(5):
            self.password()
            self.assertEqual(self.code("000000").status_code, 200)
        self.assertEqual(self.password().status_code, 429)
        self.assertEqual(self.code(self.shown()).status_code, 429)
        self.assertEqual(AuditEvent.objects.filter(verb="locked an account").count(), 1)

    def test_a_locked_code_costs_no_look_at_it(self):
        self.password()
        for _n in range(5):
            FailedSignIn.objects.create(username="zhao", address="10.0.0.1", at=timezone.now())
        with patch.object(second_factor, "proves") as proves:
            self.assertEqual(self.code("000000").status_code, 429)
        proves.assert_not_called()

    def test_right_codes_forgive_wrong_ones(self):
        self.password()
        self.code("000000")
        self.code(self.shown())
        self.assertFalse(FailedSignIn.objects.filter(username="zhao").exists())

    def test_the_wait_ends_after_five_minutes(self):
        self.password()
        session = self.client.session
        session[sign_in.WAITS] = [*session[sign_in.WAITS][:2], session[sign_in.WAITS][2] - 301]
        session.save()
        self.assertRedirects(self.code(self.shown()), "/sign-in/")

    def test_a_password_that_changed_meanwhile_ends_the_wait(self):
        self.password()
        self.zhao.set_password("Maple-4711")
        self.zhao.save()
        self.assertRedirects(self.code(self.shown()), "/sign-in/")

    def test_a_disabled_account_does_not_get_in_by_its_code(self):
        self.password()
        cast.Officer.objects.filter(pk=self.zhao.pk).update(is_active=False)
        self.assertRedirects(self.code(self.shown()), "/sign-in/")

    def test_next_leads_on_and_stays_on_this_site(self):
        answer = self.client.post("/sign-in/", {"username": "zhao", "password": RIGHT, "next": "/me/?a=1"})
        self.assertEqual(answer.url, "/sign-in/code/?next=%2Fme%2F%3Fa%3D1")
        self.assertContains(self.client.get(answer.url), 'value="/me/?a=1"')
        self.assertRedirects(self.code(self.shown(), next="//evil.example"), "/", fetch_redirect_response=False)

    def test_one_that_is_turned_on_while_the_password_is_looked_at(self):
        with patch.object(second_factor, "is_on", side_effect=[False, False, True]):
            self.assertContains(self.password(), "The second factor is turned on already.")
        self.assertFalse(self.is_in())
        self.assertRedirects(self.password(), "/sign-in/code/", fetch_redirect_response=False)

    def test_others_are_asked_for_no_code(self):
        self.assertRedirects(self.password("li"), "/", fetch_redirect_response=False)

    def test_unknown_accounts_cost_what_they_did(self):
        """The password of an account with a second factor costs the same hash as one that does not exist."""
        hasher = hashers.get_hasher()
        with patch.object(type(hasher), "encode", side_effect=hasher.encode) as encode:
            self.password(password="wrong-1")
            known = encode.call_count
            self.password("nobody", "wrong-1")
        self.assertEqual(encode.call_count, 2 * known)


class Changing(Factor):
    def setUp(self):
        super().setUp()
        self.turn_on()

    def test_off_needs_password_and_code(self):
        for password, token in (("wrong-1", self.shown()), (RIGHT, "000000")):
            self.client.post(OFF, {"password": password, "token": token})
            self.assertTrue(second_factor.is_on(self.zhao))
        self.assertRedirects(self.client.post(OFF, {"password": RIGHT, "token": self.shown()}), "/me/")
        self.assertFalse(TOTPDevice.objects.exists() or StaticToken.objects.exists())
        self.assertTrue(AuditEvent.objects.filter(verb="turned off the second factor").exists())
        self.assertRedirects(self.password(client=Client()), "/", fetch_redirect_response=False)

    def test_new_codes_make_the_old_ones_worthless(self):
        self.assertContains(self.client.post(CODES, {"password": RIGHT, "token": "000000"}), "This code is not right")
        self.client.post(CODES, {"password": RIGHT, "token": self.shown()})
        fresh = self.codes_on(self.client.get(CODES))
        self.assertEqual((len(fresh), set(fresh) & set(self.codes)), (10, set()))
        self.assertEqual(second_factor.proves(self.zhao, self.codes[0]), "")
        self.assertEqual(second_factor.proves(self.zhao, fresh[0]), "recovery code")

    def test_in_an_open_session_five_wrong_codes_lock_too(self):
        """Whoever sits down at it and knows the password gets no more codes than at the door."""
        for address in (OFF, CODES, OFF, CODES, OFF):
            self.assertContains(self.client.post(address, {"password": RIGHT, "token": "000000"}), "This code is not right")
        answer = self.client.post(OFF, {"password": RIGHT, "token": self.shown()})
        self.assertContains(answer, "Too many failed tries")
        self.assertTrue(second_factor.is_on(self.zhao))

    def test_another_password_forgives_no_wrong_code(self):
        self.client.post(OFF, {"password": RIGHT, "token": "000000"})
        new = {"old_password": RIGHT, "new_password": "Maple-4711", "repeated": "Maple-4711"}
        self.assertRedirects(self.client.post("/me/password/", new), "/me/")
        self.assertEqual(FailedSignIn.objects.filter(username="zhao").count(), 1)

    def test_the_level_above_takes_a_lost_one_off(self):
        admin = cast.Officer.objects.get(username="admin")
        accounts.reset_second_factor(self.zhao, by=admin)
        self.assertFalse(second_factor.is_on(self.zhao))
        self.assertFalse(self.is_in())
        event = AuditEvent.objects.get(verb="reset a second factor")
        self.assertEqual((event.by, event.subject_id, event.county_code), (admin, str(self.zhao.pk), cast.COUNTY))
        self.assertIn("If you did not ask for that", str(self.zhao.messages.get()))

    def test_nobody_else_does_and_nobody_the_own(self):
        for name in ("li", "wang", "sun", "leader", "zhao"):
            with self.subTest(name), self.assertRaises(Refusal):
                accounts.reset_second_factor(self.zhao, by=cast.Officer.objects.get(username=name))
        self.assertTrue(second_factor.is_on(self.zhao))

    def test_the_account_page_offers_it_where_there_is_one(self):
        admin = Client()
        self.password("admin", client=admin)
        self.assertContains(admin.get(f"/accounts/{self.zhao.pk}/"), "Take off the second factor")
        self.assertNotContains(admin.get(f"/accounts/{self.officers['wang'].pk}/"), "Take off the second factor")
        answer = admin.post(f"/accounts/{self.zhao.pk}/second-factor/")
        self.assertRedirects(answer, f"/accounts/{self.zhao.pk}/")
        with self.assertRaisesMessage(Refusal, "has no second factor"):
            accounts.reset_second_factor(self.zhao, by=cast.Officer.objects.get(username="admin"))

    def test_from_the_console(self):
        call_command("reset_second_factor", "ZHAO", stdout=StringIO())
        self.assertFalse(second_factor.is_on(self.zhao))
        self.assertFalse(self.is_in())
        self.assertIsNone(AuditEvent.objects.get(verb="reset a second factor").by)
        with self.assertRaisesMessage(CommandError, "has no second factor"):
            call_command("reset_second_factor", "zhao")
        with self.assertRaisesMessage(CommandError, "There is no account nobody."):
            call_command("reset_second_factor", "nobody")


@override_settings(SECOND_FACTOR_ROLES=["county", "admin"])
class Required(Factor):
    def test_every_page_leads_to_the_set_up_until_it_is_done(self):
        self.password()
        for path in ("/", "/me/", "/people/", "/accounts/"):
            self.assertRedirects(self.client.get(path), SETUP, fetch_redirect_response=False)
        self.assertContains(self.client.get(SETUP), "Your role works with a second factor only")
        self.turn_on()
        self.assertTrue(self.is_in())

    def test_with_it_the_next_sign_in_goes_straight_on(self):
        self.turn_on()
        self.client = Client()
        self.password()
        self.code(self.shown())
        self.assertTrue(self.is_in())

    def test_it_cannot_be_turned_off(self):
        self.turn_on()
        self.assertNotContains(self.client.get(SETUP), "Turn off the second factor")
        self.client.post(OFF, {"password": RIGHT, "token": self.shown()}, HTTP_REFERER="http://testserver/me/second-factor/")
        self.assertTrue(second_factor.is_on(self.zhao))

    def test_other_roles_work_on(self):
        self.password("li")
        self.assertTrue(self.is_in())
        self.assertEqual(self.client.get("/people/").status_code, 200)

    def test_a_session_from_before_is_asked_with_its_next_request(self):
        with self.settings(SECOND_FACTOR_ROLES=[]):
            self.password()
            self.assertTrue(self.is_in())
        self.assertRedirects(self.client.get("/me/"), SETUP, fetch_redirect_response=False)


class OfTime(Factor):
    def test_a_code_of_yesterday_is_none(self):
        self.turn_on()
        totp = TOTP(b32decode(self.secret))
        totp.time = self.moment - timedelta(days=1).total_seconds()
        self.assertEqual(second_factor.proves(self.zhao, f"{totp.token():06}"), "")

"""The password rules of both schools, against what people choose; growing old; none used again."""

import gzip
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.test import Client, TestCase, override_settings

from laborreg import clock
from officers import demo, sign_in
from officers.models import Officer
from officers.passwords import KEPT, Argon2, MixedCharacters
from tests import cast
from villages.models import Village

LIST = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
# What the library's list lacks and people here choose.
HERE = [
    "woaini1314", "woaini520", "5201314a", "a5201314", "qq123456", "abc123456", "a123456789", "123456789a", "1qaz2wsx",
    "mima1234", "mima@2026", "Admin@123", "admin123", "Password1!", "P@ssw0rd", "Passw0rd2026", "Huawei@123", "root1234",
    "test1234", "Welcome1", "zhongguo1", "laodong2026", "renshe@123", "1q2w3e4r", "zaq12wsx", "aaaa1111", "11111111!",
    "demo-2026",
]
OWN = [
    "李桂兰-abc9", "liguilan1985", "LiGuiLan@99", "li.guilan.77x", "x9-13800001234", "wo-001234-ai", "001234abcd",
    "guilan85@x",
]
NUMBERS = [
    "630000198803129945", "63000019880312994X", "19880312", "0312994X", "13800001234", "12994x", "2026-11-04",
]
PLACES = ["damei-2026x", "DaMeiDong88!", "大煤洞-2026", "qiaotou#2026", "datong2026!", "2026Datong", "桥头镇2026a"]
GOOD = [
    "山高水长路远-77又一年", "Maple-4711-Kiste", "correct horse battery 9", "zzzTrennung" + "-9" * 30,
    "茶馆里的第三把椅子，靠窗1号",
]


class Rules(TestCase):
    """Under the rules of GB/T 22239, which are the settings' own; ASVS below."""

    @classmethod
    def setUpTestData(cls):
        cast.county()
        Village.objects.filter(code=cast.HOME).update(name_latin="Dameidong")
        officer = cast.officer("guilan85", "village", cast.HOME)
        officer.name, officer.phone = "李桂兰", "13800001234"
        officer.save()
        cls.officer = officer
        demo.begin()

    def accepted(self, passwords) -> list[str]:
        officer = Officer.objects.get(pk=self.officer.pk)
        return [password for password in passwords if self._passes(password, officer)]

    def _passes(self, password, officer):
        try:
            password_validation.validate_password(password, officer)
        except ValidationError:
            return False
        return True

    def test_the_top_passwords(self):
        with gzip.open(LIST, "rt") as lines:
            common = [line.strip() for line in lines]
        self.assertGreater(len(common), 3000)
        self.assertEqual(self.accepted(common), [])

    def test_what_people_here_choose(self):
        self.assertEqual(self.accepted(HERE), [])

    def test_own_name_account_and_phone(self):
        self.assertEqual(self.accepted(OWN), [])

    def test_numbers(self):
        self.assertEqual(self.accepted(NUMBERS), [])

    def test_the_place_in_characters_and_in_pinyin(self):
        self.assertEqual(self.accepted(PLACES), [])
        Village.objects.filter(code=cast.HOME).update(name_latin="")
        self.assertEqual(self.accepted(PLACES), [])

    def test_long_ones_and_chinese_ones_are_taken(self):
        self.assertEqual(self.accepted(GOOD), GOOD)
        self.assertGreater(len(GOOD[3]), 64)

    def test_the_form_takes_128_characters_and_lets_paste(self):
        client = Client()
        client.post("/sign-in/", {"username": "guilan85", "password": "Right-2026"})
        page = client.get("/me/").content.decode()
        [field] = re.findall(r'<input[^>]*name="new_password"[^>]*>', page)
        self.assertIn('maxlength="128"', field)
        self.assertIn('autocomplete="new-password"', field)
        self.assertNotIn("onpaste", page)
        scripts = (Path(settings.BASE_DIR) / "static").glob("*.js")
        self.assertFalse([path for path in scripts if '"paste"' in path.read_text()])

    def test_too_short_and_of_one_kind(self):
        self.assertEqual(self.accepted(["Ab-4711", "Kistenbaum", "茶馆里的第三把椅子"]), [])

    def test_none_of_the_last_five(self):
        chosen = [f"Maple-47{n}-Kiste" for n in range(KEPT + 1)]
        for password in chosen:
            sign_in.choose_password(self.officer, password, by=self.officer)
        self.assertEqual(self.accepted(chosen), chosen[:1])
        self.assertEqual(self.officer.old_passwords.count(), KEPT)

    def test_only_hashes_are_kept(self):
        sign_in.choose_password(self.officer, "Maple-4711-Kiste", by=self.officer)
        [old] = self.officer.old_passwords.values_list("password", flat=True)
        self.assertNotIn("Maple", old)
        self.assertTrue(check_password("Maple-4711-Kiste", old))


ASVS_VALIDATORS = [
    {"NAME": rule["NAME"], "OPTIONS": {"min_length": 12} if "MinimumLength" in rule["NAME"] else rule.get("OPTIONS", {})}
    for rule in settings.AUTH_PASSWORD_VALIDATORS if not rule["NAME"].endswith("MixedCharacters")
]


@override_settings(AUTH_PASSWORD_VALIDATORS=ASVS_VALIDATORS, PASSWORD_DAYS=None)
class RulesOfASVS(Rules):
    def test_too_short_and_of_one_kind(self):
        """Length counts, a mix is not asked."""
        long_ones = ["Kistenbaumhaus", "茶馆里的第三把椅子靠窗的"]
        self.assertEqual(self.accepted(["Maple-4711-", *long_ones]), long_ones)

    def test_none_grows_old(self):
        self.officer.password_chosen_at = clock.now() - timedelta(days=4000)
        self.assertIsNone(self.officer.password_days_left)


def told(**surroundings):
    """What the settings say of passwords in these surroundings."""
    asked = (
        "from django.conf import settings as s; names = [v['NAME'].split('.')[-1] for v in s.AUTH_PASSWORD_VALIDATORS];"
        "print(s.PASSWORD_LENGTH, s.PASSWORD_DAYS, 'MixedCharacters' in names, s.AUTH_PASSWORD_VALIDATORS[0]['OPTIONS'])"
    )
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "laborreg.settings_test"} | surroundings
    return subprocess.run(
        [sys.executable, "-c", asked], env=surroundings, cwd=settings.BASE_DIR, capture_output=True, text=True
    )


def test_one_setting_chooses_the_school():
    assert told().stdout.strip() == "8 90 True {'min_length': 8}"
    assert told(LABORREG_PASSWORDS="asvs").stdout.strip() == "12 None False {'min_length': 12}"
    assert "LABORREG_PASSWORDS is gbt22239 or asvs." in told(LABORREG_PASSWORDS="none").stderr
    assert "LABORREG_SECOND_FACTOR names no role: boss." in told(LABORREG_SECOND_FACTOR="county,boss").stderr


def test_a_hash_is_of_the_strength_that_owasp_names():
    encoded = Argon2().encode("Maple-4711", Argon2().salt())
    assert "$argon2id$" in encoded and "m=19456,t=2,p=1" in encoded


def test_a_mix_is_two_kinds():
    assert MixedCharacters().says("Kisten", None) and not MixedCharacters().says("Kisten9", None)


class GrowingOld(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.li = cast.cast()["li"]
        demo.begin()

    def enter(self, days):
        """With a password that is so many days old; what the next page says."""
        Officer.objects.filter(pk=self.li.pk).update(password_chosen_at=clock.now() - timedelta(days=days, minutes=1))
        return self.client.post("/sign-in/", {"username": "li", "password": "Right-2026"}, follow=True)

    def test_eighty_days_are_no_matter(self):
        self.assertNotContains(self.enter(80), "password is old")

    def test_a_week_before_it_is_said_at_each_sign_in(self):
        self.assertContains(self.enter(83), "within 6 days")
        self.client.post("/sign-out/")
        self.assertContains(self.enter(88), "within 1 day.")
        self.assertEqual(self.client.get("/people/").status_code, 200)

    def test_after_ninety_days_every_page_leads_to_the_change(self):
        self.enter(90)
        for path in ("/", "/people/", "/messages/", "/me/second-factor/"):
            self.assertRedirects(self.client.get(path), "/me/", fetch_redirect_response=False)
        self.assertContains(self.client.get("/me/"), "Your password is too old")
        typed = {"old_password": "Right-2026", "new_password": "Maple-4711", "repeated": "Maple-4711"}
        self.client.post("/me/password/", typed)
        self.assertEqual(self.client.get("/people/").status_code, 200)
        self.assertNotContains(self.client.get("/me/"), "Your password is too old")

    def test_the_old_one_cannot_be_chosen_again(self):
        self.enter(90)
        typed = {"old_password": "Right-2026", "new_password": "Right-2026", "repeated": "Right-2026"}
        self.client.post("/me/password/", typed)
        self.assertRedirects(self.client.get("/people/"), "/me/", fetch_redirect_response=False)

    def test_signing_out_is_always_open(self):
        self.enter(90)
        self.client.post("/sign-out/")
        self.assertRedirects(self.client.get("/me/"), "/sign-in/?next=/me/")

    def test_one_that_nobody_chose_does_not_grow_old(self):
        Officer.objects.filter(pk=self.li.pk).update(password_chosen_at=None)
        self.client.post("/sign-in/", {"username": "li", "password": "Right-2026"})
        self.assertEqual(self.client.get("/people/").status_code, 200)

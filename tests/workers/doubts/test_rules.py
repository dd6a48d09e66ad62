"""Each rule: what trips it, and what is so near that it does not."""

from datetime import date
from unittest import TestCase

from laborreg.months import Month
from workers.doubts import BY_CODE, RULES
from workers.doubts.reading import Home, Person, Trip
from workers.doubts.rule import SEVERITIES, fingerprint

TODAY = date(2026, 11, 4)


def trip(**facts):
    said = {
        "number": 7, "started_on": date(2026, 3, 1), "ended_on": None, "destination": "440306", "channel": "own",
        "form": "employed", "employer": "厂", "industry": "C", "pay": 5200, "planned_home": None, "contract_until": None,
    }
    return Trip(**said | facts)


def person(number=1, **facts):
    said = {
        "number": number, "county": "630121", "village": "630121100200", "household": 5, "name": "王秀英",
        "relation": "head", "sex": "female", "birth_date": date(1988, 3, 12), "id_index": "x", "no_id_reason": "",
        "education": "70", "ability": "ordinary", "is_student": False, "wants_to_go": None, "day": TODAY,
        "home_village": "630121100200", "home_phone": "",
        "phones": [("13800000000", "self")],
    }
    return Person(**said | facts)


def home(*members):
    return Home(5, "630121", "630121100200", list(members))


def at_work(**facts):
    return person(trips=[trip()], **facts)


SPOUSE = {"number": 2, "relation": "spouse", "name": "马成龙"}
FIFTEEN = date(2010, 11, 5)
SIXTEEN = date(2010, 11, 4)
# rule → (trips it, does not); a person, a trip of a grown person, or a home
PEOPLE = {
    "no_id": (person(id_index=None, no_id_reason="lost"), person()),
    "no_birth_date": (person(birth_date=None), person()),
    "relation_and_sex": (person(relation="son"), person(relation="daughter")),
    "no_relation": (person(relation=""), person(relation="", household=None)),
    "no_education": (person(education=""), person(education="", is_student=True)),
    "works_without_ability": (at_work(ability="lost"), person(ability="lost")),
    "works_though_weak": (at_work(ability="weak"), at_work(ability="lost")),
    "able_under_age": (person(birth_date=FIFTEEN), person(birth_date=SIXTEEN)),
    "student_at_work": (at_work(is_student=True), at_work(is_student=None)),
    "student_wants_to_go": (person(is_student=True, wants_to_go=True), at_work(is_student=True, wants_to_go=True)),
    "old_student": (person(is_student=True, birth_date=date(1996, 11, 4)), person(is_student=True, birth_date=date(1996, 11, 5))),
    "no_phone": (person(phones=[]), person(phones=[], home_phone="0971-2722222")),
}
TRIPS = {
    "work_under_age": (trip(started_on=date(2004, 3, 11)), trip(started_on=date(2004, 3, 12))),
    "rough_place": (trip(destination="4403"), trip(destination="81")),
    "odd_pay": (trip(pay=30_001), trip(pay=30_000)),
    "no_pay": (trip(pay=None), trip(pay=0)),
    "no_pay_before": (trip(pay=None, ended_on=date(2026, 9, 1), is_open=False), trip(pay=None)),
    "no_employer": (trip(employer=""), trip(employer="", form="own_business")),
    "no_industry": (trip(industry=""), trip()),
    "no_channel": (trip(channel=""), trip(channel="", is_open=False, ended_on=date(2026, 9, 1))),
    "plan_is_over": (trip(planned_home=Month.parse("2026-10")), trip(planned_home=Month.parse("2026-11"))),
    "contract_is_over": (trip(contract_until=date(2026, 11, 3)), trip(contract_until=TODAY)),
}
NEIGHBORS = [at_work(), person(2, trips=[trip(destination="330700")])]
TOGETHER = [at_work(), person(2, trips=[trip(destination="440306")])]
HOMES = {
    "no_head": (home(person(relation="son")), home(person())),
    "two_heads": (home(person(), person(2)), home(person(), person(**SPOUSE))),
    "two_spouses": (home(person(**SPOUSE), person(**SPOUSE | {"number": 3})), home(person(**SPOUSE))),
    "couple_of_one_sex": (home(person(), person(**SPOUSE)), home(person(), person(**SPOUSE, sex="male"))),
    "phone_in_two_counties": (home(*NEIGHBORS), home(*TOGETHER)),
}


def found(code, subject):
    rule = BY_CODE[code]
    return rule.find(person(), subject) if code in TRIPS else rule.find(subject)


class Rules(TestCase):
    def test_each_has_one_that_trips_it_and_one_that_does_not(self):
        for code, (trips, does_not) in (PEOPLE | TRIPS | HOMES).items():
            with self.subTest(code):
                self.assertIsNotNone(found(code, trips))
                self.assertIsNone(found(code, does_not))

    def test_every_rule_is_among_them_and_says_its_value(self):
        cases = PEOPLE | TRIPS | HOMES
        self.assertEqual({rule.code for rule in RULES}, set(cases))
        for rule in RULES:
            values = found(rule.code, cases[rule.code][0])
            with self.subTest(rule.code):
                self.assertNotIn("%(", rule.words({k: v for k, v in values.items() if not k.startswith("_")}))
                self.assertIn(rule.severity, SEVERITIES)

    def test_pay_below_a_hundred_and_none_at_all(self):
        self.assertEqual(found("odd_pay", trip(pay=99)), {"pay": 99})
        self.assertIsNone(found("odd_pay", trip(pay=100)))
        self.assertIsNone(found("odd_pay", trip(pay=None)))

    def test_a_familys_phone_is_shared(self):
        shared = [person(n, trips=trips.trips, phones=[("13800000000", "family")]) for n, trips in enumerate(NEIGHBORS)]
        self.assertIsNone(found("phone_in_two_counties", home(*shared)))

    def test_no_birthday_is_news(self):
        values = BY_CODE["old_student"].find(person(is_student=True, birth_date=date(1990, 1, 1)))
        self.assertEqual(fingerprint("old_student", values), fingerprint("old_student", values | {"age": 37}))
        self.assertNotEqual(fingerprint("old_student", values), fingerprint("old_student", values | {"_born": "1990-01-02"}))

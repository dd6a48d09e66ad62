"""What a brief says, and that each of its numbers is the totals' own."""

import json
import re
from datetime import date

from django.utils.translation import override

from laborreg import clock
from laborreg.rounding import rounded, whole
from reports import actions, comparing, derived, totals
from reports.briefs import facts, sentences
from reports.models import TRANSFERS, Target
from tests.cast import COUNTY, FAR, NEXT_DOOR, transfer, worker
from tests.reports.briefs.desk import BriefCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
AT = {"at": "2026-11-02T08:00:00+00:00"}


class Saying(BriefCase):
    def build(self):
        super().build()
        self.facts = facts.gather(self.county, SEPTEMBER) | AT

    def said(self, key, of=None, language="en"):
        with override(language):
            return sentences.paragraph(of or self.facts, key)

    def test_the_headline_says_the_totals(self):
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        self.assertEqual((figures["away"], figures["left"], figures["came_home"]), (20, 0, 0))
        self.assertIn("20 people of Datong Hui and Tu Autonomous County 大通回族土族自治县 were working", self.said("headline"))
        self.assertIn("there were 0 departures and 0 homecomings.", self.said("headline"))

    def test_the_year_and_its_income_say_the_totals(self):
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        self.assertIn(f"Person-times came to {figures['trips']}.", self.said("year"))
        self.assertIn(f"came to {figures['income']:,} yuan.", self.said("income"))
        self.assertIn(f"that is {round(derived.income_per_person(figures)):,} yuan.", self.said("income"))
        with override("zh-hans"):
            self.assertIn(f"{figures['income'] / 10_000:,.2f}", sentences.paragraph(self.facts, "income"))

    def test_every_number_of_every_sentence_is_one_of_the_totals(self):
        """Or a share of two of them, a change, or a number of the month, the day or a label."""
        for month in (SEPTEMBER, OCTOBER):
            of = facts.gather(self.county, month) | AT
            known = self.known(of, month)
            for key in sentences.TITLES:
                for language, text in self.each(of, key):
                    bare = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d|\d{4}年\d+月", "", text)
                    bare = re.sub(r"[A-Z][a-z]+ \d{4}", "", bare)
                    bare = re.sub(r"\d\d[-–到 ]*(?:to )?\d\d(?:岁| \()|(?:Under|Over) \d\d|\d\d岁|10,000|183", "", bare)
                    unknown = set(NUMBER.findall(bare)) - known
                    self.assertEqual(unknown, set(), f"{month} {key} {language}: {text}")

    def each(self, of, key):
        for language in sentences.LANGUAGES:
            with override(language):
                yield from ((language, str(text)) for text in getattr(sentences.Telling(of), key)())

    def known(self, of, month) -> set[str]:
        total = totals.totals(COUNTY, month)
        numbers = {abs(n) for n in total.figures.values()} | {total.expected, total.received, total.approved, 1, 2, 3}
        places = {n for _code, n in of["places"]}
        by_township = totals.sums_of_returns(COUNTY, month, at=9)
        numbers |= places | {row[key] for row in by_township.values() for key in ("away", "left")}
        alike = totals.sums_between(COUNTY, month.previous, month.previous, at=6, in_by=month if total.missing else None)
        before = alike.get((month.previous, COUNTY), {}).get("away", 0)
        numbers.add(abs(total.figures["away"] - before))
        shares = {f"{rounded(a * 100, 1, divisor=b)}%" for a in numbers for b in numbers | {before} if b}
        wan = {f"{rounded(total.figures[key], 2, divisor=10_000):,}" for key in ("income", "income_month")}
        a_head = whole(derived.income_per_person(total.figures) or 0)
        return {f"{n:,}" for n in numbers | {a_head}} | shares | wan

    def test_a_month_still_coming_in_is_compared_with_the_same_villages(self):
        of = facts.gather(self.county, OCTOBER) | AT
        self.assertEqual(of["figures"]["away"][:2], [15, 10])
        said = self.said("headline", of)
        self.assertIn("That is 5 more than a month before (up 50.0%).", said)
        self.assertIn("Changes compare the 1 villages that are in with themselves.", said)

    def test_what_is_missing_is_named(self):
        said = self.said("completeness", facts.gather(self.county, OCTOBER))
        self.assertIn("1 of 3 villages are in", said)
        self.assertIn("Missing: 桥头镇: 元树尔村; 城关镇: 东门村.", said)
        self.assertEqual(self.said("completeness"), "The returns of all 3 villages are in.")

    def test_provisional_or_sealed(self):
        self.assertIn("provisional, as of 2026-11-02 16:00", self.said("standing"))
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertIn("the sealed month, version 1", self.said("standing", facts.gather(self.county, SEPTEMBER) | AT))

    def test_destinations_outside_the_own_province_with_their_shares(self):
        said = self.said("destinations")
        self.assertIn("14 people, 70.0% of all, work in other provinces.", said)
        self.assertIn("most are in Guangdong (8, 40.0%), Zhejiang (6, 30.0%).", said)

    def test_one_person_is_said_nowhere(self):
        """One woman more is away from next door, alone abroad: no sentence and no cell of the brief tells of her."""
        lonely = worker("独行", NEXT_DOOR)
        transfer(lonely, date(2026, 10, 3), destination="JPN", pay=9_999, industry="E", channel="broker")
        self.submit(OCTOBER, NEXT_DOOR, self.second)
        self.submit(OCTOBER, FAR, self.sun)
        of = facts.gather(self.county, OCTOBER) | AT
        self.assertEqual(totals.totals(COUNTY, OCTOBER).figures["away.abroad"], 1)
        self.assertEqual(of["figures"]["away.abroad"][0], "<3")
        self.assertIn(dict(of["places"])["JPN"], ("<3", "*"))
        for key in sentences.TITLES:
            self.assertNotRegex(self.said(key, of), r"\b1 person\b|\(1, |Japan")
        self.assertNotIn("独行", json.dumps(of, ensure_ascii=False))

    def test_the_largest_are_said_to_be_those_of_the_townships_that_are_all_in(self):
        one = {"name": "桥头镇", "latin": "", "code": FAR[:9], "expected": 2, "received": 2, "away": 30, "before": None}
        of = self.facts | {"townships": [one, one | {"name": "城关镇", "received": 1, "away": 90}]}
        self.assertEqual(
            self.said("townships", of), "Of the townships whose villages are all in, the most people are away from 桥头镇 (30).",
        )
        self.assertIn("The most people are away from 桥头镇 (30)", self.said("townships", of | {"townships": [one]}))

    def test_half_a_tenth_is_rounded_up_as_everywhere(self):
        of = self.facts | {"targets": {TRANSFERS: [800, 10, None]}}
        self.assertIn("which is 1.3%.", self.said("targets", of))
        self.assertEqual(comparing.Change(10, 0.0125).percent, "1.3%")

    def test_nothing_known_nothing_said(self):
        empty = facts.gather(self.county, OCTOBER.next) | AT
        self.assertEqual([self.said(key, empty) for key in ("headline", "destinations", "who", "townships")], [""] * 4)

    def test_targets_with_the_line_of_the_season(self):
        self.assertEqual(self.said("targets"), "")
        Target.objects.create(
            county=self.county, area_code=COUNTY, year=2026, kind=TRANSFERS, amount=40, set_by=self.zhao, set_at=clock.now(),
        )
        done = totals.totals(COUNTY, SEPTEMBER).figures["transferred"]
        said = self.said("targets", facts.gather(self.county, SEPTEMBER))
        self.assertIn(f"target of 40 transferred people, {done} are done, which is {done / 40:.1%}.", said)
        self.assertIn("behind the line of the season (75.0%).", said)

    def test_both_languages_say_as_much(self):
        for key in sentences.TITLES:
            texts = sentences.in_both(self.facts, key)
            self.assertEqual(bool(texts["en"]), bool(texts["zh-hans"]), key)

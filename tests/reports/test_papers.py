"""Sheets for signature, and the code on them that tells whether they are still current."""

import re
from datetime import date

from django.core import signing
from django.urls import reverse

from reports import actions, papers
from tests.cast import COUNTY, HOME, ID_NUMBER, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import SEPTEMBER


class Papers(PageCase):
    def build(self):
        super().build()
        transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500)
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)

    def seal_again(self):
        actions.reopen([self.ret()], by=self.zhao, reason="漏报")
        transfer(worker("祁海英", sex="female"), date(2026, 9, 8))
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        actions.approve([self.ret()], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)

    def check(self, mark):
        """As anybody with a phone opens it."""
        self.client.logout()
        return self.client.get(reverse("paper_check", args=[mark.word]))

    def test_a_return_for_signature_shows_its_version_and_every_figure(self):
        answer = self.get(self.li, "return_paper", HOME, SEPTEMBER)
        self.assertContains(answer, "Version 1")
        self.assertContains(answer, 'class="qr"')
        self.assertContains(answer, "Checked by:")
        self.assertNotContains(answer, "马成龙")
        self.assertNotRegex(answer.content.decode(), ID_NUMBER)

    def test_an_earlier_version_prints_as_it_was_filed(self):
        self.seal_again()
        now = self.get(self.li, "return_paper", HOME, SEPTEMBER).content.decode()
        then = self.get(self.li, "return_paper", HOME, SEPTEMBER, version=1).content.decode()
        self.assertIn("Version 2", now)
        self.assertIn("Version 1", then)
        self.assertEqual([re.search(r"= <b>(\d+)</b>", page)[1] for page in (then, now)], ["1", "2"])

    def test_the_counties_sheet_has_a_row_a_township_and_a_stations_a_row_a_village(self):
        county = self.get(self.zhao, "total_paper", COUNTY, SEPTEMBER)
        self.assertContains(county, "桥头镇")
        self.assertContains(county, "Sealed by")
        station = self.get(self.wang, "total_paper", HOME[:9], SEPTEMBER)
        self.assertContains(station, self.ret().village.label)

    def test_a_sheet_that_is_not_sealed_says_so_and_what_keeps_it_from_being_signed(self):
        self.assertContains(self.get(self.zhao, "total_paper", COUNTY, SEPTEMBER), "Ready to sign: sealed")
        paper = self.get(self.zhao, "total_paper", COUNTY, SEPTEMBER.next)
        self.assertContains(paper, "(provisional)")
        self.assertContains(paper, "Not ready to sign: 3 villages are missing")

    def test_a_draft_and_a_village_total_are_no_sheets(self):
        self.assertEqual(self.get(self.li, "return_paper", HOME, SEPTEMBER.next).status_code, 404)
        self.assertEqual(self.get(self.li, "total_paper", HOME, SEPTEMBER).status_code, 404)

    def test_the_code_says_current_until_there_is_a_newer_one(self):
        sheet, total = papers.of_version(self.ret().newest), papers.of_total(COUNTY, SEPTEMBER)
        for mark in (sheet, total):
            self.assertContains(self.check(mark), "This sheet is current")
        self.seal_again()
        for mark in (sheet, total):
            answer = self.check(mark)
            self.assertContains(answer, "There is a newer one")
            self.assertNotContains(answer, "马成龙")

    def test_a_correction_that_was_dropped_is_not_the_current_sheet(self):
        locked = papers.of_version(self.ret().newest)
        actions.reopen([self.ret()], by=self.zhao, reason="漏报")
        transfer(worker("祁海英", sex="female"), date(2026, 9, 8))
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        dropped = papers.of_version(self.ret().newest)
        self.assertEqual((locked.standing, dropped.standing), (papers.CURRENT, papers.SUPERSEDED))
        actions.send_back(self.ret(), by=self.wang, reason="请核对")
        actions.close_unchanged([self.ret()], by=self.zhao)
        self.assertEqual((locked.standing, dropped.standing), (papers.CURRENT, papers.SUPERSEDED))

    def test_a_total_that_is_not_sealed_is_current_as_long_as_its_figures_are(self):
        october = SEPTEMBER.next
        mark = papers.of_total(HOME[:9], october)
        self.assertEqual(mark.standing, papers.CURRENT)
        self.submit(october)
        self.assertEqual(mark.standing, papers.SUPERSEDED)

    def test_a_word_that_is_not_ours_says_so(self):
        word = papers.of_version(self.ret().newest).word
        for wrong in ("x", word[:-1], word + "a", signing.dumps(["return", HOME])):
            self.assertContains(self.client.get(reverse("paper_check", args=[wrong])), "did not print such a sheet")

    def test_queries_do_not_grow_with_the_county(self):
        township = self.queries(self.zhao, "total_paper", HOME[:9], SEPTEMBER)
        self.assertLessEqual(self.queries(self.zhao, "total_paper", COUNTY, SEPTEMBER), township + 1)

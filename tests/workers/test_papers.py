"""The ledger on paper: one village's people, numbers masked; and the blank form."""

from datetime import date
from urllib.parse import quote

from django.urls import reverse

from officers import audit
from tests.cast import FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.workers.desk import id_number
from villages.models import Village
from workers import actions, codes, papers
from workers.models import Worker


class LedgerOnPaper(PageCase):
    def build(self):
        super().build()
        self.number = id_number()
        actions.register(
            by=self.li, village=HOME, name="马成龙", id_number=self.number, phone="13812345678", consent="in_person"
        )
        transfer(worker("祁海英", sex="female"), date(2026, 9, 5))
        worker("贾旺生", NEXT_DOOR)

    def test_everybody_of_the_village_with_masked_numbers(self):
        page = self.get(self.li, "ledger_paper")
        for text in ("马成龙", "祁海英", f"{self.number[:6]}********{self.number[-4:]}", "138****5678", "2 persons, 1 away"):
            self.assertContains(page, text)
        for text in ("贾旺生", self.number, "13812345678"):
            self.assertNotContains(page, text)

    def test_a_tab_of_the_list_is_printed_alone(self):
        page = self.get(self.li, "ledger_paper", view="away")
        self.assertContains(page, "祁海英")
        self.assertNotContains(page, "马成龙")

    def test_a_station_prints_the_village_it_chose_and_no_stranger_any(self):
        self.assertContains(self.get(self.wang, "ledger_paper", village=NEXT_DOOR), "贾旺生")
        self.assertEqual(self.get(self.wang, "ledger_paper").status_code, 302)
        self.assertEqual(self.get(self.sun, "ledger_paper", village=HOME).status_code, 404)

    def test_a_list_is_current_until_something_is_recorded_in_its_village(self):
        village = Village.objects.get(pk=HOME)
        lists = [papers.of_list(kind, village).word for kind in (papers.LEDGER, papers.VISITS)]
        actions.register(by=self.wang, village=NEXT_DOOR, name="韩生", no_id_reason="lost", consent="in_person")
        for word in lists:
            self.assertContains(self.get(self.li, "sheet_check", word), "this list is current")
        person = actions.register(by=self.li, village=HOME, name="韩玉", no_id_reason="lost", consent="in_person")
        for word in lists:
            self.assertContains(self.get(self.li, "sheet_check", word), "1 entry was recorded since")
        newer = papers.of_list(papers.LEDGER, village).word
        actions.move(person, by=self.wang, to_village=NEXT_DOOR, on=date(2026, 11, 1), reason="婚嫁")
        self.assertContains(self.get(self.li, "sheet_check", newer), "1 entry was recorded since")

    def test_a_sheet_taken_in_by_the_station_may_have_changed_it(self):
        word = papers.of_list(papers.LEDGER, Village.objects.get(pk=HOME)).word
        audit.record("imported a sheet", by=self.sun, place=FAR[:9])
        self.assertContains(self.get(self.li, "sheet_check", word), "this list is current")
        audit.record("imported a sheet", by=self.wang, place=HOME[:9])
        self.assertContains(self.get(self.li, "sheet_check", word), "1 entry was recorded since")

    def test_a_visit_changes_the_visit_list_only(self):
        ledger, round_ = (papers.of_list(kind, Village.objects.get(pk=HOME)) for kind in ("ledger", "visits"))
        actions.record_visit(
            Worker.objects.get(name="祁海英"), by=self.li, outcome="no_change", how="phone", answered_by="self"
        )
        self.assertEqual([mark.recorded_since.count() for mark in (ledger, round_)], [0, 1])

    def test_the_code_of_a_list_opens_for_its_own_officers_only(self):
        word = papers.of_list(papers.LEDGER, Village.objects.get(pk=HOME)).word
        self.assertContains(self.get(self.li, "ledger_paper"), 'class="qr"')
        self.assertEqual(self.get(self.sun, "sheet_check", word).status_code, 404)
        self.assertEqual(self.get(self.li, "sheet_check", word + "a").status_code, 404)
        self.client.logout()
        self.assertRedirects(
            self.client.get(reverse("sheet_check", args=[word])), f"/sign-in/?next=/people/sheet/{quote(word)}/",
        )

    def test_queries_do_not_grow_with_the_people(self):
        few = self.queries(self.li, "ledger_paper")
        for number in range(5):
            transfer(worker(f"韩{'一二三四五'[number]}"), date(2026, 9, 5))
        self.assertEqual(self.queries(self.li, "ledger_paper"), few)

    def test_the_blank_form_asks_what_the_screen_asks(self):
        page = self.get(self.li, "blank_paper")
        for _code, label in [*codes.CHANNELS, *codes.FORMS, *codes.SECTIONS, *codes.REASONS, *codes.PLANS]:
            self.assertContains(page, label, html=False)

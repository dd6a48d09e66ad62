"""What brokers led by township and broker by broker: each officer's places, every order, and the sheet."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from laborreg.months import Month
from officers.models import AuditEvent
from reports import actions
from support.ranking import RANKED
from tests import cast
from tests.cast import FAR, HOME
from tests.support.leading import Desk


class Ranking(Desk):
    def ranking(self, who, status=200, **query):
        return self.get(who, reverse("ranking"), status, **query)

    def rows(self, page) -> list[tuple]:
        return [(row.label, row.figures["persons"]) for row, _cells in page.context["page_obj"]]

    def tiles(self, page) -> dict:
        return {cell["key"]: cell["value"] for cell in page.context["tiles"]}

    def test_zhao_sees_the_county(self):
        page = self.ranking("zhao")
        self.assertEqual(self.rows(page), [("马占海", 5), ("韩梅花", 2)])
        self.assertEqual(self.tiles(page), {
            "persons": 6, "person_times": 7, "stayed_3": 3, "home_in_a_month": 1, "mean_pay": 5000,
        })
        told = [(row.code, row.figures["persons"], row.working, row.figures["brokers"], row.per_broker)
                for row, _cells in page.context["townships"]]
        self.assertEqual(told, [(HOME[:9], 5, 1, 1, 5.0), (FAR[:9], 2, 1, 1, 2.0)])
        self.assertContains(page, "counts with both and once in the total")

    def test_wang_counts_the_people_of_his_township_whoever_led_them(self):
        page = self.ranking("wang")
        self.assertEqual(self.rows(page), [("马占海", 4), ("韩梅花", 1)])
        self.assertEqual([row.working for row, _cells in page.context["townships"]], [1, None])

    def test_by_township_is_folded_where_the_places_are_of_one(self):
        for who, is_folded in (("li", True), ("wang", True), ("zhao", False), ("leader", False)):
            self.assertEqual('<details class="card acc">' in self.ranking(who).content.decode(), is_folded, who)

    def test_li_counts_the_people_of_her_village(self):
        self.assertEqual(self.tiles(self.ranking("li"))["persons"], 3)

    def test_a_month_and_another_year(self):
        self.assertEqual(self.tiles(self.ranking("zhao", year="2026", month="3"))["persons"], 2)
        self.assertEqual(self.tiles(self.ranking("zhao", year="2025"))["persons"], 1)
        self.assertEqual(self.ranking("zhao", year="2026", month="12").context["chosen"].month, None)

    def test_the_leader_reads_whole_years_whose_months_would_tell_each_other(self):
        for month in ("3", "12"):
            page = self.ranking("leader", year="2026", month=month)
            self.assertEqual((page.context["chosen"].month, page.context["chosen"].months), (None, []))
            self.assertEqual(self.tiles(page)["persons"], 6)
            self.assertNotContains(page, '<select name="month">')

    def test_every_figure_opens_its_names(self):
        page = self.ranking("zhao", month="")
        lines = [page.context["tiles"], page.context["total"]]
        lines += [cells for _row, cells in [*page.context["townships"], *page.context["page_obj"]]]
        opened = 0
        for cell in (cell for cells in lines for cell in cells):
            self.assertEqual(bool(cell["url"]), bool(cell["value"]))
            if cell["url"]:
                opened += 1
                self.assertEqual(self.client.get(cell["url"]).context["value"], cell["value"], cell["url"])
        self.assertGreater(opened, 30)

    def test_every_order(self):
        for key in RANKED:
            values = [row.figures[key] for row, _cells in self.ranking("zhao", sort=key).context["page_obj"]]
            known = [value for value in values if value is not None]
            self.assertEqual(known, sorted(known, reverse=True), key)
        self.assertEqual(self.rows(self.ranking("zhao", sort="mean_pay"))[0][0], "韩梅花")
        self.assertEqual(self.rows(self.ranking("zhao", sort="id); select"))[0][0], "马占海")

    def test_of_one_township(self):
        self.assertEqual(self.rows(self.ranking("zhao", township=FAR[:9])), [("韩梅花", 2)])
        self.assertEqual(len(self.rows(self.ranking("zhao", township="630122100"))), 2)

    def test_who_led_nobody_stands_last_and_who_had_stopped_before_not_at_all(self):
        self.broker("闲经纪", HOME)
        self.broker("早停了", HOME, stopped_on=date(2025, 12, 31))
        page = self.ranking("zhao")
        self.assertEqual(self.rows(page)[-1], ("闲经纪", 0))
        self.assertEqual([row.working for row, _cells in page.context["townships"]], [2, 1])

    def test_the_leader_reads_figures_without_small_ones_and_without_names(self):
        page = self.ranking("leader")
        # With one number of the county's two hidden, the other would tell it; and so would an order by it.
        self.assertEqual(self.rows(page), [("韩梅花", "*"), ("马占海", "*")])
        self.assertEqual((self.tiles(page)["person_times"], self.tiles(page)["home_in_a_month"]), (7, "<3"))
        self.assertNotContains(page, "/led/")
        self.assertNotContains(page, "/export/")
        for name in ("association", "training", "claim_sums"):
            self.assertContains(page, f'href="{reverse(name)}"')
            self.assertContains(self.get("leader", reverse(name)), f'href="{reverse("ranking")}"')
        self.assertNotContains(page, reverse("brokers") + '"')

    def test_the_leader_comes_by_it_from_the_totals(self):
        october = Month(2026, 10)
        actions.open_month(self.county, october)
        page = self.get("leader", reverse("totals", args=[self.county.pk, october]))
        self.assertContains(page, f'href="{reverse("ranking")}"')

    def test_the_administrator_has_no_such_page(self):
        self.ranking("admin", status=404)

    def test_a_longer_ranking_asks_no_more_queries(self):
        self.sign_in("zhao")
        self.client.get(reverse("ranking"))
        short = self.queries(reverse("ranking"))
        for number in range(10):
            self.take(cast.worker(f"人{number}"), self.broker(f"马{number}", HOME), date(2026, 4, 1))
        self.assertEqual(self.queries(reverse("ranking")), short)
        self.assertEqual(short, 10)

    def test_the_sheet_is_the_list_and_stands_in_the_trail(self):
        self.sign_in("wang")
        answer = self.client.post(reverse("ranking_export"), {"year": "2026", "sort": "person_times"})
        sheet = load_workbook(BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual([row[0] for row in rows[3:]], ["马占海", "韩梅花"])
        self.assertEqual(rows[3][2:5], (4, 4, 2))
        self.assertIn("桥头镇", rows[0][0])
        event = AuditEvent.objects.get(verb="exported a ranking of brokers")
        self.assertEqual((event.by.username, event.place_code, event.detail["rows"]), ("wang", HOME[:9], 2))

    def test_no_sheet_for_the_leader_and_none_by_a_link(self):
        self.sign_in("leader")
        self.assertEqual(self.client.post(reverse("ranking_export")).status_code, 404)
        self.get("wang", reverse("ranking_export"), status=405)

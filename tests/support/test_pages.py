"""The pages of schemes and claims: what each officer sees and may press, and how many queries a page asks."""

import re
from datetime import date
from io import BytesIO

import openpyxl
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from brokers.models import Broker, Publication
from laborreg import clock, crypto
from officers.models import AuditEvent
from support import actions
from support.columns import clean_reason, clean_scheme_name
from support.models import Claim, Scheme
from support.schemes import grid_of
from tests import cast
from tests.cast import FAR, HOME, NEXT_DOOR
from tests.support.desk import PayCase, broker, led, small, stay, yongning
from tests.support.test_actions_claims import ClaimCase
from workers import actions as ledger
from workers.models import Worker

LIST, DRAW = "/support/claims/", "/support/claims/draw/"
SAID = {
    "name": "大通办法", "source": "通人社〔2026〕5号", "year_from": "2025", "pay_floor": "2,000", "filed_only": "on",
    "sizes": "50–100\n101–200\n201–", "lengths": "90–179\n180–",
}


class Schemes(PayCase):
    def test_zhao_writes_a_scheme_and_its_amounts(self):
        answer = self.post("zhao", reverse("scheme_new"), SAID)
        scheme = Scheme.objects.get(name="大通办法")
        self.assertRedirects(answer, reverse("scheme_amounts", args=[scheme.pk]))
        self.assertContains(self.get("zhao", reverse("scheme", args=[scheme.pk])), "amounts of the scheme are not complete")
        yuan = {f"band_{band.pk}": str(10 * n) for n, band in enumerate(scheme.bands.all(), start=1)}
        self.post("zhao", reverse("scheme_amounts", args=[scheme.pk]), yuan | {"version": 1})
        self.assertEqual(grid_of(scheme).rows, [("90–179 days", [10, 20, 30]), ("180 days and more", [40, 50, 60])])

    def test_a_hole_is_told_and_what_was_typed_stays(self):
        answer = self.post("zhao", reverse("scheme_new"), SAID | {"sizes": "50–100\n102–"}, status=200)
        self.assertContains(answer, "101 workers with 90 days fall into no row")
        self.assertContains(answer, "通人社〔2026〕5号")
        self.assertContains(answer, "102–")

    def test_rows_that_are_none_are_told_at_their_field(self):
        answer = self.post("zhao", reverse("scheme_new"), SAID | {"lengths": "three months"}, status=200)
        self.assertContains(answer, "“three months” is no row")

    def test_what_is_missing_is_said_in_the_reader_s_language(self):
        with translation.override("zh-hans"):
            for cleaner, said in ((clean_scheme_name, "请填写办法名称"), (clean_reason, "请填写原因")):
                with self.assertRaisesMessage(ValidationError, said):
                    cleaner("")

    def test_the_examples_are_taken_over(self):
        self.assertContains(self.get("zhao", reverse("schemes")), "?example=tongxin")
        answer = self.get("zhao", reverse("scheme_new") + "?example=yongning")
        self.assertContains(answer, "101–200")
        self.post("zhao", reverse("scheme_new") + "?example=yongning", SAID)
        self.assertTrue(grid_of(Scheme.objects.get(name="大通办法")).is_complete)

    def test_changed_rows_keep_the_amounts_of_cells_that_stay(self):
        url = reverse("scheme_edit", args=[self.scheme.pk])
        self.post("zhao", url, SAID | {"version": 1, "sizes": "50–100\n101–"})
        rows = grid_of(Scheme.objects.get(pk=self.scheme.pk)).rows
        self.assertEqual(rows, [("90–179 days", [20, None]), ("180 days and more", [30, None])])

    def test_a_scheme_with_claims_offers_its_successor_only(self):
        led(self.broker, 1)
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        page = self.get("zhao", reverse("scheme", args=[self.scheme.pk]))
        self.assertNotContains(page, reverse("scheme_edit", args=[self.scheme.pk]))
        answer = self.post("zhao", reverse("scheme_edit", args=[self.scheme.pk]), SAID | {"version": 1}, status=200)
        self.assertContains(answer, "Claims stand on this scheme")
        self.post("zhao", reverse("scheme_copy", args=[self.scheme.pk]), {"year_from": "2026"})
        self.assertEqual(Scheme.objects.get(pk=self.scheme.pk).year_to, 2025)

    def test_a_scheme_without_claims_is_deleted(self):
        page, url = reverse("scheme", args=[self.scheme.pk]), reverse("scheme_delete", args=[self.scheme.pk])
        led(self.broker, 1)
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        self.assertNotContains(self.get("zhao", page), url)
        self.sign_in("zhao")
        self.client.post(url)
        self.assertTrue(Scheme.objects.filter(pk=self.scheme.pk).exists())
        actions.drop_drawn(self.scheme, 2025, by=self.zhao)
        self.post("wang", url, {}, status=404)
        self.assertContains(self.get("zhao", page), url)
        self.assertRedirects(self.post("zhao", url, {}), reverse("schemes"))
        self.assertFalse(Scheme.objects.filter(pk=self.scheme.pk).exists())
        event = AuditEvent.objects.get(verb="deleted a scheme")
        self.assertEqual((event.by, event.detail), (self.zhao, {"name": "永宁办法"}))

    def test_everybody_of_the_county_reads_the_rules_and_only_the_bureau_writes_them(self):
        for who in ("li", "wang"):
            self.assertContains(self.get(who, reverse("schemes")), "永宁办法")
            page = self.get(who, reverse("scheme", args=[self.scheme.pk]))
            self.assertNotContains(page, reverse("scheme_copy", args=[self.scheme.pk]))
            self.get(who, reverse("scheme_new"), status=404)
            self.get(who, reverse("scheme_edit", args=[self.scheme.pk]), status=404)
        self.get("leader", reverse("schemes"), status=404)


class Claims(ClaimCase):
    def ticked(self, *claims):
        return {"chosen": [f"{claim.pk}:{claim.version}" for claim in claims or Claim.objects.all()]}

    def button(self, page, name) -> str:
        """The tag of the button that leads to an address."""
        return re.search(f'<button[^>]*formaction="{reverse(name)}[^>]*>', page.content.decode())[0]

    def test_zhao_sees_first_what_drawing_up_makes(self):
        of = f"{self.scheme.pk}-2025"
        page = self.get("zhao", DRAW, of=of)
        self.assertContains(page, "New claims")
        self.assertContains(self.get("zhao", DRAW, of=""), "Choose the year and scheme first.")
        self.assertNotContains(self.get("zhao", DRAW), "Choose the year and scheme first.")
        self.assertFalse(Claim.objects.exists())
        self.assertRedirects(self.post("zhao", DRAW, {"of": of}), f"{LIST}?of={of}", fetch_redirect_response=False)
        self.assertEqual(Claim.objects.count(), 2)
        led(self.broker, 1, prefix="加")
        self.assertContains(self.get("zhao", DRAW, of=of), "60 → 80")
        self.post("zhao", DRAW, {"of": of})
        self.assertContains(self.get("zhao", LIST), "0 claims are new, 1 changed, 1 are as before, 0 fell away")

    def test_the_stations_draw_their_own_township_up(self):
        self.post("wang", DRAW, {"of": f"{self.scheme.pk}-2025"})
        self.assertEqual(Claim.objects.get().broker, self.broker)
        self.get("li", DRAW, status=404)

    def test_amounts_that_are_missing_are_told_plainly(self):
        self.scheme.bands.update(amount=None)
        of = f"{self.scheme.pk}-2025"
        self.assertContains(self.get("zhao", DRAW, of=of), "no claim is drawn up before they are")
        self.post("zhao", DRAW, {"of": of}, status=200)
        self.assertFalse(Claim.objects.exists())

    def test_whose_claims_each_officer_sees(self):
        self.draw()
        for who, sees, not_sees in (
            ("zhao", ["马占海", "韩梅花"], []), ("wang", ["马占海"], ["韩梅花"]), ("li", ["马占海"], ["韩梅花"]),
            ("sun", ["韩梅花"], ["马占海"]),
        ):
            page = self.get(who, LIST)
            for name in sees:
                self.assertContains(page, name)
            for name in not_sees:
                self.assertNotContains(page, name)
        self.assertEqual(page.context["query"].sums, {"people": 2, "yuan": 60})
        self.get("li", reverse("claim", args=[self.claim(self.other).pk]), status=404)
        self.get("leader", LIST, status=404)

    def test_from_the_list_to_the_bank(self):
        cipher, version = crypto.encipher("6228480001234567890")
        Broker.objects.filter(pk=self.broker.pk).update(bank="农行", account_cipher=cipher, account_key_version=version)
        cipher, version = crypto.encipher("630121197001010014")
        Broker.objects.filter(pk=self.broker.pk).update(id_cipher=cipher, id_key_version=version, id_index="x")
        self.draw()
        self.post("wang", reverse("claims_confirm"), self.ticked(self.claim()))
        self.post("fang", reverse("claims_confirm"), self.ticked(self.claim(self.other)))
        days = {"from_on": "2026-11-04", "to_on": "2026-11-10"}
        answer = self.post("zhao", reverse("claims_publish"), self.ticked() | days | {"to_on": "2026-11-05"}, status=200)
        self.assertContains(answer, "at least 7 days")
        self.assertContains(answer, 'value="2026-11-05"')
        self.post("zhao", reverse("claims_publish"), self.ticked() | days)
        answer = self.post("zhao", reverse("claims_approve"), self.ticked(), status=200)
        self.assertContains(answer, "hangs out until 2026-11-10")
        clock.pin(date(2026, 11, 11))
        seen = self.get("zhao", LIST, state="published").context["query"].fingerprint
        Claim.objects.filter(pk=self.claim(self.other).pk).update(version=F("version") + 1)
        for stale in (seen, "1"):
            answer = self.post("zhao", reverse("claims_approve") + "?state=published", {"all": stale}, status=200)
            self.assertContains(answer, "Somebody changed one of these claims meanwhile")
        seen = self.get("zhao", LIST, state="published").context["query"].fingerprint
        self.post("zhao", reverse("claims_approve") + "?state=published", {"all": seen})
        page = self.get("zhao", LIST, state="approved")
        self.assertContains(page, "1 broker of this list has no account number")
        self.assertNotContains(page, "6228480001234567890")
        # The reason is asked for the download; whoever marks as paid is not held up by it.
        paid, download = (self.button(page, name) for name in ("claims_paid", "pay_list"))
        self.assertIn("formnovalidate", paid)
        self.assertNotIn("formnovalidate", download)
        self.assertContains(self.post("zhao", reverse("pay_list"), self.ticked(), status=200), "Enter a reason")
        book = self.post("zhao", reverse("pay_list"), self.ticked() | {"reason": "发放补助"}, status=200)
        rows = list(openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True))
        self.assertEqual(rows[2], (1, "马占海", "630121197001010014", "桥头镇", "大煤洞村", "农行", "6228480001234567890", 3, 60))
        self.assertIn("Pay%20list%20of%20labor%20brokers-2025-20261111.xlsx", book["Content-Disposition"].replace(" ", "%20"))
        self.assertEqual(rows[-1][-2:], (5, 120))
        self.post("zhao", reverse("claims_paid"), self.ticked() | {"on": "2026-11-11"})
        self.assertEqual(set(Claim.objects.values_list("state", flat=True)), {"paid"})

    def test_under_all_each_button_takes_those_that_are_ready_for_it(self):
        led(self.broker, 1, prefix="又")
        self.draw()
        actions.confirm([self.claim(self.other)], by=self.fang)
        page = self.get("wang", LIST)
        self.assertEqual(page.context["steps"], ["confirm"])
        self.assertContains(page, 'name="chosen"')
        page = self.get("zhao", LIST)
        self.assertEqual(page.context["steps"], ["publish"])
        self.assertEqual([claim.can_go_on for claim in page.context["page_obj"]], [False, True])
        days = {"from_on": "2026-11-04", "to_on": "2026-11-10"}
        self.post("zhao", reverse("claims_publish"), self.ticked() | days)
        self.assertEqual((self.claim().state, self.claim(self.other).state), ("drawn", "published"))
        self.assertNotContains(self.get("zhao", LIST, state="paid"), 'name="chosen"')
        actions.confirm([self.claim()], by=self.wang)
        self.assertEqual(self.get("zhao", LIST).context["steps"], ["approve", "publish"])

    def test_why_nothing_is_paid_and_what_changed(self):
        self.draw()
        page = self.get("zhao", LIST)
        self.assertNotContains(page, "<th scope=\"col\">Now</th>")
        self.assertContains(page, "Corrected since <small>0</small>")
        big = yongning(self.zhao, name="五十起")
        actions.drop_drawn(self.scheme, 2025, by=self.zhao)
        actions.draw_up(big, 2025, by=self.zhao)
        page = self.get("zhao", LIST, of=f"{big.pk}-2025")
        self.assertContains(page, "fewer than 50 count", 2)
        self.assertNotContains(page, 'name="chosen"')

    def test_what_changed_since_it_was_looked_at_is_not_taken(self):
        self.draw()
        seen = self.ticked(self.claim())
        self.draw()
        answer = self.post("wang", reverse("claims_confirm"), seen, status=200)
        self.assertContains(answer, "changed one of these claims meanwhile")
        self.assertEqual(self.claim().state, "drawn")

    def test_the_arithmetic_stands_on_the_page(self):
        led(self.broker, 2, 180, prefix="长")
        self.draw()
        page = self.get("wang", reverse("claim", args=[self.claim().pk]))
        self.assertContains(page, "3 workers × 20 yuan")
        self.assertContains(page, "2 workers × 30 yuan")
        self.assertContains(page, "120 yuan")

    def test_fewer_than_the_smallest_size_is_told(self):
        big = yongning(self.zhao, name="五十起")
        actions.draw_up(big, 2025, by=self.zhao)
        page = self.get("wang", reverse("claim", args=[self.claim().pk]))
        self.assertContains(page, "Fewer than 50 workers count")
        self.assertNotContains(page, reverse("claims_confirm"))

    def test_each_worker_stands_with_the_rule(self):
        led(self.broker, 1, 30, prefix="短")
        self.draw()
        url = reverse("claim", args=[self.claim().pk])
        self.assertContains(self.get("wang", url), "too few days in the year")
        page = self.get("wang", url, verdict="too_short")
        self.assertContains(page, "短0")
        self.assertNotContains(page, "工0")

    def test_whom_the_links_lead_to(self):
        near = cast.worker("邻村人", NEXT_DOOR)
        far = cast.worker("远村人", FAR)
        for who in (near, far):
            stay(who, self.broker)
        self.draw()
        url = reverse("claim", args=[self.claim().pk])
        page = self.get("wang", url)
        self.assertContains(page, reverse("person", args=[near.pk]))
        self.assertContains(page, "远*人")
        for text in ("远村人", reverse("person", args=[far.pk])):
            self.assertNotContains(page, text)
        page = self.get("li", url)
        for name in ("邻村人", "远村人"):
            self.assertNotContains(page, name)
        self.assertContains(page, "邻*人")
        self.assertContains(page, "工0")

    def test_a_village_officer_only_reads(self):
        self.draw()
        claim = self.claim()
        page = self.get("li", reverse("claim", args=[claim.pk]))
        self.assertNotContains(page, "claim_again")
        self.post("li", reverse("claim_again", args=[claim.pk]), {}, status=404)
        self.post("li", reverse("claims_confirm"), self.ticked(claim), status=404)

    def test_a_correction_is_marked_with_its_difference(self):
        self.draw()
        line = self.claim().lines.first()
        ledger.correct_transfer(line.transfer, by=self.li, version=1, ended_on=date(2025, 2, 1))
        page = self.get("zhao", LIST)
        self.assertContains(page, "40 yuan (−20)")
        self.assertContains(page, "<th scope=\"col\">Now</th>")
        self.assertContains(page, "Corrected since <small>1</small>")
        changed = self.get("zhao", LIST, state="changed").context
        self.assertEqual([claim.pk for claim in changed["page_obj"]], [self.claim().pk])
        self.assertEqual(changed["query"].sums, {"people": 3, "yuan": 60})
        page = self.get("wang", reverse("claim", args=[self.claim().pk]))
        self.assertContains(page, "Now it would be 2 workers and 40 yuan (−20)")
        self.assertContains(page, "corrected since")
        self.post("wang", reverse("claim_again", args=[self.claim().pk]), {})
        self.assertContains(self.get("wang", LIST), "3 → 2 workers, 60 → 40 yuan")

    def test_sent_back_with_its_reason_on_the_page(self):
        self.published()
        claim = self.claim()
        url = reverse("claim_send_back", args=[claim.pk])
        self.assertContains(self.post("zhao", url, {"reason": ""}, status=200), "Enter a reason")
        self.post("zhao", url, {"reason": "名单有误"})
        page = self.get("wang", reverse("claim", args=[claim.pk]))
        self.assertContains(page, "Sent back: 名单有误")
        self.assertContains(page, "sent a claim of a labor broker back")

    def test_the_list_for_objection_is_masked(self):
        cipher, version = crypto.encipher("630121197001010014")
        numbers = {"id_cipher": cipher, "id_key_version": version, "id_index": "x", "phone": "13897123456"}
        Broker.objects.filter(pk=self.broker.pk).update(**numbers)
        self.published()
        url = reverse("claims_paper", args=[Publication.objects.get().pk])
        page = self.get("zhao", url)
        self.assertContains(page, "630121********0014")
        for secret in ("630121197001010014", "13897123456"):
            self.assertNotContains(page, secret)
        self.assertContains(page, "韩*花")
        for said in ("Labor station of 桥头镇", "Labor bureau of ", "(seal)<br>2026-11-04", "(7 days)"):
            self.assertContains(page, said)
        self.assertNotContains(page, "韩梅花")
        self.assertNotContains(self.get("wang", url), "韩*花")
        self.get("li", url, status=404)

    def test_the_leader_reads_sums_by_township_without_a_name(self):
        led(self.other, 3, village=FAR, prefix="再")
        self.confirmed()
        actions.publish([self.claim(self.other)], by=self.zhao, from_on=date(2026, 11, 4), to_on=date(2026, 11, 10))
        page = self.get("leader", reverse("claim_sums"))
        numbers = {row.area and row.area.pk: {state: cell for state, *cell in row.cells}
                   for row in [*page.context["rows"], page.context["whole"]]}
        self.assertEqual(numbers[HOME[:9]]["Confirmed"], [3, 60])
        self.assertEqual(numbers[FAR[:9]]["Published"], [5, 120])
        self.assertEqual(numbers[None]["Published"], [5, 120])
        for name in ("马占海", "韩梅花"):
            self.assertNotContains(page, name)
        self.get("admin", reverse("claim_sums"), status=404)

    def test_sums_of_one_or_two_persons_are_hidden_with_their_yuan(self):
        self.draw()
        for who, cells in (("leader", {("*", "*"), ("<3", "*"), (5, 120)}), ("zhao", {(3, 60), (2, 60), (5, 120)})):
            page = self.get(who, reverse("claim_sums"))
            drawn = {row.cells[0][1:] for row in [*page.context["rows"], page.context["whole"]]}
            self.assertEqual(drawn - {(0, 0)}, cells)

    def test_of_one_township_alone_the_leader_reads_no_sums(self):
        self.draw()
        numbers = [
            [row.cells for row in self.get("leader", reverse("claim_sums"), **asked).context["rows"]]
            for asked in ({}, {"township": HOME[:9]}, {"township": FAR[:9], "state": "drawn"})
        ]
        self.assertEqual(numbers[1:], numbers[:1] * 2)

    def test_who_stands_in_two_claims(self):
        who = cast.worker("两边走", NEXT_DOOR)
        stay(who, self.broker, 90)
        stay(who, self.other, 150, since=date(2025, 6, 1))
        self.draw()
        page = self.get("wang", reverse("cross_check"))
        self.assertContains(page, "两边走", 1)
        self.assertContains(page, "1 person with 2 rows.")
        self.assertContains(page, '<option value="2025" selected>')
        self.assertContains(page, "counted already for another stay of the year")
        self.assertNotContains(page, reverse("claim", args=[self.claim(self.other).pk]))
        self.assertNotContains(page, "工0")
        self.get("li", reverse("cross_check"), status=404)

    def test_a_stranger_s_two_claims_are_nobody_else_s(self):
        """Fang's worker stands in claims of her own brokers only; Wang reads neither name nor row."""
        second = broker("冶得海", FAR)
        who = cast.worker("远村两边走", FAR)
        stay(who, self.other, 90)
        stay(who, second, 150, since=date(2025, 6, 1))
        self.draw()
        self.assertContains(self.get("fang", reverse("cross_check")), "远村两边走", 1)
        page = self.get("wang", reverse("cross_check"))
        self.assertEqual(len(page.context["page_obj"].object_list), 0)
        self.assertNotContains(page, "两边走")

    def test_two_entries_of_one_person_are_one(self):
        went, stayed = cast.worker("两边走", NEXT_DOOR), cast.worker("两边走", NEXT_DOOR)
        stay(went, self.broker, 90)
        stay(stayed, self.other, 150, since=date(2025, 6, 1))
        self.draw()
        Worker.objects.filter(pk=went.pk).update(merged_into=stayed)
        self.assertContains(self.get("zhao", reverse("cross_check")), "1 person with 2 rows.")

    def test_the_wrong_scheme_is_taken_away(self):
        self.draw()
        self.post("zhao", reverse("claims_drop"), {"of": f"{self.scheme.pk}-2025"})
        self.assertFalse(Claim.objects.exists())
        self.post("zhao", reverse("claims_drop"), {"of": "x"}, status=404)


class Queries(ClaimCase):
    """A longer list asks no more."""

    def queries(self, url, **data) -> int:
        self.get("zhao", url, **data)
        with CaptureQueriesContext(connection) as count:
            self.client.get(url, data)
        return len(count)

    def test_lists_and_claims(self):
        self.draw()
        for line in self.claim().lines.all()[:1]:
            ledger.correct_transfer(line.transfer, by=self.li, version=1, pay=5000)
        one = reverse("claim", args=[self.claim().pk])
        asked = [(LIST, {}), (LIST, {"state": "drawn"}), (one, {}), (reverse("cross_check"), {}), (reverse("schemes"), {})]
        before = [self.queries(url, **data) for url, data in asked]
        for n in range(6):
            led(broker(f"新{n}", HOME), 2, prefix=f"新{n}")
        led(self.broker, 5, prefix="加")
        small(yongning(self.zhao, name="又一个"))
        self.draw()
        for claim in Claim.objects.all():
            line = claim.lines.first()
            ledger.correct_transfer(line.transfer, by=self.zhao, version=line.transfer_version, pay=6000)
        self.assertEqual([self.queries(url, **data) for url, data in asked], before)
        # One more on PostgreSQL, which is told first how to sort.
        self.assertLessEqual(max(before), 20 + (connection.vendor == "postgresql"))

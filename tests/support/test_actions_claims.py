"""Claims from the ledger to the bank: Wang confirms, Zhao publishes, approves and pays; each step once and in its turn."""

from datetime import date
from hashlib import sha256
from io import BytesIO
from unittest import mock

from django.db import IntegrityError
from openpyxl import load_workbook

from brokers.models import Broker, Publication
from laborreg import clock, crypto
from laborreg.refusals import Refusal
from officers import audit
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from support import actions
from support.actions import claims as steps
from support.actions.drawing import would_be
from support.counting import Counting, recounted
from support.models import Claim, ClaimLine, Scheme
from support.sheets import paying
from tests import cast
from tests.cast import FAR, HOME
from tests.support.desk import PayCase, led, small, stay, yongning
from workers import actions as ledger
from workers.models import Transfer


class ClaimCase(PayCase):
    """Both brokers led somebody; the scheme pays from the first worker on."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.scheme = small(cls.scheme)
        led(cls.broker, 3)
        led(cls.other, 2, 200, village=FAR, prefix="远")

    def draw(self, by=None, **where):
        return actions.draw_up(self.scheme, 2025, by=by or self.zhao, **where)

    def claim(self, leader=None) -> Claim:
        return Claim.objects.get(broker=leader or self.broker)

    def confirmed(self) -> list[Claim]:
        self.draw()
        actions.confirm([self.claim()], by=self.wang)
        actions.confirm([self.claim(self.other)], by=self.fang)
        return list(Claim.objects.all())

    def published(self) -> list[Claim]:
        actions.publish(self.confirmed(), by=self.zhao, from_on=date(2026, 11, 4), to_on=date(2026, 11, 10))
        return list(Claim.objects.all())

    def approved(self) -> list[Claim]:
        claims = self.published()
        clock.pin(date(2026, 11, 11))
        actions.approve(claims, by=self.zhao)
        return list(Claim.objects.all())


class DrawingUp(ClaimCase):
    def test_zhao_draws_the_county_up(self):
        drawing = self.draw()
        self.assertEqual(drawing.now, {self.broker.pk: (3, 60), self.other.pk: (2, 60)})
        self.assertEqual((drawing.new, drawing.changed), ({self.broker.pk, self.other.pk}, set()))
        claim = self.claim()
        self.assertEqual((claim.state, claim.township_id, claim.drawn_by), ("drawn", HOME[:9], self.zhao))
        event = AuditEvent.objects.get(verb="drew up claims")
        self.assertEqual(event.detail, {"year": 2025, "claims": 2, "persons": 5, "yuan": 120})

    def test_wang_draws_her_township_up_and_no_other(self):
        self.assertEqual(set(self.draw(self.wang, place=HOME[:9]).now), {self.broker.pk})
        for where in ({}, {"place": FAR[:9]}, {"broker": self.other}):
            with self.subTest(str(where)), self.assertRaises(NotYours):
                self.draw(self.wang, **where)
        self.assertEqual(set(self.draw(self.wang, broker=self.broker).now), {self.broker.pk})

    def test_nobody_else_draws(self):
        for officer in (self.li, self.leader, self.admin):
            with self.assertRaises(NotYours):
                self.draw(officer, place=HOME)

    def test_a_year_that_is_not_over(self):
        with self.assertRaisesMessage(Refusal, "2026 is not over"):
            actions.draw_up(self.scheme, 2026, by=self.zhao)

    def test_a_year_in_which_the_scheme_does_not_hold(self):
        with self.assertRaisesMessage(Refusal, "does not hold in 2017"):
            actions.draw_up(self.scheme, 2017, by=self.zhao)

    def test_amounts_that_are_missing(self):
        self.scheme.bands.filter(size_from=1).update(amount=None)
        with self.assertRaisesMessage(Refusal, "amounts of the scheme are not complete"):
            self.draw()

    def test_drawing_again_changes_what_changed_and_keeps_the_rows(self):
        self.draw()
        number = self.claim().pk
        led(self.broker, 1, prefix="加")
        Transfer.objects.filter(broker=self.other).update(channel="own", broker=None)
        expected = would_be(self.scheme, 2025, places=["630121"])
        drawing = self.draw()
        self.assertEqual((drawing.before, drawing.now), (expected.before, expected.now))
        self.assertEqual(drawing.changed, {self.broker.pk})
        self.assertEqual(drawing.gone, {self.other.pk})
        self.assertEqual((drawing.before[self.broker.pk], drawing.now[self.broker.pk]), ((3, 60), (4, 80)))
        self.assertEqual(Claim.objects.get().pk, number)

    def test_what_went_on_is_not_drawn_again(self):
        self.draw()
        actions.confirm([self.claim()], by=self.wang)
        led(self.broker, 1, prefix="加")
        drawing = self.draw()
        self.assertEqual(set(drawing.now), {self.other.pk})
        self.assertEqual((self.claim().persons, self.claim().lines.count()), (3, 3))

    def test_a_worker_held_by_a_confirmed_claim_is_elsewhere_for_a_better_stay(self):
        self.draw()
        actions.confirm([self.claim()], by=self.wang)
        worker = self.claim().lines.first().worker
        stay(worker, self.other, 200, since=date(2025, 6, 1))
        self.draw()
        self.assertEqual(ClaimLine.objects.get(worker=worker, claim__broker=self.other).verdict, "elsewhere")
        self.assertEqual(ClaimLine.objects.get(worker=worker, verdict="counts").claim.broker, self.broker)

    def test_two_schemes_drawn_up_at_the_same_moment(self):
        """As if the other's lines were stored after they were looked for: the database keeps its promise, in plain words."""
        self.draw()
        second = small(yongning(self.zhao, name="第二"))
        nobody = "\nheld AS (SELECT 0 AS worker, 0 AS scheme, 0 AS broker WHERE 1 = 0)"
        with mock.patch("support.counting.HELD", nobody), self.assertRaisesMessage(Refusal, "at the same moment"):
            actions.draw_up(second, 2025, by=self.zhao)
        self.assertFalse(Claim.objects.filter(scheme=second).exists())
        self.assertEqual(Claim.objects.filter(scheme=self.scheme).count(), 2)

    def test_the_database_refuses_a_second_payment(self):
        self.draw()
        line = ClaimLine.objects.first()
        line.pk = None
        with self.assertRaises(IntegrityError):
            line.save(force_insert=True)

    def test_a_wrong_scheme_is_taken_away(self):
        self.draw()
        actions.confirm([self.claim()], by=self.wang)
        self.assertEqual(actions.drop_drawn(self.scheme, 2025, by=self.zhao), 1)
        self.assertEqual(Claim.objects.get().broker, self.broker)
        with self.assertRaisesMessage(Refusal, "only drawn up"):
            actions.drop_drawn(self.scheme, 2025, by=self.zhao)
        with self.assertRaises(NotYours):
            actions.drop_drawn(self.scheme, 2025, by=self.wang)


class Steps(ClaimCase):
    def test_from_the_station_to_the_bank(self):
        claims = self.approved()
        actions.mark_paid(claims, by=self.zhao, on=date(2026, 11, 11))
        claim = self.claim()
        self.assertEqual((claim.state, claim.confirmed_by, claim.approved_by, claim.paid_by, claim.paid_on, claim.amount),
                         ("paid", self.wang, self.zhao, self.zhao, date(2026, 11, 11), 60))
        verbs = [event.verb for event in audit.trail(claim)]
        self.assertEqual(verbs, ["confirmed a claim", "published a claim", "approved a claim", "paid a claim"])

    def test_who_may_take_which_step(self):
        self.draw()
        for officer in (self.li, self.zhao, self.fang, self.leader):
            with self.subTest(f"confirm {officer}"), self.assertRaises(NotYours):
                actions.confirm([self.claim()], by=officer)
        claims = self.published()
        clock.pin(date(2026, 11, 11))
        for officer in (self.li, self.wang, self.leader):
            for act, said in ((actions.approve, {}), (actions.send_back, {"reason": "错"})):
                with self.assertRaises(NotYours):
                    act(claims, by=officer, **said)
            with self.assertRaises(NotYours):
                paying.payable(claims, by=officer)

    def test_what_is_confirmed_is_what_was_seen(self):
        self.draw()
        claim = self.claim()
        Claim.objects.filter(pk=claim.pk).update(version=claim.version + 1, amount=160)
        with self.assertRaisesMessage(Refusal, "changed one of these claims meanwhile"):
            actions.confirm([claim], by=self.wang)

    def test_nothing_is_confirmed_for_a_broker_who_is_barred(self):
        self.draw()
        Broker.objects.filter(pk=self.broker.pk).update(state="suspended")
        with self.assertRaisesMessage(Refusal, "suspended or revoked"):
            actions.confirm([self.claim()], by=self.wang)

    def test_no_step_is_skipped(self):
        self.draw()
        drawn = list(Claim.objects.all())
        for act in (
            lambda: actions.approve(drawn, by=self.zhao), lambda: actions.mark_paid(drawn, by=self.zhao, on="2026-11-04"),
            lambda: actions.publish(drawn, by=self.zhao, from_on="2026-11-04", to_on="2026-11-10"),
            lambda: actions.send_back(drawn, by=self.zhao, reason="错"),
            lambda: paying.payable(drawn, by=self.zhao),
        ):
            with self.assertRaises(Refusal):
                act()
        for act in (actions.confirm, actions.approve):
            with self.assertRaisesMessage(Refusal, "No claim is chosen"):
                act([], by=self.zhao)

    def test_where_nothing_is_paid_there_is_nothing_to_confirm(self):
        big = yongning(self.zhao, name="五十起")
        led(self.broker, 1, prefix="又")
        actions.draw_up(big, 2025, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "Nothing is paid to 马占海"):
            actions.confirm(Claim.objects.filter(broker=self.broker), by=self.wang)

    def test_a_list_hangs_out_long_enough(self):
        claims = self.confirmed()
        with self.assertRaisesMessage(Refusal, "at least 7 days"):
            actions.publish(claims, by=self.zhao, from_on="2026-11-04", to_on="2026-11-09")
        with self.assertRaisesMessage(Refusal, "before its last claim was confirmed"):
            actions.publish(claims, by=self.zhao, from_on="2026-11-03", to_on="2026-11-20")
        publication = actions.publish(claims, by=self.zhao, from_on="2026-11-04", to_on="2026-11-10")
        self.assertEqual((publication.subject, publication.place_code, publication.claims.count()), ("claims", "630121", 2))

    def test_a_list_begins_about_now_and_ends_within_two_months(self):
        claims = self.confirmed()
        clock.pin(date(2026, 11, 20))
        for first in ("2026-11-12", "2026-12-21"):
            with self.assertRaisesMessage(Refusal, "at most 7 days back and at most 30 days ahead"):
                actions.publish(claims, by=self.zhao, from_on=first, to_on="2027-01-10")
        with self.assertRaisesMessage(Refusal, "at most 60 days"):
            actions.publish(claims, by=self.zhao, from_on="2026-11-20", to_on="2027-01-19")
        actions.publish(claims, by=self.zhao, from_on="2026-11-20", to_on="2027-01-18")

    def test_two_townships_lists_hang_at_the_same_time_and_no_claim_in_both(self):
        self.confirmed()
        days = {"from_on": "2026-11-04", "to_on": "2026-11-10"}
        actions.publish([self.claim()], by=self.zhao, **days)
        with self.assertRaisesMessage(Refusal, "“Published” meanwhile"):
            actions.publish([self.claim(), self.claim(self.other)], by=self.zhao, **days)
        actions.publish([self.claim(self.other)], by=self.zhao, **days)
        self.assertEqual([each.claims.count() for each in Publication.objects.all()], [1, 1])

    def test_approved_from_the_day_after_on(self):
        claims = self.published()
        clock.pin(date(2026, 11, 10))
        with self.assertRaisesMessage(Refusal, "hangs out until 2026-11-10"):
            actions.approve(claims, by=self.zhao)
        clock.pin(date(2026, 11, 11))
        actions.approve(claims, by=self.zhao)

    def test_of_two_officers_one_approves(self):
        claims = self.published()
        clock.pin(date(2026, 11, 11))
        actions.approve(claims, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "“Approved” meanwhile"):
            actions.approve(claims, by=self.zhou)
        self.assertEqual(self.claim().approved_by, self.zhao)

    def test_of_two_at_the_same_moment_one_approves(self):
        """Both read the claims as published; the second's UPDATE finds none of them so."""
        claims = self.published()
        clock.pin(date(2026, 11, 11))
        seen = steps._rows(claims)
        actions.approve(claims, by=self.zhao)
        with mock.patch.object(steps, "_rows", return_value=seen), self.assertRaisesMessage(Refusal, "changed one of these"):
            actions.approve(claims, by=self.zhou)
        self.assertEqual(set(Claim.objects.values_list("approved_by", flat=True)), {self.zhao.pk})
        self.assertEqual(AuditEvent.objects.filter(verb="approved a claim").count(), 2)

    def test_paid_between_the_approval_and_today(self):
        claims = self.approved()
        for day in ("2026-11-10", "2026-11-12"):
            with self.assertRaisesMessage(Refusal, "between the approval"):
                actions.mark_paid(claims, by=self.zhao, on=day)

    def test_sent_back_with_a_reason_and_told(self):
        claims = self.published()
        with self.assertRaisesMessage(Refusal, "Enter a reason"):
            actions.send_back(claims, by=self.zhao, reason=" ")
        actions.send_back([self.claim()], by=self.zhao, reason="有人举报")
        claim = self.claim()
        self.assertEqual((claim.state, claim.sent_back_reason, claim.confirmed_by, claim.publication),
                         ("drawn", "有人举报", None, None))
        self.assertEqual(Message.objects.get(officer=self.wang).values["reason"], "有人举报")
        actions.confirm([claim], by=self.wang)
        self.assertEqual(self.claim().sent_back_reason, "")

    def test_what_is_approved_is_not_sent_back(self):
        with self.assertRaisesMessage(Refusal, "“Approved”"):
            actions.send_back(self.approved(), by=self.zhao, reason="晚了")

    def test_the_pay_list_holds_accounts_in_full_for_a_reason(self):
        cipher, version = crypto.encipher("6228480001234567890")
        Broker.objects.filter(pk=self.broker.pk).update(bank="农行", account_cipher=cipher, account_key_version=version)
        claims = self.approved()
        content = paying.export_pay_list(paying.payable(claims, by=self.zhao), by=self.zhao, reason="发放补助")
        _title, _headings, first, second, total = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
        self.assertEqual([first[1], second[1]], ["马占海", "韩梅花"])
        self.assertEqual(first[5:], ("农行", "6228480001234567890", 3, 60))
        self.assertEqual(second[6], None)
        self.assertEqual(total[7:], (5, 120))
        self.assertEqual(AuditEvent.objects.get(verb="listed accounts").detail, {
            "rows": 2, "numbers": "full", "reason": "发放补助", "yuan": 120, "bytes": len(content),
            "hash": sha256(content).hexdigest(),
        })


class Corrections(ClaimCase):
    def test_a_correction_marks_the_claim_and_says_what_it_would_be(self):
        self.approved()
        line = self.claim().lines.first()
        self.assertFalse(Claim.objects.changed_since().exists())
        actions_of_li = {"by": self.li, "version": line.transfer.version, "ended_on": date(2025, 2, 1)}
        ledger.correct_transfer(line.transfer, **actions_of_li)
        self.assertEqual(list(Claim.objects.changed_since()), [self.claim()])
        now = recounted([self.claim()])[self.claim().pk]
        self.assertEqual((now.persons, now.amount, self.claim().amount), (2, 40, 60))

    def test_a_voided_transfer_marks_it_too(self):
        self.draw()
        ledger.void_transfer(self.claim().lines.first().transfer, by=self.li, reason="登记错误")
        self.assertEqual(list(Claim.objects.changed_since()), [self.claim()])
        self.draw()
        self.assertFalse(Claim.objects.changed_since().exists())
        self.assertEqual(self.claim().persons, 2)

    def test_recounting_a_paid_claim_does_not_take_its_own_workers_for_others(self):
        self.approved()
        for claim in Claim.objects.all():
            now = recounted([claim])[claim.pk]
            self.assertEqual((now.persons, now.amount), (claim.persons, claim.amount))

    def test_a_broker_who_leads_nobody_any_more(self):
        self.draw()
        claim = self.claim()
        Transfer.objects.filter(broker=self.broker).update(voided_at="2026-01-01T00:00Z", void_reason="错")
        self.assertEqual(recounted([claim])[claim.pk].amount, 0)
        self.assertEqual(self.draw(broker=self.broker).gone, {self.broker.pk})


class OtherCounty(ClaimCase):
    def test_a_scheme_of_another_county(self):
        from villages.models import County, Township, Village

        other = County.objects.create(code="630123", name="湟源县")
        Township.objects.create(code="630123100", county=other, name="城关镇")
        Village.objects.create(code="630123100200", township_id="630123100", name="万丰村委会")
        tie = cast.officer("tie", "county", "630123")
        with self.assertRaises(NotYours):
            actions.draw_up(self.scheme, 2025, by=tie)
        with self.assertRaisesMessage(Refusal, "belongs to another county"):
            actions.draw_up(self.scheme, 2025, by=tie, place="630123")
        theirs = yongning(tie, county="630123")
        self.assertEqual(Counting(Scheme.objects.get(pk=theirs.pk), 2025).counts(), {})

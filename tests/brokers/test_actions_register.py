"""Li registers a broker, Wang corrects, Sun may do nothing about it."""

from datetime import date
from importlib import import_module

from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import TestCase

from brokers import actions
from brokers.models import Broker
from laborreg import clock, crypto
from laborreg.refusals import Refusal, Stale
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.cast import FAR, HOME, NEXT_DOOR, cast, county
from tests.workers.desk import id_number
from villages.models import Lineage, Village


class Registering(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        for name, officer in cast().items():
            setattr(cls, name, officer)
        cls.home, cls.next_door, cls.far = (Village.objects.get(code=code) for code in (HOME, NEXT_DOOR, FAR))

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def register(self, by=None, village=None, name="马占海", **facts):
        return actions.register_broker(by=by or self.li, village=village or self.home, name=name, **facts)

    def refuses(self, words, action, *args, refusal=Refusal, **kwargs):
        with self.assertRaises(refusal) as caught, transaction.atomic():
            action(*args, **kwargs)
        self.assertIn(words, str(caught.exception))
        return caught.exception

    def test_a_name_is_enough(self):
        broker = self.register()
        self.assertEqual((broker.county_id, broker.kind), ("630121", "part_time"))
        self.assertEqual(broker.registered_on, date(2026, 11, 4))
        self.assertEqual((broker.name_pinyin, broker.name_initials), ("mazhanhai", "mzh"))
        self.assertIsNone(broker.id_index)

    def test_facts_are_cleaned_as_a_sheet_would_be(self):
        broker = self.register(
            name=" 马　占海 ", phone="+86 138 9712 3456", kind="Full-time", background="cadre",
            trades=" 建筑 ,  餐饮", registered_on="2026年3月1日",
        )
        self.assertEqual((broker.name, broker.phone, broker.kind), ("马占海", "13897123456", "full_time"))
        self.assertEqual((broker.trades, broker.registered_on), ("建筑 , 餐饮", date(2026, 3, 1)))

    def test_the_id_number_is_enciphered_and_found_again(self):
        number = id_number()
        broker = self.register(id_number=number.lower())
        stored = Broker.objects.get(pk=broker.pk)
        self.assertNotIn(number.encode(), bytes(stored.id_cipher))
        self.assertEqual((actions.id_number_of(stored), stored.id_index), (number, crypto.index(number)))

    def test_an_id_number_serves_one_broker_of_the_county(self):
        self.register(id_number=id_number())
        self.refuses("This ID number belongs to 马占海, a broker of 桥头镇", self.register, by=self.sun,
                     village=self.far, name="韩梅", id_number=id_number())
        self.assertEqual(Broker.objects.count(), 1)

    def test_the_same_broker_twice(self):
        self.register(phone="13897123456")
        self.refuses("registered as a broker of this village already", self.register, phone="13897123456")
        self.register(phone="13897123457")
        self.register(id_number=id_number(), phone="13897123456")
        self.assertEqual(Broker.objects.count(), 3)

    def test_who_may_register_where(self):
        self.register(by=self.wang, village=self.next_door)
        self.register(by=self.zhao, village=self.far)
        for by, village in ((self.li, self.next_door), (self.sun, self.home), (self.wang, self.far),
                            (self.leader, self.home), (self.admin, self.home)):
            self.refuses("may not register labor brokers", self.register, by=by, village=village, refusal=NotYours)

    def test_what_is_refused(self):
        for facts, words in [
            ({"name": "王2"}, "“2” does not belong"),
            ({"phone": "123"}, "11 digits"),
            ({"id_number": "6301"}, "18 characters"),
            ({"kind": "sometimes"}, "“sometimes” is not one of"),
            ({"registered_on": date(2026, 11, 5)}, "in the future"),
            ({"trades": "call 13897123456"}, "Do not write ID numbers or phones"),
            ({"trades": "x" * 201}, "at most 200"),
        ]:
            self.refuses(words, self.register, **facts)

    def test_in_a_village_that_is_no_more(self):
        Lineage.objects.create(old=self.home, new=self.next_door, kind=Lineage.MERGE, from_on=date(2026, 11, 1))
        self.refuses("since 2026-11-01", self.register)
        self.assertFalse(Broker.objects.exists())

    def test_a_trail_without_numbers(self):
        broker = self.register(phone="13897123456", id_number=id_number())
        actions.edit_broker(broker, by=self.wang, version=1, phone="13897123457")
        events = AuditEvent.objects.order_by("number")
        self.assertEqual([event.verb for event in events], ["registered a broker", "edited a broker"])
        self.assertEqual(events[1].detail, {"changed": ["phone"]})
        self.assertEqual([row.history_user for row in broker.history.order_by("history_id")], [self.li, self.wang])

    def test_an_edit_on_an_old_version_is_refused(self):
        broker = self.register()
        actions.edit_broker(broker, by=self.wang, version=1, trades="建筑")
        stale = self.refuses("Somebody saved this record", actions.edit_broker, broker, by=self.li, version=1,
                             trades="餐饮", refusal=Stale)
        self.assertEqual((stale.current.trades, stale.current.version), ("建筑", 2))

    def test_an_edit_leaves_out_what_it_does_not_name(self):
        broker = self.register(phone="13897123456", id_number=id_number())
        edited = actions.edit_broker(broker, by=self.li, version=1, name="马海")
        self.assertEqual((edited.phone, edited.name_initials), ("13897123456", "mh"))
        self.assertEqual(actions.id_number_of(edited), id_number())

    def test_stopping_and_working_again(self):
        broker = self.register(registered_on=date(2026, 3, 1))
        for day in (date(2026, 2, 28), date(2026, 11, 5)):
            self.refuses("must lie between", actions.stop_broker, broker, by=self.li, version=1, stopped_on=day)
        broker = actions.stop_broker(broker, by=self.li, version=1, stopped_on=date(2026, 9, 1))
        self.assertEqual(broker.stopped_on, date(2026, 9, 1))
        self.refuses("stopped on 2026-09-01 already", actions.stop_broker, broker, by=self.li, version=2)
        self.refuses("before this registration", actions.edit_broker, broker, by=self.li, version=2,
                     registered_on=date(2026, 10, 1))
        broker = actions.resume_broker(broker, by=self.li, version=2)
        self.assertIsNone(broker.stopped_on)
        self.refuses("has not stopped", actions.resume_broker, broker, by=self.li, version=3)

    def test_nobody_else_edits_or_stops(self):
        broker = self.register()
        for by in (self.sun, self.leader, self.admin):
            for action in (actions.edit_broker, actions.stop_broker, actions.resume_broker):
                self.refuses("may not register labor brokers", action, broker, by=by, version=1, refusal=NotYours)

    def test_the_database_keeps_one_id_number_a_county(self):
        self.register(id_number=id_number())
        with self.assertRaises(IntegrityError):
            Broker.objects.create(county_id="630121", village=self.far, name="x", registered_on=date(2026, 1, 1),
                                  id_index=crypto.index(id_number()))

    def test_sex_and_birth_date_come_from_the_id_number(self):
        broker = self.register()
        self.assertEqual((broker.sex, broker.birth_date, broker.age_on(date(2026, 11, 4))), ("", None, None))
        broker = actions.edit_broker(broker, by=self.li, version=1, id_number=id_number("19880312", "003"))
        self.assertEqual((broker.sex, broker.birth_date), ("male", date(1988, 3, 12)))
        self.assertEqual([broker.age_on(date(2026, 3, day)) for day in (11, 12)], [37, 38])

    def test_the_account_is_enciphered_and_stands_nowhere_in_clear(self):
        broker = self.register(bank="大通县农商银行", account="６２１７ 0000 0000 0000 004")
        stored = Broker.objects.get(pk=broker.pk)
        self.assertEqual(actions.account_of(stored), "6217000000000000004")
        self.assertNotIn(b"621700", bytes(stored.account_cipher))
        kept = [*stored.history.values(), *AuditEvent.objects.values()]
        self.assertNotIn("621700", str(kept))
        self.assertFalse(hasattr(stored.history.model, "account_cipher"))

    def test_accounts_from_before_the_index_are_found_by_it(self):
        one, two = self.register(account="6217000000000000004"), self.register(name="祁福", account="6217000000000000004")
        Broker.objects.update(account_index=None)
        import_module("brokers.migrations.0006_filings_mended").index_accounts(apps, None)
        self.assertEqual(list(actions.same_account(Broker.objects.get(pk=one.pk))), [two])
        self.assertFalse(hasattr(two.history.model, "account_index"))

    def test_all_other_facts(self):
        broker = self.register(is_relieved="是", project="拉面店", policies="创业补贴")
        self.assertEqual((broker.is_relieved, broker.project, broker.policies), (True, "拉面店", "创业补贴"))
        self.assertIsNone(actions.edit_broker(broker, by=self.li, version=1, is_relieved="").is_relieved)

    def test_a_number_is_revealed_for_a_reason_which_is_kept(self):
        broker = self.register(phone="13897123456", account="6217000000000000004")
        ask = {"by": self.li, "address": "127.0.0.1"}
        self.assertEqual(actions.reveal_broker(broker, what="account", reason="发放补贴", **ask), "6217000000000000004")
        event = AuditEvent.objects.last()
        self.assertEqual(event.detail, {"what": "account", "reason": "发放补贴", "address": "127.0.0.1"})
        self.refuses("Say what you need", actions.reveal_broker, broker, what="phone", reason=" ", **ask)
        self.refuses("No such number", actions.reveal_broker, broker, what="id", reason="核对", **ask)
        for by in (self.sun, self.leader, self.admin):
            self.refuses("may not show", actions.reveal_broker, broker, what="phone", reason="x", by=by, refusal=NotYours)
        self.assertEqual(AuditEvent.objects.filter(verb="revealed").count(), 1)

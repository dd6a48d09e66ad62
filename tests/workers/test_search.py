"""Finding a person among those that an officer may see."""

from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext

from laborreg import clock
from officers.models import AuditEvent, Officer
from tests import cast
from tests.workers.desk import Desk, id_number
from workers import actions, search
from workers.models import Worker


class Search(Desk):
    def build(self):
        super().build()
        self.number = id_number(order="006")
        self.xiuying = self.register("王秀英", id_number(), phone="13800004321")
        self.maiti = self.register("阿卜杜拉·买买提", id_number(order="001"))
        self.shan = self.register("单于婉", self.number, phone="0971-2725678")
        actions.register(by=self.sun, village=cast.FAR, name="王秀英", id_number=id_number(order="008"))

    def register(self, name, number, **facts):
        return actions.register(by=self.li, village=cast.HOME, name=name, id_number=number, **facts)

    def found(self, text, by=None):
        officer = by or self.li
        return sorted(w.name for w in search.matching(Worker.objects.visible_to(officer), text, by=officer))

    def test_by_a_part_of_the_name(self):
        for text in ("王秀英", "王", "秀英", " 王 秀英 "):
            self.assertEqual(self.found(text), ["王秀英"])

    def test_whatever_dot_was_typed(self):
        for dot in "·•・・":
            self.assertEqual(self.found(f"阿卜杜拉{dot}买买提"), ["阿卜杜拉·买买提"])

    def test_by_pinyin_in_any_letters(self):
        for text in ("wangxiuying", "WangXiu", "xiuying", "wang xiu ying", "ＷＡＮＧ"):
            self.assertEqual(self.found(text), ["王秀英"])
        self.assertEqual(self.found("chanyu"), ["单于婉"])

    def test_by_initials(self):
        self.assertEqual(self.found("wxy"), ["王秀英"])
        self.assertEqual(self.found("WX"), ["王秀英"])

    def test_by_the_last_four_of_phone_or_number(self):
        self.assertEqual(self.found("4321"), ["王秀英"])
        self.assertEqual(self.found(self.number[-4:]), ["单于婉"])

    def test_the_last_character_may_be_a_small_x(self):
        ends_in_x = next(
            number for order in range(10, 200, 2) if (number := id_number(order=f"{order:03d}")).endswith("X")
        )
        self.register("马兰", ends_in_x)
        self.assertEqual(self.found(ends_in_x[-4:].lower()), ["马兰"])

    def test_by_a_whole_number(self):
        self.assertEqual(self.found(self.number), ["单于婉"])
        self.assertEqual(self.found("138 0000 4321"), ["王秀英"])
        self.assertEqual(self.found("09712725678"), ["单于婉"])

    def test_whole_numbers_that_fit_nobody_are_counted_and_end_after_fifteen_in_an_hour(self):
        def tries(n):
            return self.found(id_number(order=f"{n:03}", born="19770203"), by=Officer.objects.get(pk=self.li.pk))

        for text in (self.number, "13800004321", "王秀英", "0000"):
            self.found(text)
        for n in range(100, 115):
            self.assertEqual(tries(n), [])
        kept = AuditEvent.objects.filter(verb="looked for a number in vain")
        self.assertEqual({(event.by, event.place_code, str(event.detail)) for event in kept}, {(self.li, cast.HOME, "{}")})
        self.assertEqual(kept.count(), 15)
        self.refuses("15 whole numbers within an hour", tries, 115)
        self.refuses("15 whole numbers within an hour", self.found, self.number, by=Officer.objects.get(pk=self.li.pk))
        self.assertEqual(self.found("王秀英"), ["王秀英"])
        with mock.patch.object(clock, "now", return_value=clock.now() + timedelta(hours=1, minutes=1)):
            self.assertEqual(tries(115), [])

    def test_of_many_at_once_each_waits_for_what_the_one_before_found(self):
        with CaptureQueriesContext(connection) as asked:
            self.found(id_number(order="100"))
        said = [query["sql"] for query in asked.captured_queries]
        waits, counts, looks, keeps = (
            next(n for n, sql in enumerate(said) if words in sql)
            for words in ('FROM "officers_officer"', "COUNT(*)", 'FROM "workers_worker"', 'FROM "officers_audithead"')
        )
        self.assertEqual(sorted([waits, counts, looks, keeps]), [waits, counts, looks, keeps])
        self.assertIn("SAVEPOINT", "".join(said[:waits]))

    def test_who_is_in_the_ledger_and_not_in_this_list_is_not_looked_for_in_vain(self):
        search.matching(Worker.objects.none(), self.number, by=self.li)
        self.assertFalse(AuditEvent.objects.filter(verb="looked for a number in vain").exists())

    def test_nobody_of_another_village(self):
        self.assertEqual(len(self.found("王秀英", by=self.zhao)), 2)
        self.assertEqual(self.found(id_number(order="008")[-4:]), [])

    def test_signs_with_a_meaning_in_sql_have_none(self):
        for text in ("%", "_", "王%", "'", "\\"):
            self.assertNotIn("单于婉", self.found(text) if text != "'" else [])

    def test_nothing_typed_leaves_the_list_alone(self):
        self.assertEqual(len(self.found("  ")), 3)

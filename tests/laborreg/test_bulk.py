"""Rows in one go are the rows that a save would have made, on either database."""

import gc
from datetime import date
from unittest import skipUnless

from django.db import DataError, connection, transaction
from django.test import TestCase
from django.utils.safestring import mark_safe

from laborreg import bulk
from tests import cast
from workers.models import StagedRow, Worker
from workers.models.sheets import Batch

ODD = "反\\斜\t制\n表\r\\N “引' {号} 𠮷"


class Rows(TestCase):
    def setUp(self):
        self.county = cast.county()
        self.li = cast.officer("li", "village", cast.HOME)
        self.batch = Batch.objects.create(
            county=self.county, place_code=cast.HOME, kind="workers", file_name=ODD, file_size=1, sha256="",
            uploaded_at="2026-11-01T00:00Z", uploaded_by=self.li,
        )

    def test_every_kind_of_value_comes_back_as_it_was(self):
        worker = cast.worker("马兰")
        cipher = bytes(range(256))
        row = {field.attname: getattr(worker, field.attname) for field in Worker._meta.concrete_fields} | {
            "id": worker.pk + 1, "name": mark_safe("马\\n"), "note": ODD, "id_cipher": cipher, "id_key_version": 1,
            "id_index": "a" * 64, "no_id_reason": "", "is_student": True, "birth_date": date(1988, 3, 12),
        }
        bulk.insert(Worker, [field.name for field in Worker._meta.concrete_fields], [tuple(row.values())])
        kept = Worker.objects.get(pk=worker.pk + 1)
        self.assertEqual([bytes(kept.id_cipher), kept.name, kept.note], [cipher, "马\\n", ODD])
        self.assertEqual([kept.is_student, kept.wants_to_go, kept.birth_date], [True, None, date(1988, 3, 12)])
        self.assertEqual(kept.created_at, worker.created_at)

    def test_json_is_json(self):
        self.stage({"name": ODD, "pay": 4500, "trip": None})
        self.assertEqual(StagedRow.objects.get(number=1).values, {"name": ODD, "pay": 4500, "trip": None})

    def stage(self, *values):
        names = ["batch", "number", "values", "cells", "problems", "normalized", "changes", "written", "verdict", "problem"]
        rows = [(self.batch.pk, number, each, [], [], [], {}, {}, "new", "") for number, each in enumerate(values, 1)]
        bulk.insert(StagedRow, names, rows)

    def test_each_row_is_changed_where_its_keys_hold(self):
        self.stage({"a": 1}, {"a": 2}, {"a": 3})
        rows = [(7, '{"b":1}', self.batch.pk, 1), (None, '{"b":3}', self.batch.pk, 3), (9, "{}", self.batch.pk + 1, 2)]
        bulk.update(StagedRow, ["worker_number", "written"], ["batch", "number"], rows)
        kept = StagedRow.objects.order_by("number").values_list("worker_number", "written")
        self.assertEqual(list(kept), [(7, {"b": 1}), (None, {}), (None, {"b": 3})])

    def test_only_numbers_are_written_into_a_statement(self):
        with self.assertRaises(ValueError):
            bulk.among(Worker, "id", ["0) OR (1=1"])

    @skipUnless(connection.vendor == "postgresql", "SQLite takes any length")
    def test_a_text_too_long_is_refused_without_being_told(self):
        names = ["batch", "number", "values", "verdict"]
        with self.assertRaises(DataError) as refused, transaction.atomic():
            bulk.insert(StagedRow, names, [(self.batch.pk, 1, {}, "马秀兰 13897123456")])
        self.assertNotIn("马秀兰", str(refused.exception))

    def test_cycles_are_looked_for_again_when_the_last_is_done(self):
        first, second = bulk.without_collecting(), bulk.without_collecting()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        self.assertFalse(gc.isenabled())
        second.__exit__(None, None, None)
        self.assertTrue(gc.isenabled())

    def test_texts_and_numbers_that_are_among_many(self):
        people = [cast.worker(f"马{n}") for n in range(3)]
        found = Worker.objects.filter(bulk.among(Worker, "id", [people[0].pk, people[2].pk]))
        self.assertEqual({who.name for who in found}, {"马0", "马2"})
        found = Worker.objects.filter(bulk.holding(Worker, "name", ["马1", "'; DROP TABLE", ODD]))
        self.assertEqual([who.name for who in found], ["马1"])

from unittest.mock import patch

from django.db import OperationalError
from django.test import TestCase

from officers import health


class Health(TestCase):
    def setUp(self):
        health._migrated.clear()

    def test_well(self):
        self.assertContains(self.client.get("/healthz"), "ok")

    def test_the_second_answer_reads_no_migrations(self):
        self.client.get("/healthz")
        with self.assertNumQueries(1):
            self.client.get("/healthz")

    def test_a_database_that_does_not_answer(self):
        with patch("officers.health.connection.cursor", side_effect=OperationalError):
            self.assertEqual(self.client.get("/healthz").status_code, 503)

    def test_a_table_that_is_missing(self):
        with patch("officers.health.MigrationExecutor.migration_plan", return_value=["one"]):
            self.assertEqual(self.client.get("/healthz").status_code, 503)
        self.assertEqual(self.client.get("/healthz").status_code, 200)

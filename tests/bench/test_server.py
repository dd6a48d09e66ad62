"""Scripts that work on a copy of the demo."""

from unittest import mock

from django.db import connection
from django.test import TestCase

from bench import server
from tests import cast


class Filled(TestCase):
    def test_what_is_missing_is_told_before_anything_is_tried(self):
        with self.assertRaisesMessage(SystemExit, "holds no county"):
            server.must_hold_a_county()
        empty = mock.patch.object(connection.introspection, "table_names", return_value=[])
        with empty, self.assertRaisesMessage(SystemExit, "manage.py seed small"):
            server.must_hold_a_county()
        cast.county()
        server.must_hold_a_county()

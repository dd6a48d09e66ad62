"""Sums as they stand in the sheets of villages."""

from decimal import Decimal

from django.test import SimpleTestCase

from laborreg.numerals import number


class Numerals(SimpleTestCase):
    def test_what_is_read(self):
        for text, value in (
            ("4500", 4500), ("0.5万", 5000), ("5千", 5000), ("5k", 5000), ("1w", 10_000), ("五千", 5000), ("三千五", 3500),
            ("两万一", 21_000), ("三千零五", 3005), ("三千五百五", 3550), ("3千5", 3500), ("3千500", 3500), ("一万二千", 12_000),
            ("伍仟", 5000), ("十", 10), ("十二", 12), ("二十三", 23), ("三", 3), ("4.5", Decimal("4.5")),
        ):
            with self.subTest(text):
                self.assertEqual(number(text), value)

    def test_what_is_no_number(self):
        for text in ("", "千", "很多", "5000多", "三五", "4000-5000", "五千以上", "-5"):
            with self.subTest(text):
                self.assertIsNone(number(text))

"""What a class of tests begins with, built once for all of them: each finds it as it was built."""

from django.test import TestCase


class Built(TestCase):
    """`build` makes rows and keeps on `self` what the tests ask for; every test gets a copy of its own."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        builder = cls()
        before = set(vars(builder))
        try:
            builder.build()
        finally:
            builder.doCleanups()
        for name in vars(builder).keys() - before:
            setattr(cls, name, vars(builder)[name])

    def build(self):
        """Once a class, before its first test; it pins its own clock and has no browser."""

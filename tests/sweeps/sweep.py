"""A sweep over the tests' world outside of a run of the tests: the database is made, judged and thrown away."""

import sys
import time
import unittest

from django.test.runner import DiscoverRunner
from django.test.utils import setup_test_environment

from officers.models import Officer
from tests.matrix.walker import Walk
from tests.workers.desk import id_number
from workers import actions
from workers.models import MoveRequest

SHOWN = 8


class Sweep(Walk):
    """Says of each goal what was found; the run fails where anything was."""

    quick = False

    def setUp(self):
        super().setUp()
        self.missed = []

    def tearDown(self):
        self.assertEqual(self.missed, [])

    def judge(self, goal, figure, faults):
        for fault in faults[:SHOWN]:
            print(f"   {goal}: {fault}")
        print(f"{goal}  {figure}  {'FAIL' if faults else 'pass'}", flush=True)
        self.missed += [goal] if faults else []

    def hidden_from(self, officer: Officer | None) -> list[str]:
        """Names, numbers and words of every place at which the officer is not posted.

        Who is asked to move there is known there by name.
        """
        posts = tuple(officer.posts) if officer and officer.role not in ("leader", "admin") else ()
        places = [place for place in self.world.places.values() if not posts or not place.village.startswith(posts)]
        asked = {move.worker.name for move in MoveRequest.objects.visible_to(officer)} if posts else set()
        return [secret for place in places for secret in place.secrets if secret not in asked]


def populate(world, each: int):
    """More people of every village, each of a name that nobody else has."""
    for number, place in enumerate(world.places.values()):
        keeper = next(who for who in world.officers.values() if who.role == "village" and place.village in who.posts)
        for n in range(each):
            name, card = f"佘{chr(0x4E00 + number * 2500 + n * 7)}峣", id_number("19700101", f"{number}{n:02}")
            phone = f"136{number}{n:03}5566"
            person = actions.register(
                by=keeper, village=place.village, name=name, id_number=card, phone=phone, consent="in_person"
            )
            place.people.append(person)
            place.id_numbers.append(card)
            place.phones.append(phone)


def run(*cases: type[Sweep]):
    """Ends the process: 0 where every goal passed."""
    Sweep.quick = "--quick" in sys.argv
    begun = time.monotonic()
    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        tests = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in cases)
        result = unittest.TextTestRunner(verbosity=0).run(tests)
    finally:
        runner.teardown_databases(databases)
    print(f"{time.monotonic() - begun:.0f} s")
    sys.exit(not result.wasSuccessful())

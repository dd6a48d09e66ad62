"""manage.py record_transfer: the screens' action from the command line."""

import io
from unittest import mock

from django.core.management import CommandError, call_command

from tests import cast
from tests.workers.desk import Desk, id_number
from workers.models import Transfer, Worker


class RecordTransfer(Desk):
    def run_it(self, number=None, **options):
        said = {"as": "li", "village": cast.HOME, "name": "王秀英", "started-on": "2026-10-05", "destination": "4403"}
        said |= {name.replace("_", "-"): value for name, value in options.items()}
        out = io.StringIO()
        arguments = [part for name, value in said.items() for part in (f"--{name}", value)]
        call_command("record_transfer", number or id_number(), *arguments, stdout=out)
        return out.getvalue()

    def refuses_to(self, words, **options):
        with self.assertRaises(CommandError) as caught:
            self.run_it(**options)
        self.assertIn(words, str(caught.exception))
        self.assertEqual(caught.exception.returncode, 1)

    def test_a_new_person_leaves_home(self):
        said = self.run_it(pay="5200", channel="relatives", industry="C", form="employed")
        transfer = Transfer.objects.get()
        self.assertEqual(said, "Recorded: 王秀英, 大煤洞村, left on 2026-10-05 for Guangdong Shenzhen 广东 深圳.\n")
        self.assertEqual((transfer.pay, transfer.channel, transfer.industry), (5200, "relatives", "C"))
        self.assertEqual(transfer.created_by, self.li)
        self.assertEqual(self.verbs(), ["registered", "left home"])

    def test_a_person_whom_the_ledger_has(self):
        self.assertIn("out from", self.run_it(started_on="2026-01-05", ended_on="2026-06-01"))
        self.run_it()
        self.assertEqual((Worker.objects.count(), Transfer.objects.count()), (1, 2))

    def test_the_number_from_standard_input(self):
        with mock.patch("sys.stdin", io.StringIO(f"{id_number()}\n")):
            self.run_it(number="-")
        self.assertEqual(Worker.objects.get().id_number, id_number())

    def test_the_same_powers_as_on_the_screens(self):
        self.refuses_to("may not", **{"as": "sun"})
        self.refuses_to("may not", **{"as": "leader"})
        self.refuses_to("may not", village=cast.FAR)
        self.refuses_to("no account", **{"as": "nobody"})
        self.run_it(**{"as": "zhao"})

    def test_an_officer_who_left_the_post_records_nothing(self):
        self.li.postings.update(to_on="2026-01-01")
        self.refuses_to("may not")

    def test_the_same_checks_as_on_the_screens(self):
        self.refuses_to("in the future", started_on="2026-11-05")
        self.refuses_to("is not a date", started_on="yesterday")
        self.refuses_to("is not a known place", destination="999999")
        self.refuses_to("is not a monthly pay", pay="much")
        self.refuses_to("18 characters", number="123")
        self.refuses_to("Enter the name", name=" ")
        self.assertFalse(Worker.objects.exists())

    def test_the_same_refusals(self):
        self.run_it()
        self.refuses_to("Already recorded")
        self.refuses_to("Record the homecoming", started_on="2026-10-20")
        self.refuses_to("another place of the county", village=cast.FAR, **{"as": "sun"})

import os

from django.core.management import call_command

from laborreg.boot import processes
from officers import jobs
from officers.commands import OfficeCommand
from workers.sheets import background, ordering, rosters, storing


class Command(OfficeCommand):
    help = "Do what runs longer than a request, such as reading a sheet, one task after the other; ends with Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--under-run", type=int, metavar="PID", help="end when ./run, of that number, ends")
        parser.add_argument("--batch", action="store_true", help="do what waits, then end")

    def handle(self, *, under_run, batch, **options):
        if under_run:
            processes.end_with_parent()
            if os.getppid() != under_run:
                return  # it was killed while this was starting
        with jobs.only_worker(), jobs.beating():
            background.recover()
            ordering.recover()
            storing.throw_away()
            rosters.throw_away()
            call_command("db_worker", batch=batch, reload=False, verbosity=0)

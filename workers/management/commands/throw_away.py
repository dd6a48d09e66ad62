from django.core.management import call_command

from officers.commands import OfficeCommand
from workers.sheets import rosters, storing


class Command(OfficeCommand):
    noted_as = "throw_away"
    help = (
        "Throw away sheets, uploaded and exported, that are older than a week, what is known of tasks done long ago, "
        "and sessions that have run out."
    )

    def handle(self, **options):
        thrown = storing.throw_away() + rosters.throw_away()
        call_command("prune_db_task_results", verbosity=0)
        call_command("clearsessions", verbosity=0)
        self.stdout.write(f"{thrown} files thrown away.")

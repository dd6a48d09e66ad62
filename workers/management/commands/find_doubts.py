import logging
import time

from django.core.management.base import CommandError

from laborreg.bulk import tell_planner
from officers.commands import OfficeCommand
from villages.areas import area_at
from villages.models import Village
from workers.doubts import finding
from workers.models import Doubt

logger = logging.getLogger(__name__)


class Command(OfficeCommand):
    noted_as = "find_doubts"
    help = "Look through the ledger for doubts, village by village; every night, as some come with the days alone."

    def add_arguments(self, parser):
        parser.add_argument("--area", metavar="CODE", help="a county, township or village; without it, everywhere")

    def handle(self, *, area, **options):
        if area and not area_at(area):
            raise CommandError(f"There is no area {area}.")
        began, changes, failed = time.monotonic(), 0, []
        villages = Village.objects.under(area) if area else Village.objects.all()
        codes = list(villages.order_by("code").values_list("code", flat=True))
        for code in codes:
            try:
                changes += finding.find(code)
            except Exception:  # one village's fault leaves the others their night
                logger.exception("The doubts of village %s could not be found.", code)
                failed.append(code)
        if changes:
            tell_planner([Doubt])
        took = time.monotonic() - began
        self.stdout.write(f"{len(codes)} villages in {took:.1f} s: {changes} doubts came, went or changed.")
        if failed:
            raise CommandError(f"Not looked through, see the log: {', '.join(failed)}.")

"""What this database holds: `new` (no officer yet), `demo`, or `real`; ./run asks."""

from django.core.management.base import BaseCommand

from officers.models import Demo, Officer


class Command(BaseCommand):
    help = "Prints what this database holds: new, demo or real."

    def handle(self, *args, **options):
        if Demo.objects.exists():
            return "demo"
        return "real" if Officer.objects.exists() else "new"

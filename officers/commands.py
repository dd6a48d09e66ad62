"""Commands keep the office's clock: on a demo they work on its day, as the pages do."""

from django.core.management.base import BaseCommand

from officers import demo, runs


class OfficeCommand(BaseCommand):
    # Whether somebody should know when it ran last; its name, then.
    noted_as = ""

    def execute(self, *args, **options):
        demo.begin()
        said = super().execute(*args, **options)
        if self.noted_as:
            runs.note(self.noted_as)
        return said

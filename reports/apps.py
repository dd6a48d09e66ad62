from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        """An import that a return counts is not undone."""
        from reports.imported import submitted_since
        from workers.sheets.undoing import BUILDERS

        BUILDERS.append(submitted_since)

"""At the start the room adds the sheets of its registers to those of the ledger."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"

    def ready(self):
        from support.sheets import join_the_wizard

        join_the_wizard()

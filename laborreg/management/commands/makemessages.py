"""Django's makemessages with what this project needs, so that it is run without options. See docs/translating.md."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # gettext and gettext_lazy stand in one file under these names where it needs both.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now", "--keyword=_l"]
    # A guess from a similar sentence is worse than an empty line, which the tests report.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(
            locale=["zh_Hans"], ignore_patterns=[".venv", "var", "tests", "bench"],
            no_obsolete=True, no_location=True, no_wrap=True,
        )

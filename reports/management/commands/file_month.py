from django.core.management.base import CommandError

from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from officers.models import Officer
from reports import actions
from reports.models import MonthlyReturn
from villages.areas import area_at
from villages.models import County


class Command(OfficeCommand):
    help = "Submit, approve or lock the returns under an area: the same actions, checks and powers as the screens."

    def add_arguments(self, parser):
        parser.add_argument("area_code")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--as", dest="username", required=True)
        parser.add_argument("--step", choices=["submit", "approve", "lock"], required=True)
        parser.add_argument("--explain", help="what explains every warning", default=str(actions.AS_IN_THE_LEDGER))
        parser.add_argument("--for-village", help="why the station submits in the village's place", default="")
        parser.add_argument(
            "--without", action="append", default=[], metavar="CODE=REASON", help="lock without a missing village"
        )

    def handle(self, *, area_code, month, username, step, **options):
        officer = Officer.objects.filter(username__iexact=username, is_active=True).first()
        if officer is None:
            raise CommandError(f"There is no officer {username}.")
        if area_at(area_code) is None:
            raise CommandError(f"There is no area {area_code}.")
        try:
            self.stdout.write(getattr(self, f"_{step}")(area_code, Month.parse(month), officer, options))
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused)) from refused

    def _returns(self, area_code, month, officer, step):
        """Returns under the area that are where the step begins; a named village goes through whatever its state."""
        rows = MonthlyReturn.objects.visible_to(officer).under(area_code).filter(month=month)
        if len(area_code) < 12:
            rows = rows.filter(state__in=actions.STEPS[step].before)
        return list(rows.select_related("county", "village", "newest"))

    def _submit(self, area_code, month, officer, options):
        returns = self._returns(area_code, month, officer, "submit")
        versions = actions.submit(
            returns, by=officer, explanations=options["explain"], filed_for_reason=options["for_village"]
        )
        return f"{len(versions)} submitted."

    def _approve(self, area_code, month, officer, options):
        returns = self._returns(area_code, month, officer, "approve")
        actions.approve(returns, by=officer)
        return f"{len(returns)} approved."

    def _lock(self, area_code, month, officer, options):
        county = County.objects.get(pk=area_code[:6])
        returns = self._returns(area_code, month, officer, "lock")
        missing = dict(pair.partition("=")[::2] for pair in options["without"])
        seal = actions.lock(county, month, by=officer, returns=returns, missing=missing)
        return f"{len(returns)} locked." + (f" {month} is sealed: {seal.hash}" if seal else "")

import json

from django.core.management.base import CommandError

from brokers.models import Broker
from laborreg import clock
from officers.commands import OfficeCommand
from support.columns import FIRST_YEAR, LAST_YEAR
from support.counting import Counting
from support.models import Scheme
from support.schemes import grid_of


class Command(OfficeCommand):
    help = "What each broker's claim of a year comes to, as the ledger says now; nothing is stored."

    def add_arguments(self, parser):
        parser.add_argument("scheme", metavar="SCHEME", help="its number or its name")
        parser.add_argument("year", metavar="YYYY")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, scheme, year, as_json, **options):
        year = _year(year)
        scheme = _scheme(scheme, year)
        if not scheme.holds_in(year):
            raise CommandError(f"{scheme} does not hold in {year}.")
        if not grid_of(scheme).is_complete:
            raise CommandError(f"The amounts of {scheme} are not complete; no claim is drawn up before they are.")
        if year >= clock.today().year:
            self.stderr.write(f"{year} is not over: a stay that is open is counted through 31 December.")
        rows = list(_rows(scheme, year))
        if as_json:
            self.stdout.write(json.dumps({
                "scheme": scheme.pk, "name": scheme.name, "county": scheme.county_id, "year": year, "claims": rows,
            }, ensure_ascii=False))
            return
        self.stdout.write(f"{scheme}, {year}: {len(rows)} claims, {sum(row['amount'] for row in rows):,} yuan")
        for row in rows:
            bands = " + ".join(f"{band['persons']} × {band['yuan']}" for band in row["bands"])
            counted = f"{row['persons']:>6,}  {bands or '0'} = {row['amount']:,}"
            self.stdout.write(f"{row['township']} {row['broker']:>8} {row['name']}\t{counted}")


def _year(text) -> int:
    if not text.isascii() or not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise CommandError(f"{text} is not a year.")
    return int(text)


def _scheme(text, year) -> Scheme:
    """By its number; by its name the one that holds in the year, else the newest of the name."""
    if text.isascii() and text.isdigit() and len(text) < 19 and (found := Scheme.objects.filter(pk=int(text)).first()):
        return found
    named = list(Scheme.objects.filter(name=text))
    holding = [scheme for scheme in named if scheme.holds_in(year)]
    if len(holding) > 1:
        numbers = ", ".join(str(scheme.pk) for scheme in holding)
        raise CommandError(f"There are several schemes {text}; name one by its number: {numbers}.")
    if not named:
        raise CommandError(f"There is no scheme {text}.")
    return (holding or named)[0]


def _rows(scheme, year):
    """A broker with a stay in the year each, by township and village."""
    counts = Counting(scheme, year).counts()
    brokers = Broker.objects.filter(county=scheme.county_id).select_related("village").in_bulk(counts)
    for broker in sorted(brokers.values(), key=lambda broker: (broker.village_id, broker.name, broker.pk)):
        count = counts[broker.pk]
        yield {
            "broker": broker.pk, "name": broker.name, "township": broker.village_id[:9], "village": broker.village_id,
            "stays": count.stays, "persons": count.persons, "amount": count.amount,
            "bands": [
                {"days_from": part.days_from, "persons": part.persons, "yuan": part.yuan, "amount": part.amount}
                for part in count.parts
            ],
        }

"""Destinations as pages name them, and those that a village's people usually go to."""

from datetime import timedelta

from django.core.signals import request_started
from django.db.models import Count
from django.dispatch import receiver

from laborreg import clock
from villages import destinations
from villages.models import Township
from workers.models import Transfer

LATELY = timedelta(days=730)

# Townships met since the last request began: a list asks for the same few in every row.
_townships: dict[str, Township] = {}


def label(code: str) -> str:
    """“广东 深圳”, in English “Guangdong Shenzhen 广东 深圳”; a township of the own county by its name."""
    if len(code) != 9:
        return destinations.label(code)
    if code not in _townships:
        township = Township.objects.filter(code=code).first()
        if township is None:
            return destinations.label(code)
        _townships[code] = township
    return _townships[code].label


@receiver(request_started)
def forget(**_signal):
    """Ask the database again: names of townships may have changed since."""
    _townships.clear()


def usual(village_code: str, limit: int = 6) -> list[str]:
    """Where most of a village's people went within two years: half in the own province, half elsewhere, where there are."""
    lately = Transfer.objects.valid().under(village_code).filter(started_on__gte=clock.today() - LATELY)
    counted = lately.values("destination").annotate(times=Count("pk")).order_by("-times", "destination")
    codes = [row["destination"] for row in counted]
    own = [code for code in codes if code[:2] == village_code[:2]]
    elsewhere = [code for code in codes if code[:2] != village_code[:2]]
    near = own[: max(limit // 2, limit - len(elsewhere))]
    return near + elsewhere[: limit - len(near)]

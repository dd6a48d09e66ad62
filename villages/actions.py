"""What the county does about places: keep the stations' addresses, and say which villages file from when until when."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.columns import words
from laborreg.identity import clean_name, clean_phone
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit
from villages.models import Township, Village

POWER = "change settings"
MONTHS_AHEAD = 12
_CLEANERS = {
    "station_phone": clean_phone,
    "station_address": words(100),
    "head_name": lambda text: clean_name(text) if text else "",
    "is_reception_point": bool,
}


@transaction.atomic
def edit_station(township, *, by, **changes) -> Township:
    """Phone, address and head of a township's labor station, and whether it receives people who come home."""
    by.must(POWER, at=township)
    current = Township.objects.select_for_update(no_key=True).get(pk=township.pk)
    with plain_words():
        changes = {name: _CLEANERS[name](value) for name, value in changes.items()}
    changed = sorted(name for name, value in changes.items() if getattr(current, name) != value)
    for name in changed:
        setattr(current, name, changes[name])
    if changed:
        current.save(update_fields=changed)
        audit.record("edited a station", current, by=by, place=current.code, detail={"changed": changed})
    return current


@transaction.atomic
def start_filing(village, *, by, month: Month) -> Village:
    """From this month on the village is expected to file; one that stopped files again."""
    village = _held(village, by)
    if village.files_from and not village.files_to:
        if village.files_from == month:
            return village
        sentence = _("%(village)s files already, from %(month)s on.")
        raise Refusal(sentence % {"village": village.label, "month": village.files_from.label})
    _check_is_near(month)
    if not village.files_to or month > village.files_to.next:
        # After a gap the first stretch is told by its own returns.
        village.files_from = month
    village.files_to = None
    village.save(update_fields=["files_from", "files_to"])
    audit.record("started filing", village, by=by, place=village.code, detail={"month": str(month)})
    return village


@transaction.atomic
def stop_filing(village, *, by, month: Month) -> Village:
    """After this month, its last, the village is not expected to file."""
    village = _held(village, by)
    if not village.files_from:
        raise Refusal(_("%(village)s does not file.") % {"village": village.label})
    _check_is_near(month)
    if month < village.files_from:
        sentence = _("%(village)s files from %(month)s on; it cannot stop before.")
        raise Refusal(sentence % {"village": village.label, "month": village.files_from.label})
    if village.files_to == month:
        return village
    village.files_to = month
    village.save(update_fields=["files_to"])
    audit.record("stopped filing", village, by=by, place=village.code, detail={"month": str(month)})
    return village


def months_to_choose() -> list[Month]:
    """Last month, whose returns are still being filed, and the months of a year."""
    return Month.of(clock.today()).plus(MONTHS_AHEAD).since(Month.of(clock.today()).previous)


def _held(village, by) -> Village:
    by.must(POWER, at=village)
    return Village.objects.select_for_update(no_key=True).get(pk=village.pk)


def _check_is_near(month):
    """What was expected in months that are over stays as it was."""
    months = months_to_choose()
    if month not in months:
        sentence = _("Choose a month from %(first)s to %(last)s.")
        raise Refusal(sentence % {"first": months[0].label, "last": months[-1].label})

"""What the county does about places: the stations' addresses, which villages file from when until when, settings."""

from collections.abc import Callable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.columns import words
from laborreg.identity import clean_name, clean_phone
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages
from villages import accounts, county_settings, lineage
from villages.county_settings import Difference
from villages.models import FROM_THE_START, County, CountySettings, Township, Village

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
    lineage.must_last(village.code)
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


@transaction.atomic
def change_settings(
    county, *, by, from_month: Month, not_before: Callable[[County], Month], **values
) -> list[Difference]:
    """From this month on the county counts and asks differently; what is planned for later months stays planned.

    `not_before`: the first month that may still change, since no return of it was submitted; asked while the county is
    held.
    """
    county = _county_held(county, by)
    next_days = county_settings.of_the_next_days(county)
    first = not_before(county)
    if from_month < first:
        sentence = _("Returns of earlier months are in. Choose a month from %(month)s on.")
        raise Refusal(sentence % {"month": first.label})
    if from_month != FROM_THE_START and from_month > Month.of(clock.today()).plus(MONTHS_AHEAD):
        raise Refusal(_("Choose a month of the next twelve."))
    before = county.rules_from(from_month)
    after = county_settings.changed_from(county, from_month, values)
    found = county_settings.differences(before, after)
    if not found:
        raise Refusal(_("These settings hold already in %(month)s.") % {"month": from_month.label})
    CountySettings.objects.update_or_create(
        county=county, from_month=from_month,
        defaults={name: getattr(after, name) for name in county_settings.BY_NAME}
        | {"changed_by": by, "changed_at": clock.now()},
    )
    _carry_on(county, from_month, found)
    _must_have_been_announced(county, next_days)
    _tell_settings("changed settings", county, by, from_month, found)
    if any(each.loosens for each in found):
        _announce(county, by, from_month)
    return found


def _announce(county, by, month: Month):
    told = [officer for officer in accounts.of_bureau(county.code) if officer != by]
    text = gettext_noop(
        "%(officer)s changed the settings: from %(month)s on longer lists leave without a second person, or people are erased"
        " sooner. Until then it can be withdrawn."
    )
    messages.send(told, text, values={"officer": by.name, "month": month}, url=reverse("settings"))


@transaction.atomic
def withdraw_settings(county, *, by, from_month: Month, opened_until: Callable[[County], Month | None]):
    """Take back a change whose month was not opened; the months behind it go on with what holds before it.

    `opened_until`: the newest opened month; asked while the county is held, as it is when a month is opened.
    """
    county = _county_held(county, by)
    next_days = county_settings.of_the_next_days(county)
    newest = opened_until(county)
    if newest and from_month <= newest:
        raise Refusal(_("%(month)s is opened; change the settings again.") % {"month": from_month.label})
    row = county.settings.filter(from_month=from_month).exclude(from_month=FROM_THE_START).first()
    if row is None:
        raise Refusal(_("This change was withdrawn already."))
    found = county_settings.differences(row, county.rules_from(from_month.previous))
    row.delete()
    _carry_on(county, from_month, found)
    _must_have_been_announced(county, next_days)
    _tell_settings("withdrew settings", county, by, from_month, found)


def _must_have_been_announced(county, before: list[CountySettings]):
    """A county object asks for its settings once: what holds after the change is another's."""
    after = county_settings.of_the_next_days(County.objects.get(pk=county.pk))
    county_settings.must_have_been_announced(before, after)


def _county_held(county, by) -> County:
    by.must(POWER, at=county)
    return County.objects.select_for_update(no_key=True).get(pk=county.pk)


def _carry_on(county, month: Month, found: list[Difference]):
    """A later row repeats what it did not change itself: it repeats the new value from now on."""
    later = list(county.settings.filter(from_month__gt=month).order_by("from_month"))
    for each in found:
        name = each.setting.name
        for row in later:
            if getattr(row, name) != each.before:
                break
            setattr(row, name, each.after)
    for row in later:
        _check_days(row)
        row.save()


def _check_days(row: CountySettings):
    if not county_settings.days_are_in_order(row):
        sentence = _("The days planned from %(month)s on would not follow each other any more. Change that plan first.")
        raise Refusal(sentence % {"month": row.from_month.label})


def _tell_settings(verb, county, by, month, found):
    changes = {each.setting.name: f"{each.before} → {each.after}" for each in found}
    audit.record(verb, county, by=by, place=county.code, detail={"month": str(month)} | changes)

"""Schemes as the bureau writes them: its facts and its table; one that claims stand on is followed, not changed."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit
from support.columns import CLEANERS
from support.models import Scheme, SchemeBand
from support.schemes import Band, fault

FACTS = list(CLEANERS)


@transaction.atomic
def write_scheme(*, by, county, bands: list[Band], **facts) -> Scheme:
    """A new scheme of a county. A band without an amount waits for it; no claim is drawn up before."""
    by.must("pay brokers", at=county)
    scheme = Scheme(county=county)
    _write(scheme, facts)
    _keep(scheme, bands)
    audit.record("wrote a scheme", scheme, by=by, place=county.code, detail={"name": scheme.name})
    return scheme


@transaction.atomic
def edit_scheme(scheme, *, by, version, bands: list[Band] | None = None, **changes) -> Scheme:
    """Change facts and table of a scheme as the officer saw them in `version`, while no claim stands on it."""
    scheme = _held(scheme, by, version)
    _write(scheme, changes)
    _keep(scheme, bands)
    audit.record("edited a scheme", scheme, by=by, place=scheme.county_id, detail={"changed": sorted(changes)})
    return scheme


@transaction.atomic
def set_amounts(scheme, *, by, version, amounts: dict[int, int | None]) -> Scheme:
    """The yuan of each band, by the band's number; None: the bureau has not said it yet."""
    scheme = _held(scheme, by, version)
    with plain_words():
        amounts = {number: CLEANERS["pay_floor"](yuan) for number, yuan in amounts.items()}
    for band in scheme.bands.all():
        if band.pk in amounts:
            band.amount = amounts[band.pk]
            band.save(update_fields=["amount"])
    scheme.save()
    audit.record("edited a scheme", scheme, by=by, place=scheme.county_id, detail={"changed": ["amounts"]})
    return scheme


@transaction.atomic
def copy_scheme(scheme, *, by, year_from) -> Scheme:
    """The scheme's successor from a later year on, to be changed freely; the old one ends the year before."""
    by.must("pay brokers", at=scheme.county_id)
    scheme = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    with plain_words():
        year_from = CLEANERS["year_from"](year_from)
    if year_from <= scheme.year_from:
        raise Refusal(_("The successor begins after %(year)d.") % {"year": scheme.year_from})
    if claimed := scheme.claims.filter(year__gte=year_from).order_by("-year").first():
        raise Refusal(_("Claims of %(year)d stand on this scheme; its successor begins later.") % {"year": claimed.year})
    until, bands = scheme.year_to, [_as_band(band) for band in scheme.bands.all()]
    if until is None or until >= year_from:
        Scheme.objects.filter(pk=scheme.pk).update(year_to=year_from - 1, version=scheme.version + 1)
    facts = {name: getattr(scheme, name) for name in FACTS} | {"year_from": year_from}
    facts["year_to"] = until if until and until >= year_from else None
    return write_scheme(by=by, county=scheme.county, bands=bands, **facts)


@transaction.atomic
def delete_scheme(scheme, *, by):
    """Only one that no claim stands on: nothing that was counted loses its rule."""
    current = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    by.must("pay brokers", at=current.county_id)
    if current.claims.exists():
        raise Refusal(_("Claims stand on this scheme, so it stays."))
    audit.record("deleted a scheme", current, by=by, place=current.county_id, detail={"name": current.name})
    current.delete()


def _as_band(row: SchemeBand) -> Band:
    return Band(row.size_from, row.size_to, row.days_from, row.days_to, row.amount)


def _held(scheme, by, version) -> Scheme:
    """The row as it is now, locked, if it is the one that the officer saw and no claim stands on it."""
    current = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    by.must("pay brokers", at=current.county_id)
    if current.version != int(version):
        raise Stale(current)
    if current.claims.exists():
        raise Refusal(_("Claims stand on this scheme, so it is not changed. Write its successor from a later year."))
    current.version += 1
    return current


def _write(scheme, facts):
    with plain_words():
        for name, value in facts.items():
            setattr(scheme, name, CLEANERS[name](value))
    if scheme.year_to is not None and scheme.year_to < scheme.year_from:
        raise Refusal(_("The last year lies before the first."))


def _keep(scheme, bands):
    """Save; the table anew where one is given."""
    if bands is not None and (wrong := fault(bands)):
        raise Refusal(wrong)
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError as error:
        sentence = _("There is a scheme of this name from %(year)d already.")
        raise Refusal(sentence % {"year": scheme.year_from}) from error
    if bands is not None:
        scheme.bands.all().delete()
        SchemeBand.objects.bulk_create(SchemeBand(scheme=scheme, **vars(band)) for band in bands)

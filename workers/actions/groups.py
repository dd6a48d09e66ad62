"""Persons who are not named yet: counted as a group, until they come home or are named."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from villages import lineage
from villages.models import Village
from workers import columns
from workers.actions.days import must_be_past, shown
from workers.actions.keeping import (
    claim,
    cleaned_reason,
    held_row,
    just_now,
    keep,
    one_at_a_time,
    only_known,
    put,
)
from workers.models import Registration, UnnamedGroup
from workers.refusals import AlreadyRecorded, plain_words
from workers.regions import region_of

FACTS = [
    "persons", "started_on", "ended_on", "destination", "sex", "age_band", "industry", "channel", "form", "status",
    "pay", "reason", "note",
]


@transaction.atomic
def record_group(*, by, village, persons, started_on, destination, **facts) -> UnnamedGroup:
    """So many persons of the village left on this day; what is not known of them may stay unsaid."""
    code = getattr(village, "pk", village)
    by.must("enter records", at=code)
    home = Village.objects.get(pk=code)
    lineage.must_last(code)
    group = UnnamedGroup(county_id=home.county_code, village=home, created_at=clock.now(), created_by=by)
    _apply(group, {"persons": persons, "started_on": started_on, "destination": destination, **facts})
    _check(group)
    _not_twice(group, by)
    keep(group, by, FACTS)
    put(Registration(county_id=group.county_id, group=group, village=home), by)
    _tell("recorded group", group, by)
    return group


@transaction.atomic
def correct_group(group, *, by, version, **changes) -> UnnamedGroup:
    """Put right what was recorded of a group; never below the persons who are named already."""
    group = _held(group, by)
    before = _facts_of(group)
    _apply(group, changes)
    changed = [name for name in FACTS if getattr(group, name) != before[name]]
    if not changed:
        return group
    _check(group)
    claim(group, version)
    keep(group, by, FACTS)
    _tell("corrected group", group, by, changed=changed)
    return group


@transaction.atomic
def end_group(group, *, by, version, ended_on, persons=None, reason="") -> UnnamedGroup:
    """They came home: all who are unnamed, or some, who become an ended group of their own. Gives what ended."""
    group = _held(group, by)
    if group.ended_on == ended_on:
        raise AlreadyRecorded(_("Already recorded: this group came home on %(day)s.") % {"day": shown(ended_on)}, group)
    if group.ended_on:
        raise Refusal(_("This group came home on %(day)s.") % {"day": shown(group.ended_on)})
    claim(group, version)
    ending = _split(group, persons, by) if persons and persons != _unnamed(group) else group
    ending.ended_on, ending.reason = ended_on, reason
    _check(ending)
    keep(ending, by, FACTS)
    _tell("group came home", ending, by)
    return ending


@transaction.atomic
def void_group(group, *, by, reason) -> UnnamedGroup:
    """Take out a group that never was; the persons named from it stay."""
    group = _held(group, by)
    group.void_reason = cleaned_reason(reason)
    claim(group, group.version)
    group.voided_at = clock.now()
    keep(group, by, ["void_reason"])
    _tell("voided group", group, by, reason=group.void_reason)
    return group


def _split(group, persons, by) -> UnnamedGroup:
    """Some of the unnamed persons as a group of their own, registered wherever the whole was."""
    unnamed = _unnamed(group)
    if not 0 < persons < unnamed:
        words = {"count": unnamed}
        raise Refusal(_("Of this group %(count)s persons are not named. Give a number up to that.") % words)
    part = UnnamedGroup(
        county_id=group.county_id, village_id=group.village_id, split_from=group, created_at=clock.now(), created_by=by
    )
    for name in FACTS:
        setattr(part, name, getattr(group, name))
    part.persons, group.persons = persons, group.persons - persons
    keep(group, by, FACTS)
    keep(part, by, FACTS)
    for stay in group.registrations.all():
        put(Registration(
            county_id=stay.county_id, group=part, village_id=stay.village_id, from_on=stay.from_on, to_on=stay.to_on,
            how=stay.how, left_how=stay.left_how,
        ), by)
    return part


def _held(group, by) -> UnnamedGroup:
    current = held_row(group)
    by.must("enter records", at=current.village_id)
    if current.voided_at:
        raise AlreadyRecorded(_("This group was voided: %(reason)s") % {"reason": current.void_reason}, current)
    return current


def _apply(group, facts):
    only_known(facts, FACTS)
    for name, value in facts.items():
        setattr(group, name, value)
    if "destination" in facts:
        with plain_words():
            group.destination = columns.clean_destination(facts["destination"], county=group.county_id)


def _check(group):
    must_be_past(group.started_on)
    if group.ended_on:
        must_be_past(group.ended_on)
    for _column, _code, words in misfits(group.village_id, _facts_of(group)):
        raise Refusal(words)
    if not group.persons or group.persons < 1:
        raise Refusal(_("Give the number of persons."))
    if group.pk and group.persons < _named(group):
        raise Refusal(_("%(count)s persons of this group are named already.") % {"count": _named(group)})


def misfits(village, facts) -> Iterator[tuple[str, str, str]]:
    """Column, code and sentence of what does not go together; days are dates of a form, or ISO texts of a sheet."""
    start, end = facts["started_on"], facts.get("ended_on")
    if end and end <= start:
        words = _("The group left on %(day)s. Give a later day for the homecoming.") % {"day": start}
        yield "ended_on", "days_in_disorder", words
    if facts.get("reason") and not end:
        yield "ended_on", "end_missing", _("Give the day of the homecoming with its reason.")
    far = ("other_province", "abroad")
    if facts.get("form") == "public_post" and region_of(village, facts["destination"]) in far:
        yield "form", "public_post", _("A public-welfare post is never outside the own province.")


def _not_twice(group, by):
    """A second click on the same form."""
    one_at_a_time(by)
    same = just_now(UnnamedGroup.objects.filter(voided_at__isnull=True), by).filter(
        village=group.village_id, split_from__isnull=True, **{name: getattr(group, name) for name in FACTS}
    ).first()
    if same:
        raise AlreadyRecorded(_("This group was recorded a moment ago."), same)


def _named(group) -> int:
    return group.transfers.valid().count()


def _unnamed(group) -> int:
    return group.persons - _named(group)


def _facts_of(group) -> dict:
    return {name: getattr(group, name) for name in FACTS}


def _tell(verb, group, by, **detail):
    audit.record(verb, group, by=by, place=group.village_id, detail={"persons": group.persons, **detail})

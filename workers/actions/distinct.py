"""Telling two entries apart that look like one person, and taking that back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.columns import words
from laborreg.refusals import Refusal, plain_words
from officers import audit
from workers.duplicates import area_of
from workers.models import DistinctPair, Worker


@transaction.atomic
def tell_apart(one: Worker, other: Worker, *, by, reason: str = "") -> DistinctPair:
    """These are two people: the pair is not shown again while their names and birth dates stay as they are."""
    one, other = sorted((one, other), key=lambda worker: worker.pk)
    area = area_of(one, other)
    if one.pk == other.pk or not area:
        raise Refusal(_("These are not two entries of one county."))
    by.must("enter records", at=area)
    with plain_words():
        reason = words(200)(reason) or ""
    # What was said of them under other names or birth dates holds no more.
    DistinctPair.objects.filter(one=one, other=other, taken_back_at=None).exclude(
        one_name=one.name, one_birth=one.birth_date, other_name=other.name, other_birth=other.birth_date
    ).update(taken_back_by=by, taken_back_at=clock.now())
    pair = _kept(one, other, area, reason, by)
    detail = {"other": other.pk} | ({"reason": reason} if reason else {})
    audit.record("told two entries apart", one, by=by, place=area, detail=detail)
    return pair


def _kept(one, other, area, reason, by) -> DistinctPair:
    try:
        with transaction.atomic():
            return DistinctPair.objects.create(
                county_id=one.county_id, area_code=area, one=one, other=other, one_name=one.name, one_birth=one.birth_date,
                other_name=other.name, other_birth=other.birth_date, reason=reason, by=by, at=clock.now(),
            )
    except IntegrityError as again:
        raise Refusal(_("These two are told apart already.")) from again


@transaction.atomic
def look_again(pair: DistinctPair, *, by):
    """The pair is in question again."""
    by.must("enter records", at=pair.area_code)
    standing = DistinctPair.objects.filter(pk=pair.pk, taken_back_at=None)
    if not standing.update(taken_back_by=by, taken_back_at=clock.now()):
        raise Refusal(_("This pair is in question already."))
    audit.record("put two entries in question again", pair.one, by=by, place=pair.area_code, detail={"other": pair.other_id})

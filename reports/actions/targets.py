"""Setting targets: the level above says what the level below is to reach, nobody sets one's own."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.columns import clean_words, words
from laborreg.refusals import Refusal, plain_words
from officers import audit
from reports.models import Target
from villages.areas import children
from villages.models import County

clean_letter = words(80)
FIRST_YEAR = 2015
# Of persons, and of yuan: more is a slip of the pen.
MOST = 10**12


def may_set(officer, code: str) -> bool:
    """The county's own stands in the prefecture's letter, and the county records it; else only the level directly above."""
    above = code[:6] if len(code) < 12 else code[:9]
    return officer.may("set targets", at=above) and above in officer.posts


def settable(area, officer) -> list:
    """The areas whose targets the officer sets on the page of an area: its parts, and a county by itself."""
    own = [area] if area.level == "county" else []
    return [each for each in (*own, *children(area)) if may_set(officer, each.code)]


def newest(area, year: int) -> int:
    """The last version that was written on a page: who sends it back has seen all before."""
    rows = Target.objects.under(area.code).filter(year=year)
    return rows.aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def set_targets(area, year: int, amounts: dict, *, by, seen: int, letter="", reason="") -> list[Target]:
    """{(code, kind): persons or yuan, None for none} of an area's parts, and of a county itself; what is as before stays.

    `seen`: what `newest` said when the form was opened.
    """
    allowed = {each.code for each in settable(area, by)}
    if {code for code, _kind in amounts} - allowed or not allowed:
        by.must("set targets", at=area)
        raise Refusal(_("Targets are set by the level above."))
    County.objects.select_for_update(no_key=True).get(pk=area.code[:6])
    if not FIRST_YEAR <= year <= clock.today().year + 1:
        raise Refusal(_("Targets can be set up to next year."))
    if newest(area, year) != seen:
        raise Refusal(_("Somebody set targets meanwhile. Look at them again."))
    with plain_words():
        letter, reason = clean_letter(letter), clean_words(reason)
    made = _changed(area, year, amounts, by=by, letter=letter, reason=reason)
    if not made:
        raise Refusal(_("Nothing was changed."))
    _must_be_reasoned(area, made)
    Target.objects.bulk_create(made)
    detail = {"year": year, "targets": len(made)} | ({"reason": reason} if reason else {})
    audit.record("set targets", by=by, place=area.code, detail=detail)
    return made


def _changed(area, year, amounts, **said) -> list[Target]:
    known = {}
    for row in Target.objects.under(area.code).filter(year=year).order_by("number"):
        known[row.area_code, row.kind] = row
    made = []
    for (code, kind), amount in sorted(amounts.items()):
        before = known.get((code, kind))
        if amount == (before.amount if before else None):
            continue
        if amount is not None and not 0 < amount <= MOST:
            raise Refusal(_("A target is more than nothing, and no more than a thousand billion."))
        number = before.number + 1 if before else 1
        made.append(Target(
            county_id=code[:6], area_code=code, year=year, kind=kind, amount=amount, number=number, set_by=said["by"],
            set_at=clock.now(), letter=said["letter"], reason=said["reason"] if number > 1 else "",
        ))
    return made


def _must_be_reasoned(area, made):
    if any(row.number > 1 and not row.reason for row in made):
        raise Refusal(_("Say why a target that stood is changed."))
    if any(row.area_code == area.code and not row.letter for row in made):
        raise Refusal(_("Give the number of the letter by which the prefecture set the county's targets."))

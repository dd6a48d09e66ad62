"""Spot checks (抽查): draw persons from what villages filed, enter what was found, finish."""

from collections.abc import Mapping
from datetime import date
from secrets import token_hex

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.columns import words
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit
from reports.models import FiledLine, MonthlyReturn, ReturnVersion, SpotCheck, SpotCheckPerson
from reports.models.spot_checks import COUNTS_AFTER, NOT_REACHED, OUTCOMES
from reports.sampling import draw as drawn
from villages.areas import area_at
from villages.models import County
from workers import codes
from workers.ledger import BY_KEY
from workers.models import Phone
from workers.sheets.approving import limit

# More than one office asks in a month.
MOST = 500


@transaction.atomic
def draw(county: County, month: Month, *, by, area_code: str, figure: str, wanted: int, spread: int = 0, note: str = "",
         seed: str | None = None) -> SpotCheck:
    """Draw `wanted` of those whom the figure counts in the counted versions of an area's month; all where there are fewer.

    `seed`: only the demo and tests give one; else it is made here, so that nobody picks it.
    """
    by.must("check quality", at=area_code)
    # Held, so that of two who do it at the same moment the second finds what the first did.
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    _may_draw(county, month, area_code, figure, wanted, spread)
    with plain_words():
        note = words(200)(note) or ""
    sizes = _sizes(county, month, area_code, figure)
    check = SpotCheck(
        county=county, area_code=area_code, month=month, figure=figure, wanted=wanted, spread=spread, note=note,
        seed=seed or token_hex(8), drawn_from={code: list(pair) for code, pair in sizes.items()},
        population=sum(count for _version, count in sizes.values()), drawn_by=by, drawn_at=clock.now(),
    )
    if not check.population:
        raise Refusal(_("Nobody can be drawn: no village here has filed somebody in this figure for %(month)s.") % {
            "month": month.label,
        })
    check.save()
    SpotCheckPerson.objects.bulk_create(_people(check))
    audit.record("drew a spot check", check, by=by, place=area_code, detail={
        "month": str(month), "figure": figure, "persons": check.people.count(), "seed": check.seed,
    })
    return check


def _may_draw(county, month, area_code, figure, wanted, spread):
    if not area_code.startswith(county.code) or area_at(area_code) is None:
        raise Refusal(_("Choose where to check."))
    if figure not in COUNTS_AFTER or BY_KEY.get(figure) is None:
        raise Refusal(_("Choose what to check."))
    if not 1 <= wanted <= MOST:
        raise Refusal(_("Draw from 1 to %(most)d persons.") % {"most": MOST})
    if spread not in dict(SpotCheck.SPREADS):
        raise Refusal(_("Choose how the draw is spread."))
    open_one = SpotCheck.objects.filter(county=county, area_code=area_code, month=month, figure=figure, finished_at=None)
    if open_one.exists():
        raise Refusal(_("A check of the same place, month and figure is open. Finish it first; a draw is not thrown away."))


def _sizes(county, month, area_code, figure) -> dict[str, tuple[int, int]]:
    """{village: (counted version, how many persons the figure counts in it)}, of those that count any."""
    column = f"counted__{BY_KEY[figure].column}"
    rows = MonthlyReturn.objects.under(area_code).filter(county=county, month=month, counted__isnull=False)
    found = rows.order_by("village_id").values_list("village_id", "counted_id", column)
    return {village: (version, count) for village, version, count in found if count > 0}


def places_of(check: SpotCheck) -> list[tuple[str, int]]:
    """Whom the seed draws, as (village, position): the same at every asking."""
    sizes = {village: count for village, (_version, count) in check.drawn_from.items()}
    return drawn(sizes, check.wanted, check.seed, digits=check.spread)


def is_repeated(check: SpotCheck) -> bool:
    """Whether the draw, done again with its seed, gives the persons of the list."""
    return places_of(check) == sorted(check.people.values_list("village_id", "position"))


def _people(check: SpotCheck) -> list[SpotCheckPerson]:
    places = places_of(check)
    counted = _counted(check, {village for village, _position in places})
    return [
        SpotCheckPerson(
            check_of=check, county_id=check.county_id, month=check.month, number=number, village_id=village,
            version_id=check.drawn_from[village][0], position=position, **counted[village][position],
        )
        for number, (village, position) in enumerate(places, 1)
    ]


def _counted(check, villages) -> dict[str, list[dict]]:
    """{village: those whom the figure counts}, a group of n persons as n of them."""
    versions = [check.drawn_from[village][0] for village in villages]
    lines = FiledLine.objects.filter(version__in=versions, shares__has_key=check.figure).order_by("pk")
    columns = ["village_id", "worker_number", "group_number", "name", "destination", "started_on", "shares"]
    found: dict[str, list[dict]] = {village: [] for village in villages}
    for line in lines.only(*columns):
        found[line.village_id] += [_facts(line, number) for number in range(1, line.shares[check.figure] + 1)]
    return found


def _facts(line: FiledLine, number: int) -> dict:
    return {
        "worker_number": line.worker_number, "group_number": line.group_number, "name": line.name,
        "in_group": number if line.group_number else None, "destination": line.destination, "started_on": line.started_on,
    }


@transaction.atomic
def enter(check: SpotCheck, results: Mapping[int, dict], *, by) -> int:
    """Write down what was found: number on the list → outcome, answered_by, asked_on, note. How many rows changed."""
    by.must("check quality", at=check.area_code)
    check = _held(check)
    people = {person.number: person for person in check.people.select_related("village")}
    changed = [people[number] for number, said in results.items() if number in people and _says_more(people[number], said)]
    _must_not_have_filed(changed, by)
    for person in changed:
        _write(check, person, results[person.number], by)
    if changed:
        audit.record("entered a spot check", check, by=by, place=check.area_code, detail={"persons": len(changed)})
    return len(changed)


def _held(check: SpotCheck) -> SpotCheck:
    check = SpotCheck.objects.select_for_update(no_key=True).get(pk=check.pk)
    if not check.is_open:
        raise Refusal(_("This check is finished. Take it up again to change what was found."))
    return check


def _says_more(person, said: dict) -> bool:
    return bool(said.get("outcome")) and any(getattr(person, name) != said.get(name) for name in RESULT)


RESULT = ["outcome", "answered_by", "asked_on", "note"]


def _must_not_have_filed(people, by):
    """Nobody checks what they filed themselves, in whichever version."""
    returns = ReturnVersion.objects.filter(pk__in=[person.version_id for person in people]).values("ret")
    own = set(ReturnVersion.objects.filter(ret__in=returns, submitted_by=by).values_list("village_id", flat=True))
    names = sorted({person.village.label for person in people if person.village_id in own})
    if names:
        raise Refusal(_("You filed this month for %(villages)s yourself: somebody else has to check it.") % {
            "villages": _(", ").join(names),
        })


def _write(check, person, said: dict, by):
    outcome, asked_on = said["outcome"], said.get("asked_on")
    with plain_words():
        note = words(200)(said.get("note") or "") or ""
    if outcome not in dict(OUTCOMES):
        raise Refusal(_("No. %(number)d: choose what was found.") % {"number": person.number})
    if asked_on is None or not clock.today() >= asked_on >= _earliest(check):
        raise Refusal(_("No. %(number)d: the day of asking lies between %(first)s and today.") % {
            "number": person.number, "first": date_format(_earliest(check)),
        })
    answered_by = said.get("answered_by") or ""
    if outcome != NOT_REACHED and answered_by not in dict(codes.PHONE_OWNERS):
        raise Refusal(_("No. %(number)d: say who answered.") % {"number": person.number})
    person.outcome, person.answered_by, person.asked_on, person.note = outcome, answered_by, asked_on, note
    person.recounted = None if outcome == NOT_REACHED else int(outcome in COUNTS_AFTER[check.figure])
    person.entered_by, person.entered_at = by, clock.now()
    person.save()


def _earliest(check) -> date:
    return timezone.localtime(check.drawn_at).date()


@transaction.atomic
def finish(check: SpotCheck, *, by) -> SpotCheck:
    """From now on the factor stands beside the figures. Everybody of the list has a result, if only "not reached"."""
    by.must("check quality", at=check.area_code)
    check = _held(check)
    if left := check.people.filter(outcome="").count():
        raise Refusal(_("Still without a result: %(n)d. Who was not found is “not reached”.") % {"n": left})
    check.finished_by, check.finished_at = by, clock.now()
    check.save(update_fields=["finished_by", "finished_at"])
    audit.record("finished a spot check", check, by=by, place=check.area_code, detail={"month": str(check.month)})
    return check


@transaction.atomic
def take_up(check: SpotCheck, *, by, reason: str) -> SpotCheck:
    """A finished check is open again, for a slip of the pen; until it is finished again its factor is gone."""
    by.must("check quality", at=check.area_code)
    with plain_words():
        reason = words(200, missing=_("Say why the check is taken up again."))(reason)
    # Held, so that of two who do it at the same moment the second finds what the first did.
    County.objects.select_for_update(no_key=True).get(pk=check.county_id)
    again = SpotCheck.objects.filter(pk=check.pk, finished_at__isnull=False)
    twin = SpotCheck.objects.filter(
        county=check.county_id, area_code=check.area_code, month=check.month, figure=check.figure, finished_at=None
    )
    if twin.exists() or not again.update(finished_by=None, finished_at=None):
        raise Refusal(_("This check, or another of the same place, month and figure, is open."))
    audit.record("took up a spot check", check, by=by, place=check.area_code, detail={"reason": reason})
    return SpotCheck.objects.get(pk=check.pk)


def at_once(check: SpotCheck) -> int:
    """So many phones in full, as of any list that leaves without a second person."""
    return limit(check.county_id, is_full=True)


@transaction.atomic
def reveal_phones(check: SpotCheck, phones: Mapping[int, Phone], *, by, reason: str, address: str = "") -> Mapping[int, Phone]:
    """The full numbers of those who were drawn, for the officer who drew them and for a reason.

    `phones`: worker's number → phone. Each stands in the trail as every number that is shown.
    """
    by.must("reveal numbers", at=check.area_code)
    if not phones:
        raise Refusal(_("Of those without a result nobody has a phone."))
    if len(phones) > at_once(check):
        raise Refusal(_("No more than %(n)d phones are shown in full at once.") % {"n": at_once(check)})
    if check.drawn_by_id != by.pk:
        raise Refusal(_("Only the officer who drew the persons prints their phones in full."))
    with plain_words():
        reason = words(200)(reason) or ""
    if not reason:
        raise Refusal(_("Say what you need the numbers for."))
    detail = {"what": "phone", "reason": reason} | ({"address": address} if address else {})
    audit.record("revealed", check, by=by, place=check.area_code, detail=detail | {"persons": len(phones)})
    for phone in phones.values():
        audit.record("revealed", phone.worker, by=by, place=phone.worker.village_id, detail=detail)
    return phones

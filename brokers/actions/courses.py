"""Courses for brokers: holding one, who goes there, and who passed."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from brokers.actions import filing
from brokers.columns import COURSE_BY_NAME
from brokers.models import Attendance, Broker, Course
from laborreg import clock
from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit
from villages.models import County

LONGEST = 366
AHEAD = 2


@dataclass(frozen=True)
class Result:
    """What is said of one who was on the list. Who passed was there; no number: the next free one."""

    was_there: bool = False
    has_passed: bool = False
    certificate_number: str = ""
    expires_on: date | None = None


@transaction.atomic
def start_course(*, by, place_code, **facts) -> Course:
    """A course for the brokers of a township, or of the whole county."""
    by.must("check brokers", at=place_code)
    course = Course(county_id=place_code[:6], place_code=place_code, by=by, at=clock.now())
    _write(course, facts)
    _keep(course)
    audit.record("started a course", course, by=by, place=place_code, detail={"on": course.from_on.isoformat()})
    return course


@transaction.atomic
def edit_course(course, *, by, version, **changes) -> Course:
    """As long as nobody has a result: a certificate says of which course it is."""
    by.must("check brokers", at=course.place_code)
    _claim(course, version)
    course = Course.objects.get(pk=course.pk)
    if course.has_results:
        raise Refusal(_("Results of this course are recorded; it cannot be changed any more."))
    _write(course, changes)
    _keep(course)
    audit.record("edited a course", course, by=by, place=course.place_code, detail={"changed": sorted(changes)})
    return course


def _write(course, facts):
    with plain_words():
        for name, value in facts.items():
            setattr(course, name, COURSE_BY_NAME[name].clean(value))
    must_be_days_of_a_course(course.from_on, course.to_on)


def must_be_days_of_a_course(first, last):
    if last < first:
        raise Refusal(_("The last day lies before the first."))
    if (last - first).days > LONGEST or first.year > clock.today().year + AHEAD:
        raise Refusal(_("Check the years of the two days."))


def must_be_over(last):
    if last > clock.today():
        raise Refusal(_("The course ends on %(day)s; results are recorded from that day on.") % {"day": last})


def _keep(course):
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as error:
        sentence = _("A course “%(name)s” begins on %(day)s already.")
        raise Refusal(sentence % {"name": course.name, "day": course.from_on}) from error


def _claim(course, version):
    """The second of two who save is told."""
    if not Course.objects.filter(pk=course.pk, version=version).update(version=F("version") + 1):
        raise Stale(Course.objects.get(pk=course.pk))


@transaction.atomic
def add_to_course(course, brokers, *, by) -> list[Attendance]:
    """They are expected at the course."""
    by.must("check brokers", at=course.place_code)
    found = Broker.objects.valid().under(course.place_code).filter(pk__in=[broker.pk for broker in brokers])
    found = list(found.order_by("village_id", "name"))
    if not found:
        raise Refusal(_("Choose who goes to the course."))
    for broker in found:
        if broker.stopped_on:
            raise Refusal(_("%(name)s does not work as a broker any more.") % {"name": broker.name})
    try:
        with transaction.atomic():
            facts = {"by": by, "at": clock.now()}
            made = Attendance.objects.bulk_create(Attendance(course=course, broker=broker, **facts) for broker in found)
    except IntegrityError as error:
        raise Refusal(_("One of them is on the list already. Look at it again.")) from error
    audit.record("added to a course", course, by=by, place=course.place_code, detail={"brokers": len(made)})
    return made


@transaction.atomic
def remove_from_course(course, attendances, *, by) -> int:
    """Whoever is not coming after all; one with a result stays."""
    by.must("check brokers", at=course.place_code)
    numbers = [attendance.pk for attendance in attendances]
    removed, _each = course.attendances.filter(pk__in=numbers, was_there__isnull=True).delete()
    if not removed:
        raise Refusal(_("Choose who is taken off the list; whoever has a result stays on it."))
    audit.record("removed from a course", course, by=by, place=course.place_code, detail={"brokers": removed})
    return removed


@transaction.atomic
def record_results(course, results: dict[int, Result], *, by, version) -> Course:
    """{attendance: result} of everybody on the list; a broker who was recommended and passed goes on to “trained”."""
    by.must("check brokers", at=course.place_code)
    must_be_over(course.to_on)
    # Numbers of certificates run through the county: one office after the other.
    County.objects.select_for_update(no_key=True).get(pk=course.county_id)
    _claim(course, version)
    rows = list(course.attendances.select_related("broker").order_by("pk"))
    if not rows or {row.pk for row in rows} != set(results):
        raise Refusal(_("The list has changed meanwhile. Look at it again."))
    _record(course, rows, results, by)
    passed = [row.broker for row in rows if row.has_passed]
    filing.trained(passed, by=by, on=course.to_on)
    detail = {"brokers": len(rows), "passed": len(passed)}
    audit.record("recorded results of a course", course, by=by, place=course.place_code, detail=detail)
    return Course.objects.get(pk=course.pk)


@transaction.atomic
def add_result(course, broker, result, *, by) -> Attendance:
    """Of one whose course is kept on a list elsewhere: put on the list here, with the result."""
    by.must("check brokers", at=course.place_code)
    must_be_over(course.to_on)
    if not broker.village_id.startswith(course.place_code):
        raise Refusal(_("The course is for brokers of another township."))
    County.objects.select_for_update(no_key=True).get(pk=course.county_id)
    row, _is_new = Attendance.objects.get_or_create(course=course, broker=broker, defaults={"by": by, "at": clock.now()})
    _record(course, [row], {row.pk: result}, by)
    if row.has_passed:
        filing.trained([broker], by=by, on=course.to_on)
    detail = {"brokers": 1, "passed": int(bool(row.has_passed))}
    audit.record("recorded results of a course", course, by=by, place=course.place_code, detail=detail)
    return row


def _record(course, rows, results, by):
    numbers = _given_numbers(course, rows, results)
    for row in rows:
        result = results[row.pk]
        row.was_there, row.has_passed = result.was_there or result.has_passed, result.has_passed
        row.certificate_number = numbers.get(row.pk, "")
        row.expires_on = result.expires_on if result.has_passed else None
        row.by, row.at = by, clock.now()
        if row.expires_on and row.expires_on <= course.to_on:
            told = {"name": row.broker.name, "day": row.expires_on}
            raise Refusal(_("The certificate of %(name)s would end on %(day)s, before the course is over.") % told)
    Attendance.objects.bulk_update(rows, ["was_there", "has_passed", "certificate_number", "expires_on", "by", "at"])


def _given_numbers(course, rows, results) -> dict[int, str]:
    """{attendance: number} of those who passed: as typed, else the next free ones."""
    others = _numbers(course.county_id).exclude(pk__in=[row.pk for row in rows])
    taken = set(others.values_list("certificate_number", flat=True))
    passed = [row for row in rows if results[row.pk].has_passed]
    given = {row.pk: results[row.pk].certificate_number for row in passed if results[row.pk].certificate_number}
    for row in passed:
        number = given.get(row.pk)
        if number and (number in taken or list(given.values()).count(number) > 1):
            raise Refusal(_("The number %(number)s of %(name)s is another certificate's.")
                          % {"number": number, "name": row.broker.name})
    free = _free_numbers(course.to_on.year, taken | set(given.values()))
    return {row.pk: given.get(row.pk) or next(free) for row in passed}


def next_number(course) -> str:
    """The number that is proposed: the year and a running number of the county."""
    taken = set(_numbers(course.county_id).values_list("certificate_number", flat=True))
    return next(_free_numbers(course.to_on.year, taken))


def _numbers(county_code):
    return Attendance.objects.filter(course__county=county_code).exclude(certificate_number="")


def _free_numbers(year, taken):
    """2026-0013, 2026-0014, … behind the highest that was given."""
    of_year = (number.removeprefix(f"{year}-") for number in taken if number.startswith(f"{year}-"))
    highest = max((int(rest) for rest in of_year if rest.isascii() and rest.isdigit() and len(rest) < 9), default=0)
    while True:
        highest += 1
        yield f"{year}-{highest:04}"

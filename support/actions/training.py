"""Training of workers: a course, who goes there, who passed; what was entered by mistake is voided."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brokers.actions.courses import must_be_days_of_a_course, must_be_over
from laborreg import clock
from laborreg.columns import words
from laborreg.refusals import Refusal, plain_words
from officers import audit
from support.codes import PASSED, RESULTS
from support.columns import TRAINING_BY_NAME
from support.models import TrainedWorker, TrainingCourse
from villages.models import County
from workers import standing
from workers.actions.keeping import claim, cleaned_reason, held_row
from workers.models import Worker

clean_certificate = words(40)


@dataclass(frozen=True)
class Outcome:
    """What is said of one on the list: a code of RESULTS, "" where it is not known yet."""

    result: str = ""
    certificate_number: str = ""


@transaction.atomic
def start_training(*, by, place_code, **facts) -> TrainingCourse:
    """A course for the workers of a township, or of the whole county."""
    by.must("record training", at=place_code)
    course = TrainingCourse(county_id=place_code[:6], place_code=place_code, by=by, at=clock.now())
    _write(course, facts)
    _keep(course)
    audit.record("started a training", course, by=by, place=place_code, detail={"on": course.begins_on.isoformat()})
    return course


@transaction.atomic
def edit_training(course, *, by, version, **changes) -> TrainingCourse:
    """As long as nobody has a result: a certificate says of which course it is."""
    course = _held(course, by)
    claim(course, version)
    if course.has_results:
        raise Refusal(_("Results of this course are recorded; it cannot be changed any more."))
    _write(course, changes)
    _keep(course)
    audit.record("edited a training", course, by=by, place=course.place_code, detail={"changed": sorted(changes)})
    return course


def _held(course, by) -> TrainingCourse:
    """The course as it is now, locked; one that was voided is done with."""
    course = held_row(course)
    by.must("record training", at=course.place_code)
    if course.voided_at:
        raise Refusal(_("This course was voided."))
    return course


def _write(course, facts):
    with plain_words():
        for name, value in facts.items():
            setattr(course, name, TRAINING_BY_NAME[name].clean(value))
    must_be_days_of_a_course(course.begins_on, course.ends_on)


def _keep(course):
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as error:
        sentence = _("A course “%(name)s” begins on %(day)s already.")
        raise Refusal(sentence % {"name": course.subject, "day": course.begins_on}) from error


@transaction.atomic
def add_to_training(course, workers, *, by) -> list[TrainedWorker]:
    """They are expected at the course: workers registered at the place that it is held for."""
    course = _held(course, by)
    found = Worker.objects.valid().under(course.place_code).filter(pk__in=[worker.pk for worker in workers])
    found = list(standing.registered(found, clock.today()).order_by("village_id", "name_pinyin", "pk"))
    if not found:
        raise Refusal(_("Choose who goes to the course."))
    try:
        with transaction.atomic():
            facts = {"county_id": course.county_id, "course": course, "by": by, "at": clock.now()}
            made = TrainedWorker.objects.bulk_create(TrainedWorker(worker=worker, **facts) for worker in found)
    except IntegrityError as error:
        raise Refusal(_("One of them is on the list already. Look at it again.")) from error
    audit.record("added to a training", course, by=by, place=course.place_code, detail={"workers": len(made)})
    return made


@transaction.atomic
def record_training(course, outcomes: dict[int, Outcome], *, by, version) -> TrainingCourse:
    """{row: outcome} of everybody on the list; said again, it is corrected."""
    course = _held(course, by)
    must_be_over(course.ends_on)
    claim(course, version)
    rows = list(course.trained.valid().select_related("worker").order_by("pk"))
    if not rows or {row.pk for row in rows} != set(outcomes):
        raise Refusal(_("The list has changed meanwhile. Look at it again."))
    for row in rows:
        _say(row, outcomes[row.pk], by)
    _must_be_numbered_once(course, rows)
    for row in rows:
        row.save(update_fields=["result", "certificate_number", "by", "at"])
    passed = sum(row.result == PASSED for row in rows)
    detail = {"workers": len(rows), "passed": passed}
    audit.record("recorded results of a training", course, by=by, place=course.place_code, detail=detail)
    return course


def _say(row, outcome, by):
    if outcome.result not in ("", *dict(RESULTS)):
        raise Refusal(_("Choose the result of %(name)s.") % {"name": row.worker.name})
    with plain_words():
        number = clean_certificate(outcome.certificate_number)
    if number and outcome.result != PASSED:
        raise Refusal(_("%(name)s has a certificate without having passed.") % {"name": row.worker.name})
    row.result, row.certificate_number, row.by, row.at = outcome.result, number, by, clock.now()


def _must_be_numbered_once(course, rows):
    """Of two at the same moment one waits for the county."""
    County.objects.select_for_update(no_key=True).get(pk=course.county_id)
    given = [row.certificate_number for row in rows if row.certificate_number]
    others = TrainedWorker.objects.valid().filter(course__county=course.county_id, certificate_number__in=given)
    taken = set(others.exclude(course=course).values_list("certificate_number", flat=True))
    for row in rows:
        if row.certificate_number and (row.certificate_number in taken or given.count(row.certificate_number) > 1):
            told = {"number": row.certificate_number, "name": row.worker.name}
            raise Refusal(_("The number %(number)s of %(name)s is another certificate's.") % told)


@transaction.atomic
def void_training(course, reason, *, by) -> TrainingCourse:
    """A course that never was: nobody on its list counts as trained by it."""
    course = _held(course, by)
    _void(course, reason, by)
    detail = {"workers": course.trained.filter(voided_at__isnull=True).count(), "reason": course.void_reason}
    audit.record("voided a training", course, by=by, place=course.place_code, detail=detail)
    return course


@transaction.atomic
def void_trained(rows, reason, *, by) -> int:
    """Off the list of their course, with whatever result; the rows stay for who asks."""
    rows = list(rows)
    if not rows:
        raise Refusal(_("Choose who is taken off the list."))
    course = _held(rows[0].course, by)
    held = course.trained.valid().filter(pk__in=[row.pk for row in rows]).select_related("worker")
    for row in held:
        _void(row, reason, by)
    detail = {"workers": len(held), "reason": cleaned_reason(reason)}
    audit.record("took off a training", course, by=by, place=course.place_code, detail=detail)
    return len(held)


def _void(row, reason, by):
    row.voided_at, row.voided_by, row.void_reason = clock.now(), by, cleaned_reason(reason)
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])

"""Courses that train workers for work away from home or for a business of their own, and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from brokers.models.courses import CourseQuerySet
from laborreg import clock
from laborreg.codes import CodeField, under_any
from support.codes import RESULTS, TRAINING_KINDS
from villages.models import County
from villages.scope import ScopedQuerySet
from workers.models import Worker

_VOIDED = (
    Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
    | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""))
)


class TrainingCourseQuerySet(CourseQuerySet):
    def valid(self):
        return self.filter(voided_at__isnull=True)


class Voidable(models.Model):
    """Nothing is deleted: what was entered by mistake is voided with the reason."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class TrainingCourse(Voidable):
    """A course for workers, held for a township or the whole county by whoever is named as its organizer."""

    county = models.ForeignKey(County, models.PROTECT)
    place_code = CodeField(max_length=9)
    kind = models.CharField(_("kind"), max_length=10, choices=TRAINING_KINDS)
    subject = models.CharField(_("subject"), max_length=80)
    organizer = models.CharField(_("organizer"), max_length=80, blank=True)
    venue = models.CharField(_("place"), max_length=80, blank=True)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.PositiveSmallIntegerField(_("hours"))
    version = models.PositiveIntegerField(default=1)

    scope_column = "place_code"
    objects = TrainingCourseQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="training_course_once", fields=["county", "place_code", "kind", "subject", "begins_on"],
                condition=Q(voided_at__isnull=True),
            ),
            models.CheckConstraint(name="training_course_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(name="training_course_has_hours", condition=Q(hours__gte=1)),
            models.CheckConstraint(name="training_course_voided_with_a_reason", condition=_VOIDED),
        ]

    def __str__(self):
        return self.subject

    @property
    def is_over(self) -> bool:
        return self.ends_on <= clock.today()

    @property
    def has_results(self) -> bool:
        return self.trained.valid().exclude(result="").exists()


class TrainedWorkerQuerySet(ScopedQuerySet):
    """A person entered twice and merged is one: the entry that stays tells who it is and where at home."""

    def with_person(self):
        return self.annotate(
            person=Coalesce("worker__merged_into_id", "worker_id"),
            home=Coalesce("worker__merged_into__village_id", "worker__village_id"),
        )

    def visible_to(self, officer):
        super().visible_to(officer)
        return self.with_person().filter(under_any("home", officer.posts))

    def under(self, code):
        return self.with_person().filter(under_any("home", [code]))

    def valid(self):
        return self.filter(
            voided_at__isnull=True, course__voided_at__isnull=True, worker__voided_at__isnull=True,
            worker__merged_into__voided_at__isnull=True,
        )

    def of_person(self, worker):
        return self.with_person().filter(person=worker.pk)


class TrainedWorker(Voidable):
    """A worker on the list of a course; no result until the course is over.

    The village is the worker's own, so that a move takes the training along.
    """

    # The county that holds the course.
    county = models.ForeignKey(County, models.PROTECT, related_name="+", db_index=False)
    course = models.ForeignKey(TrainingCourse, models.PROTECT, related_name="trained")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="trainings")
    result = models.CharField(_("result"), max_length=10, choices=RESULTS, blank=True)
    certificate_number = models.CharField(_("certificate number"), max_length=40, blank=True)

    scope_column = "worker__village_id"
    objects = TrainedWorkerQuerySet.as_manager()

    class Meta:
        ordering = ["course", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="trained_once_a_course", fields=["county", "course", "worker"], condition=Q(voided_at__isnull=True)
            ),
            models.CheckConstraint(
                name="trained_certificate_of_who_passed", condition=Q(result="passed") | Q(certificate_number="")
            ),
            models.CheckConstraint(name="trained_voided_with_a_reason", condition=_VOIDED),
        ]

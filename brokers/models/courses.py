"""Courses for labor brokers: who was there, who passed, and until when the certificate holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brokers.models.brokers import Broker
from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet


class CourseQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """The courses of the officer's places and of the places above: a village's broker goes to the county's course."""
        visible = super().visible_to(officer)
        above = {post[:length] for post in officer.posts for length in (6, 9)}
        return visible | self.filter(place_code__in=above)


class Course(models.Model):
    """A course of some hours at a place, held by a station or the bureau."""

    county = models.ForeignKey(County, models.PROTECT)
    place_code = CodeField(max_length=9)
    name = models.CharField(_("name"), max_length=80)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    trainer = models.CharField(_("trainer"), max_length=60, blank=True)
    venue = models.CharField(_("place"), max_length=80, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"))
    from_on = models.DateField(_("first day"))
    to_on = models.DateField(_("last day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    scope_column = "place_code"
    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(name="course_once", fields=["county", "place_code", "name", "from_on"]),
            models.CheckConstraint(name="course_ends_after_it_starts", condition=Q(to_on__gte=F("from_on"))),
            models.CheckConstraint(name="course_has_hours", condition=Q(hours__gte=1)),
        ]

    def __str__(self):
        return self.name

    @property
    def has_results(self) -> bool:
        return self.attendances.filter(was_there__isnull=False).exists()


class AttendanceQuerySet(ScopedQuerySet):
    def passed(self):
        return self.filter(has_passed=True)

    def last_certificates(self):
        """Those passed that no later one of the same broker outlives."""
        longer = Q(expires_on__isnull=True) | Q(expires_on__gt=models.OuterRef("expires_on"))
        outlived = Attendance.objects.passed().filter(longer, broker=models.OuterRef("broker"))
        return self.passed().filter(~models.Exists(outlived), expires_on__isnull=False)


class Attendance(models.Model):
    """A broker at a course. `has_passed` is not known until the course is over."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances")
    broker = models.ForeignKey(Broker, models.PROTECT, related_name="attendances")
    was_there = models.BooleanField(_("was there"), null=True)
    has_passed = models.BooleanField(_("passed"), null=True)
    certificate_number = models.CharField(_("certificate number"), max_length=30, blank=True)
    expires_on = models.DateField(_("holds until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    scope_column = "broker__village_id"
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["course", "pk"]
        constraints = [
            models.UniqueConstraint(name="attendance_once_a_course", fields=["course", "broker"]),
            models.CheckConstraint(
                name="attendance_passed_who_was_there", condition=~Q(has_passed=True) | Q(was_there=True)
            ),
            models.CheckConstraint(
                name="attendance_certificate_of_who_passed",
                condition=Q(has_passed=True) | Q(certificate_number="", expires_on__isnull=True),
            ),
        ]

    def holds_on(self, day) -> bool:
        """Passed, and not expired; `brokers.filing.passes` asks the same of the database."""
        return bool(self.has_passed) and (self.expires_on is None or self.expires_on >= day)

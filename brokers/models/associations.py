"""The county's association of labor brokers: a branch in every township, its members and their posts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.models.brokers import Broker
from laborreg.codes import under_any
from villages.models import County, Township
from villages.scope import ScopedQuerySet


class Association(models.Model):
    """One a county; every township of the county is a branch."""

    county = models.OneToOneField(County, models.PROTECT, primary_key=True, related_name="association")
    name = models.CharField(_("name"), max_length=80)
    founded_on = models.DateField(_("founded on"))

    def __str__(self):
        return self.name


class MembershipQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """The branches of the officer's townships; of a village only its own brokers."""
        return super().visible_to(officer) | self.filter(under_any("broker__village_id", officer.posts))

    def current(self):
        """Nobody joins or leaves on a day to come, so who has not left is a member today."""
        return self.filter(left_on__isnull=True, broker__merged_into__isnull=True)


class Membership(models.Model):
    """A broker in a branch: [joined_on, left_on)."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    township = models.ForeignKey(Township, models.PROTECT, related_name="memberships", verbose_name=_("branch"))
    broker = models.ForeignKey(Broker, models.PROTECT, related_name="memberships")
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    scope_column = "township_id"
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="membership_one_at_a_time", fields=["broker"], condition=Q(left_on__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("joined_on")),
            ),
        ]


class PostQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(to_on__isnull=True)


class Post(models.Model):
    """What a member is in the association: [from_on, to_on). County and branch are the membership's."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="posts")
    kind = models.CharField(_("post"), max_length=12, choices=codes.POSTS)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    scope_column = "township_id"
    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="post_one_president", fields=["county"], condition=Q(kind="president", to_on__isnull=True)
            ),
            models.UniqueConstraint(
                name="post_one_branch_head", fields=["county", "township"],
                condition=Q(kind="branch_head", to_on__isnull=True),
            ),
            models.UniqueConstraint(
                name="post_once_at_a_time", fields=["membership", "kind"], condition=Q(to_on__isnull=True)
            ),
            models.CheckConstraint(
                name="post_ends_after_it_starts", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
        ]

"""Tables that somebody saved to ask again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from officers import scope
from villages.models import County

MINE, OFFICE, COUNTY = "mine", "office", "county"


class SavedTableQuerySet(models.QuerySet):
    def visible_to(self, officer):
        """One's own, those that one's office keeps, and those that somebody shares with the county."""
        scope.asked.set(True)
        counties = {code[:6] for code in officer.posts}
        shared = Q(sharing=COUNTY, county__in=counties) | Q(sharing=OFFICE, office_code__in=officer.posts)
        return self.filter(Q(owner=officer, county__in=counties) | shared)


class SavedTable(models.Model):
    """A question under a name; it shows nobody anything: who asks it is answered as far as their own places go."""

    SHARING = [(MINE, _("Only me")), (OFFICE, _("My office")), (COUNTY, _("The whole county"))]

    county = models.ForeignKey(County, models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_tables")
    name = models.CharField(_("name"), max_length=60)
    sharing = models.CharField(_("who sees it"), max_length=6, choices=SHARING, default=MINE)
    # Where the owner was posted when it was saved.
    office_code = CodeField(max_length=12)
    # As reports.tables.asking.read takes it; held against the allow-lists whenever it is opened.
    question = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = SavedTableQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="saved_table_name_once", fields=["county", "owner", "name"]),
            models.CheckConstraint(name="saved_table_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["county", "sharing"])]

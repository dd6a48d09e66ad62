"""Staged rows of counts become unnamed groups, registered in their villages."""

from collections import Counter

from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from laborreg import bulk, clock
from villages.models import Lineage, Village
from workers.models import Registration, StagedRow, UnnamedGroup
from workers.sheets.cleaning import encoded
from workers.sheets.counts.judging import FACTS, Known
from workers.sheets.tables import Table


def persons_in(batch) -> int:
    """How many persons those rows count that are to be written."""
    persons = Cast(KT("values__persons"), IntegerField())
    return batch.rows.filter(verdict="new").aggregate(n=Sum(persons))["n"] or 0


class CountsTaker:
    """Fills the tables with the rows of one batch, page by page."""

    def __init__(self, batch, by):
        moment = clock.now()
        self.batch, self.counts = batch, Counter()
        self.tables = {model: Table(model, by, moment) for model in (UnnamedGroup, Registration)}
        self.groups, self.registrations = self.tables.values()
        self.entered = {"county_id": batch.county_id, "created_at": self.groups.moment, "created_by_id": by.pk}
        self.meanwhile = CountsMeanwhile(batch)

    def take(self, page):
        written = []
        for row in page:
            group = self._record(row.values)
            written.append((encoded({"group": group}), self.batch.pk, row.number))
        self.groups.flush()
        self.registrations.flush()
        bulk.update(StagedRow, ["written"], ["batch", "number"], written)

    def _record(self, values) -> int:
        facts = {name: values[name] for name in FACTS if name in values}
        village, persons = values["village"], values["persons"]
        group = self.groups.add(village_id=village, persons=persons, **facts, **self.entered)
        self.registrations.add(county_id=self.batch.county_id, group_id=group, village_id=village)
        self.meanwhile.ours.add(group)
        self.counts += Counter(rows=1, groups=1, persons=persons)
        return group


class CountsMeanwhile:
    """What became of the villages and their groups between the preview and the commit.

    The villages are locked: nothing forbids two equal groups, so two files of the same counts go one after the other.
    """

    def __init__(self, batch):
        self.batch, self.known = batch, Known()
        # Groups that the commit itself has written.
        self.ours: set[int] = set()
        villages = set(batch.rows.filter(verdict="new").values_list("values__village", flat=True))
        list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        ended = Lineage.objects.filter(old__in=villages, kind__in=Lineage.ENDING)
        self.ended = set(ended.values_list("old_id", flat=True))

    def moved(self, page) -> dict[int, str]:
        """Rows that must be left out, by number, each with the sentence that says why."""
        self.known.read({row.values["village"] for row in page})
        return {row.number: words for row in page if (words := self._of(row.values))}

    def _of(self, values) -> str:
        if not values["village"].startswith(self.batch.place_code):
            return _("The village is not one of the place whose sheet this is.")
        if values["village"] in self.ended:
            return _("The village became part of another meanwhile.")
        known = {group.pk for group in self.known.alike(values)} - self.ours
        if known - set(values.get("seen", ())):
            return _("Somebody recorded a group like this after the file was read.")
        return ""

"""Sheets on their way into the ledger: a batch is one file, its rows staged as they would be written."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet
from workers import codes


class Matching(models.Model):
    """Which column of an office's sheet is which of ours, kept under the shape of its header."""

    place_code = CodeField(max_length=12)
    kind = models.CharField(max_length=10, choices=codes.SHEET_KINDS)
    name = models.CharField(_("name"), max_length=60)
    # SHA-256 of the headings in order, cleaned of spaces.
    shape = models.CharField(max_length=64)
    # Place of the column in the sheet, from 0 → name of ours.
    columns = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    scope_column = "place_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="matching_once_a_shape", fields=["place_code", "kind", "shape"]),
        ]


class Batch(models.Model):
    """One file on its way: uploaded, matched, staged as a preview, committed; perhaps undone."""

    county = models.ForeignKey(County, models.PROTECT)
    # The post of the officer who brought it: nothing outside is touched.
    place_code = CodeField(max_length=12)
    kind = models.CharField(_("what"), max_length=10, choices=codes.SHEET_KINDS)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    # Under the data folder; emptied when the file is thrown away after a week.
    stored_as = models.CharField(max_length=80, blank=True)
    # The same file with its faults marked, there as soon as the worker has made it; emptied when the rows change.
    marked_as = models.CharField(max_length=80, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    sheet = models.CharField(max_length=100, blank=True)
    # As the file numbers its rows, from 1; the header may stand on several.
    header_row = models.PositiveIntegerField(null=True)
    columns = models.JSONField(default=dict)
    takes_good_rows = models.BooleanField(default=True)

    state = models.CharField(max_length=10, choices=codes.BATCH_STATES, default="uploaded")
    rows_done = models.PositiveIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(default=0)
    # By verdict, and by problem; kept so that a page need not count the rows.
    counts = models.JSONField(default=dict)
    # Why it failed, in the officer's words.
    failure = models.CharField(max_length=300, blank=True)
    # SHA-256 over the rows as staged: what was previewed is what was committed.
    rows_hash = models.CharField(max_length=64, blank=True)
    staged_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The later import that must be undone first; beside `failure`, which says so.
    in_the_way = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    scope_column = "place_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="batch_committed_by_somebody",
                condition=Q(committed_at__isnull=True, committed_by__isnull=True)
                | Q(committed_at__isnull=False, committed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_undone_after_it_was_committed",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, committed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.file_name


class EncodedField(models.JSONField):
    """JSON from our own encoder alone: reading each text once more for its check is a third of what its insert costs."""

    def db_check(self, connection):
        return None


class StagedRowQuerySet(models.QuerySet):
    def suffering_from(self, codes, column=None, text=None):
        """Rows with one of these problems, the weightiest or not; in a column, and with a text found there."""
        found, asked = [f"{_told(1)} IN ({', '.join(['%s'] * len(codes))})"], list(codes)
        for place, said in ((0, column), (3, text)):
            if said is not None:
                found.append(f"{_told(place)} = %s")
                asked.append(said)
        each = "jsonb_array_elements" if connection.vendor == "postgresql" else "json_each"
        of_row = f"{each}({connection.ops.quote_name(self.model._meta.db_table)}.problems) AS told"
        sql = f"EXISTS (SELECT 1 FROM {of_row} WHERE {' AND '.join(found)})"
        return self.filter(RawSQL(sql, asked, output_field=models.BooleanField()))


def _told(place) -> str:
    """One part of a problem: its column, code, words, text found."""
    return f"(told.value ->> {place})" if connection.vendor == "postgresql" else f"json_extract(told.value, '$[{place}]')"


class StagedRow(models.Model):
    """One row of a batch: what stood in the file, what it means, and what becomes of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    # As the file numbers its rows, from 1.
    number = models.PositiveIntegerField()
    # The cells as text, in the order of the sheet; those that were mended in the preview replace the file's.
    cells = EncodedField(default=list)
    # Name of our column → value as JSON; an ID number stands here enciphered only.
    values = EncodedField(default=dict)
    verdict = models.CharField(max_length=7, choices=codes.VERDICTS)
    # The first problem's code; all of them stand in `problems` as [column, code, words, text found].
    problem = models.CharField(max_length=30, blank=True)
    problems = EncodedField(default=list)
    # What was put into our form without changing its meaning: [column, from, to].
    normalized = EncodedField(default=list)
    # Of a changed row: name of our column → [old, new].
    changes = EncodedField(default=dict)
    # The worker that the row is about and that worker's version at the preview; of a new one, after the commit.
    worker_number = models.BigIntegerField(null=True)
    worker_version = models.PositiveIntegerField(null=True)
    # What the commit made or changed, so that it can be undone: {table: [numbers]} and the values of before.
    written = EncodedField(default=dict)

    # Where laborreg.rotating finds cipher text: the column, and the names that it stands under.
    ENCIPHERED = ("values", ("id", "head_id", "account"))

    objects = StagedRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="staged_row_once", fields=["batch", "number"])]
        indexes = [models.Index(fields=["batch", "verdict", "problem", "number"])]

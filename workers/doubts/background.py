"""Looking for doubts after a sheet was taken in or back: too many people for the transaction that writes them."""

from django_tasks import task

from workers.doubts import finding
from workers.models import StagedRow, Worker


@task()
def look_through(codes):
    """Everybody of some villages again."""
    for code in codes:
        finding.find(code)


def look_through_later(batch):
    """Put down, with the transaction that writes or takes back a batch, the villages whose people its rows are about."""
    rows = StagedRow.objects.filter(batch=batch, worker_number__isnull=False, verdict__in=["new", "changed"])
    people = Worker.objects.filter(pk__in=rows.values("worker_number"))
    if codes := sorted(people.order_by().values_list("village_id", flat=True).distinct()):
        look_through.enqueue(codes)

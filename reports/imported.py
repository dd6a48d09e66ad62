"""What returns say of people whom a sheet brought."""

from datetime import datetime

from django.utils.translation import ngettext

from reports.models import MonthlyReturn, ReturnVersion
from villages.models import Village

NAMED = 3


def submitted_since(villages: set[str], moment: datetime) -> str:
    """Why an import of that moment cannot be undone: returns of its villages that were submitted since; "" if none."""
    versions = ReturnVersion.objects.filter(
        village__in=villages, submitted_at__gte=moment, ret__state__in=MonthlyReturn.IN
    )
    codes = sorted(set(versions.values_list("village_id", flat=True)))
    if not codes:
        return ""
    names = [village.label for village in Village.objects.filter(pk__in=codes[:NAMED]).order_by("pk")]
    words = {"villages": len(codes), "names": ", ".join(names) + ("…" if len(codes) > NAMED else "")}
    return ngettext(
        "Too late to undo: %(villages)s village (%(names)s) has submitted a return since, which counts these people.",
        "Too late to undo: %(villages)s villages (%(names)s) have submitted a return since, which counts these people.",
        len(codes),
    ) % words

"""The signed and stamped paper of a month: taken in by what it holds, not by what it is called."""

from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from reports.models import Scan
from villages.models import County

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
# Scanners and printers put a few lines of their own behind the end of a file.
TAIL = 2048


def kind_of(content: bytes) -> str:
    """pdf, jpeg or png, where beginning and end are such a file's; "" for anything else."""
    tail = content[-TAIL:]
    if content.startswith(b"%PDF-") and b"%%EOF" in tail:
        return "pdf"
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail:
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and b"IEND\xae\x42\x60\x82" in tail:
        return "png"
    return ""


@transaction.atomic
def attach(area, month: Month, *, by, file) -> Scan:
    """Keep the paper of a township (by its station) or of the county; an earlier one stays listed."""
    by.must("lock" if area.level == "county" else "report up", at=area)
    # Held: of two clicks the second finds what the first attached.
    county = County.objects.select_for_update(no_key=True).get(pk=area.code[:6])
    if not county.months.filter(month=month).exists():
        raise Refusal(_("%(month)s is not opened.") % {"month": month.label})
    if file is None or not file.size:
        raise Refusal(_("Choose a file."))
    if file.size > Scan.MOST_BYTES:
        raise Refusal(_("The file is larger than 10 MB. Scan it in gray or with fewer dots per inch."))
    content = file.read()
    kind = kind_of(content)
    if not kind:
        raise Refusal(_("This is no PDF or picture. Scan or photograph the paper as PDF, JPEG or PNG."))
    digest = sha256(content).hexdigest()
    newest = of(area.code, month).first()
    if newest and newest.sha256 == digest:
        raise Refusal(_("This paper is attached already."))
    scan = Scan.objects.create(
        county=county, area_code=area.code, month=month, kind=kind, content=content, size=len(content),
        sha256=digest, by=by, at=clock.now(),
    )
    _record("attached a scan", scan, by)
    return scan


def fetched(scan: Scan, *, by) -> bytes:
    """The paper, for who may see its area; who looked is in the trail."""
    by.must("approve", at=scan.area_code)
    _record("fetched a scan", scan, by)
    return bytes(scan.content)


def _record(verb, scan, by):
    audit.record(verb, scan, by=by, place=scan.area_code, detail={
        "month": str(scan.month), "kind": scan.kind, "bytes": scan.size, "hash": scan.sha256,
    })


def count(area_code: str, month: Month) -> int:
    return Scan.objects.filter(area_code=area_code, month=month).count()


def of(area_code: str, month: Month):
    """The papers of an area's month without what they hold, the newest first."""
    return Scan.objects.filter(area_code=area_code, month=month).defer("content").select_related("by")

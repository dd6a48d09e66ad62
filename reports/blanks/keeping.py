"""Blanks kept by the county: uploaded after a look at what they hold, bound, filled, retired; each with its trail."""

import tempfile
from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from laborreg.sheets import child, package
from laborreg.sheets.faults import NotTaken
from laborreg.sheets.package import Package, readable
from officers import audit
from reports.actions.steps import without_numbers
from reports.blanks import keys
from reports.blanks.bindings import Bindings, why_not
from reports.blanks.filling import Filled, fill
from reports.blanks.showing import headings, page_of
from reports.blanks.values import Values
from reports.models import Binding, Blank, BlankVersion, FilledBlank
from villages.models import County

LOOK_SECONDS, LOOK_MEGABYTES = 30, 1_000
NAME_LENGTH = 60


def checked(content: bytes) -> Bindings:
    """The bindings written in a workbook that was looked at in a process of its own; refuses every fault at once."""
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(content)
        kept.flush()
        child.run(package.look, kept.name, seconds=LOOK_SECONDS, megabytes=LOOK_MEGABYTES, bare=True)
    with readable():
        found = Bindings(Package(content))
        if not found.grids:
            raise NotTaken("no_sheet")
        for name, grid in found.grids.items():
            page_of(grid, found)
            if not found.of(name):
                found.grids.close(name)
    found.must_hold()
    return found


def _content(file) -> bytes:
    if file is None:
        raise Refusal(_("Choose a file."))
    if not file.size:
        raise NotTaken("empty")
    if file.size > BlankVersion.MOST_BYTES:
        raise NotTaken("too_large", size=10)
    return file.read()


def upload(county: County, *, by, name: str, file, note: str = "") -> Blank:
    """A new blank with its first version."""
    by.must("export", at=county)
    name = " ".join(name.split())[:NAME_LENGTH]
    if not name:
        raise Refusal(_("Give the workbook a name."))
    content = _content(file)
    bindings = checked(content)
    with transaction.atomic():
        County.objects.select_for_update(no_key=True).get(pk=county.pk)
        if county.blanks.filter(name=name, retired_at=None).exists():
            raise Refusal(_("There is a workbook of this name. Open it and upload the new version there."))
        blank = Blank.objects.create(county=county, name=name, note=note)
        _keep(blank, 1, content, file.name, bindings, by)
    return blank


def upload_version(blank: Blank, *, by, file) -> BlankVersion:
    """A new version; it takes over the bindings that still fit and names those that do not."""
    by.must("export", at=blank.county_id)
    content = _content(file)
    bindings = checked(content)
    with transaction.atomic():
        Blank.objects.select_for_update(no_key=True).get(pk=blank.pk)
        before = blank.newest
        if before.sha256 == sha256(content).hexdigest():
            raise Refusal(_("This file is the newest version already."))
        made = _keep(blank, before.number + 1, content, file.name, bindings, by)
        _inherit(before, made, bindings)
    return made


def _keep(blank, number, content, file_name, bindings, by) -> BlankVersion:
    version = BlankVersion.objects.create(
        county_id=blank.county_id, blank=blank, number=number, file_name=(file_name or "")[-255:],
        content=content, size=len(content),
        sha256=sha256(content).hexdigest(), written=_written(bindings), uploaded_by=by, uploaded_at=clock.now(),
    )
    _record("uploaded a blank", blank, by, version=number, bytes=version.size, hash=version.sha256)
    return version


def _written(bindings) -> list:
    return [[sheet, cell, bindings.grids[sheet].text(cell)] for sheet, cell in bindings.bound]


def _inherit(before, version, bindings):
    old = Package(bytes(before.content))
    grids = Bindings(old).grids
    fitting, lost = [], []
    for each in before.bindings.all():
        if reason := _misfit(each, grids, bindings):
            lost.append([each.sheet, each.cell, each.key, reason])
        else:
            fitting.append(Binding(
                county_id=version.county_id, version=version, sheet=each.sheet, cell=each.cell, key=each.key,
                repeats=each.repeats,
            ))
    Binding.objects.bulk_create(fitting)
    if lost:
        version.lost = lost
        version.save(update_fields=["lost"])


def _misfit(binding, grids, bindings) -> str:
    """Why a binding of the version before does not fit; one whose headings changed would put a figure under another's."""
    grid = bindings.grids.get(binding.sheet)
    if grid is None:
        return _("There is no such sheet.")
    if (binding.sheet, binding.cell) in bindings.bound:
        return _("The new file has a key of its own in this cell.")
    if refused := why_not(grid, binding.cell):
        return refused
    if headings(grids[binding.sheet], binding.cell) != headings(grid, binding.cell):
        return _("The headings of this cell are others now.")
    return ""


def clicked(version: BlankVersion) -> list[tuple[str, str, str, str]]:
    return list(version.bindings.values_list("sheet", "cell", "key", "repeats"))


def bindings_of(version: BlankVersion) -> Bindings:
    return Bindings(Package(bytes(version.content)), clicked(version))


@transaction.atomic
def bind(version: BlankVersion, *, by, sheet: str, cell: str, key: str, repeats: str = "") -> Binding:
    """A figure, or the mark of a repeated row, on a cell; what was bound to it by clicking before is replaced."""
    by.must("export", at=version.blank.county_id)
    _must_be_newest(version)
    written = keys.ask(key).written if key.strip() else ""
    if not written and not repeats:
        raise Refusal(_("Choose a figure."))
    others = [each for each in clicked(version) if each[:2] != (sheet, cell)]
    _must_fit(version, [*others, (sheet, cell, written, repeats)], sheet, cell)
    made, _new = Binding.objects.update_or_create(
        county_id=version.county_id, version=version, sheet=sheet, cell=cell, defaults={"key": written, "repeats": repeats},
    )
    _record("bound a cell", version.blank, by, version=version.number, sheet=sheet, cell=cell, key=written)
    return made


def _must_fit(version, chosen: Iterable, sheet, cell):
    """Faults of this cell; those of a row that is not bound to its end yet can wait until it is filled."""
    found = Bindings(Package(bytes(version.content)), chosen)
    for fault in found.faults:
        if (fault.sheet, fault.cell) == (sheet, cell) and not _is_unfinished(found, sheet, cell):
            raise Refusal(fault.sentence)


def _is_unfinished(bindings, sheet, cell) -> bool:
    """A mark alone: the figures of its row come after it."""
    bound = bindings.bound.get((sheet, cell))
    marks = [each for each in bindings.of(sheet) if each.said.repeats]
    return bound is not None and bool(bound.said.repeats) and len(marks) == 1


@transaction.atomic
def unbind(version: BlankVersion, *, by, sheet: str, cell: str):
    by.must("export", at=version.blank.county_id)
    _must_be_newest(version)
    deleted, _by_model = version.bindings.filter(sheet=sheet, cell=cell).delete()
    if not deleted:
        raise Refusal(_("This cell was not bound by clicking. A key that is written in the file is changed in the file."))
    _record("unbound a cell", version.blank, by, version=version.number, sheet=sheet, cell=cell)


def _must_be_newest(version):
    if version.pk != version.blank.newest.pk:
        raise Refusal(_("There is a newer version of this workbook; earlier ones stay as they were."))


def tried(version: BlankVersion, area, month: Month, *, by) -> tuple[Filled, Values]:
    """The workbook as it would be filled now; nothing is kept."""
    by.must("export", at=area.code)
    values = Values(area, month, by_name=by.name)
    with readable():
        return fill(bytes(version.content), clicked(version), values), values


def filled(blank: Blank, area, month: Month, *, by) -> tuple[bytes, FilledBlank, Filled]:
    """The newest version filled; who filled it for where and when, and the file's hash, are kept."""
    if blank.retired_at:
        raise Refusal(_("This workbook is retired. Bring it back before it is filled."))
    if area.code[:6] != blank.county_id:
        raise Refusal(_("This workbook belongs to another county."))
    version = blank.newest
    done, values = tried(version, area, month, by=by)
    content = done.package.content()
    return content, _kept(version, area, month, content, values, by), done


@transaction.atomic
def _kept(version, area, month, content, values, by) -> FilledBlank:
    total, digest = values.total, sha256(content).hexdigest()
    made = FilledBlank.objects.create(
        county_id=version.county_id, version=version, area_code=area.code, month=month, source=values.source,
        expected=total.expected, received=total.received, size=len(content), sha256=digest, by=by, at=clock.now(),
    )
    audit.record("filled a blank", version.blank, by=by, place=area.code, detail={
        "month": str(month), "version": version.number, "bytes": len(content), "hash": digest,
    })
    return made


@transaction.atomic
def describe(blank: Blank, *, by, name: str, note: str):
    """Another name, or what stays empty in it and why."""
    by.must("export", at=blank.county_id)
    name = " ".join(name.split())[:NAME_LENGTH]
    if not name:
        raise Refusal(_("Give the workbook a name."))
    County.objects.select_for_update(no_key=True).get(pk=blank.county_id)
    if Blank.objects.filter(county=blank.county_id, name=name, retired_at=None).exclude(pk=blank.pk).exists():
        raise Refusal(_("There is a workbook of this name."))
    blank.name, blank.note = name, note.strip()[:600]
    blank.save(update_fields=["name", "note"])
    _record("described a blank", blank, by)


@transaction.atomic
def retire(blank: Blank, *, by):
    """Not filled any more; its files and what it filled stay."""
    by.must("export", at=blank.county_id)
    if not Blank.objects.filter(pk=blank.pk, retired_at=None).update(retired_at=clock.now()):
        raise Refusal(_("This workbook is retired already."))
    _record("retired a blank", blank, by)


@transaction.atomic
def bring_back(blank: Blank, *, by):
    by.must("export", at=blank.county_id)
    County.objects.select_for_update(no_key=True).get(pk=blank.county_id)
    if Blank.objects.filter(county=blank.county_id, name=blank.name, retired_at=None).exists():
        raise Refusal(_("There is a workbook of this name."))
    Blank.objects.filter(pk=blank.pk).update(retired_at=None)
    _record("brought back a blank", blank, by)


def fetched(version: BlankVersion, *, by) -> bytes:
    """The file as it was uploaded."""
    by.must("export", at=version.blank.county_id)
    _record("fetched a blank", version.blank, by, version=version.number, hash=version.sha256)
    return bytes(version.content)


def _record(verb, blank, by, **detail):
    audit.record(verb, blank, by=by, place=blank.county_id, detail={"name": without_numbers(blank.name)} | detail)

"""Totals of the months before the county's first: typed or pasted, looked at cell by cell, then kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.identity import plain
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from reports import filing, layout
from reports.models import EarlierTotal, Seal
from villages.models import County
from workers.ledger import BY_KEY

# What the county's page compares.
KEYS = [
    "labor_force", "transferred", "trips", "away", "away.other_province", "left", "came_home", "income",
]
MONTH, AREA = "month", "area"
# Headings of real tables, besides the figures' own labels.
SYNONYMS = {
    MONTH: ["month", "月份", "年月", "报告月", "报告期"],
    AREA: ["area", "township", "code", "地区", "乡镇", "乡（镇）", "单位", "代码", "区划代码"],
    "labor_force": ["劳动力", "劳动力总数", "劳动力资源"],
    "transferred": ["转移就业人数", "转移人数", "累计转移就业人数"],
    "trips": ["转移人次", "转移就业人次", "累计转移就业人次", "人次"],
    "away": ["away", "在外", "在外人数", "期末在外", "外出务工人数"],
    "away.other_province": ["省外", "省外人数", "other provinces"],
    "left": ["left", "外出", "本月外出", "本月外出人次", "外出人次"],
    "came_home": ["came home", "返乡", "本月返乡", "本月返乡人次", "返乡人次"],
    "income": ["income", "劳务收入", "累计劳务收入"],
}
TEN_THOUSAND = ("万元", "10,000 yuan")
MOST = 10**12
MOST_ROWS = 1500
EARLIEST = Month(2000, 1)
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})月?|([0-9]{2}))")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")


def label(key: str) -> str:
    return {MONTH: _("Month"), AREA: _("Area")}.get(key) or layout.full_label(key)


@dataclass(frozen=True)
class Cell:
    """What stands in one place of the sheet, and why it cannot stay so."""

    text: str
    fault: str = ""


@dataclass
class Row:
    """One line: an area's figures of a month, by the line's number in what was pasted."""

    number: int
    cells: dict[str, Cell]
    month: Month | None = None
    area: object = None
    figures: dict[str, int] = field(default_factory=dict)
    fault: str = ""

    @property
    def faults(self) -> list[str]:
        named = [f"{label(key)}: {cell.fault}" for key, cell in self.cells.items() if cell.fault]
        return [*named, *([self.fault] if self.fault else [])]


@dataclass
class Sheet:
    """What was pasted, as it was understood."""

    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    # Headings that nobody knows: their columns are left out.
    left_out: list[str] = field(default_factory=list)
    fault: str = ""

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.faults]

    @property
    def may_be_kept(self) -> bool:
        return bool(self.rows) and not self.fault and not self.faulty


def may_type(county: County) -> bool:
    """Until the first seal: afterwards reports have been compared with them."""
    return not Seal.objects.filter(county=county).exists()


def read(text: str, county: County) -> Sheet:
    """The pasted table: headings first, then a line for each area and month; tabs between the cells."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return Sheet(fault=_("Paste a table with its headings."))
    headings = [heading.strip() for heading in lines[0][1].split("\t")]
    columns = [_column(heading) for heading in headings]
    known = [key for key in columns if key]
    if fault := _fault_of_headings(known, lines[1:]):
        return Sheet(known, fault=fault)
    areas = _areas(county)
    limits = filing.first_month(county), county.month_of(clock.today())
    sheet = Sheet(known, left_out=[h for h, key in zip(headings, columns, strict=True) if h and not key])
    scales = {key: _scale(h) for h, key in zip(headings, columns, strict=True) if key}
    for number, line in lines[1:]:
        sheet.rows.append(_row(number, line.split("\t"), columns, scales, areas, limits))
    _find_twins(sheet.rows)
    return sheet


def _fault_of_headings(known, lines) -> str:
    for key in (MONTH, AREA):
        if key not in known:
            return _("There is no column “%(heading)s”.") % {"heading": label(key)}
    if len(known) != len(set(known)):
        return _("Two columns have the same heading.")
    if len(known) < 3:
        return _("No column is one of the figures.")
    if not lines:
        return _("There is no line below the headings.")
    if len(lines) > MOST_ROWS:
        return _("Paste at most %(n)d lines at a time.") % {"n": MOST_ROWS}
    return ""


def _folded(text: str) -> str:
    """As headings and names are compared: without spaces, units and the width of brackets."""
    return re.sub(r"万元|元|10,000 yuan|yuan|[\s()（）]", "", plain(text).casefold())


def _column(heading: str) -> str:
    """The figure's key, or month or area, that a heading stands for; "" for none."""
    return _headings().get(_folded(heading), "")


def _headings() -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_folded(label(key)): key for key in (MONTH, AREA, *KEYS)}
    found |= {_folded(name): key for key, names in SYNONYMS.items() for name in names}
    return found | {key: key for key in (MONTH, AREA, *KEYS)}


def _scale(heading: str) -> int:
    return 10_000 if any(unit in plain(heading).casefold() for unit in TEN_THOUSAND) else 1


def _areas(county: County) -> dict[str, object]:
    """By code, name and pinyin."""
    found = {}
    for area in (county, *county.townships.all()):
        found |= {_folded(name): area for name in (area.code, area.name, area.name_latin) if name}
    return found | {_folded(name): county for name in ("county", "total", "全县", "合计", "县")}


def _row(number, texts, columns, scales, areas, limits) -> Row:
    texts = [text.strip() for text in texts] + [""] * (len(columns) - len(texts))
    row = Row(number, {key: Cell(text) for key, text in zip(columns, texts, strict=False) if key})
    _read_month(row, *limits)
    row.area = areas.get(_folded(row.cells[AREA].text)) if row.cells[AREA].text else None
    if row.area is None:
        _mark(row, AREA, _("“%(text)s” is neither the county nor one of its townships"))
    for key in scales.keys() & set(KEYS):
        _read_figure(row, key, scales[key])
    if row.figures.get("transferred", 0) > row.figures.get("trips", MOST):
        row.fault = _("More persons than person-times.")
    return row


def _mark(row: Row, key: str, fault: str):
    text = row.cells[key].text
    row.cells[key] = Cell(text, fault % {"text": text})


def _read_month(row: Row, first: Month | None, running: Month):
    found = _MONTH.fullmatch(plain(row.cells[MONTH].text).replace(" ", ""))
    try:
        row.month = Month(int(found[1]), int(found[2] or found[3])) if found else None
    except ValueError:
        row.month = None
    if row.month is None:
        _mark(row, MONTH, _("“%(text)s” is no month; write it as 2025-10"))
    elif row.month < EARLIEST or (first and row.month >= first):
        _mark(row, MONTH, _("“%(text)s” does not lie before the county's first month"))
    elif row.month >= running:
        _mark(row, MONTH, _("“%(text)s” is not over yet"))


def _read_figure(row: Row, key: str, scale: int):
    text = plain(row.cells[key].text).replace("，", ",").replace(" ", "")
    if not text or text in "-–—":
        return
    value = _value(text, scale)
    if value is None:
        _mark(row, key, _("“%(text)s” is no whole number"))
    elif value >= MOST:
        _mark(row, key, _("“%(text)s” is too large"))
    else:
        row.figures[key] = value


def _value(text: str, scale: int) -> int | None:
    if len(text) > 20 or not _NUMBER.fullmatch(text):
        return None
    whole, _point, decimals = text.replace(",", "").partition(".")
    places = len(str(scale)) - 1
    if decimals.rstrip("0")[places:]:
        return None
    return int(whole) * scale + int((decimals[:places] or "0").ljust(places, "0") or 0)


def _find_twins(rows: Iterable[Row]):
    seen: dict = {}
    for row in rows:
        key = (row.month, row.area and row.area.code)
        if None in key:
            continue
        if key in seen:
            row.fault = _("The same area and month as line %(n)d.") % {"n": seen[key]}
        seen.setdefault(key, row.number)


@transaction.atomic
def keep(county: County, text: str, *, by) -> int:
    """Keep what was looked at; how many totals changed. A line without any figure takes the total away."""
    by.must("lock", at=county)
    if not may_type(county):
        raise Refusal(_("A month is sealed: what was typed of earlier months does not change any more."))
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    sheet = read(text, county)
    if not sheet.may_be_kept:
        raise Refusal(sheet.fault or _("Some cells are wrong; nothing was kept."))
    there = {(row.month, row.area_code): row for row in EarlierTotal.objects.filter(county=county)}
    changed = sum(_keep_row(there.get((row.month, row.area.code)), row, sheet.columns, county, by) for row in sheet.rows)
    audit.record("typed earlier totals", county, by=by, place=county.code, detail={
        "rows": len(sheet.rows), "changed": changed, "hash": sha256(text.encode()).hexdigest(),
        "from_month": str(min(row.month for row in sheet.rows)), "to_month": str(max(row.month for row in sheet.rows)),
    })
    return changed


def _keep_row(total: EarlierTotal | None, row: Row, columns: list[str], county: County, by) -> bool:
    """What has no column in the sheet stays; what has one and is empty is not known."""
    before = figures_of(total) if total else {}
    after = {key: value for key, value in before.items() if key not in columns} | row.figures
    if after == before:
        return False
    if total and not after:
        total.delete()
        return True
    total = total or EarlierTotal(county=county, area_code=row.area.code, month=row.month)
    for key in KEYS:
        setattr(total, BY_KEY[key].column, after.get(key, 0))
    total.typed, total.typed_by, total.typed_at = sorted(after), by, clock.now()
    total.save()
    return True


def figures_of(total: EarlierTotal) -> dict[str, int]:
    """The figures that were typed."""
    return {key: getattr(total, BY_KEY[key].column) for key in KEYS if key in total.typed}

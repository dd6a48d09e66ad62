"""Where the return has parts of a figure, a table by the same thing has the same numbers: a code is told by its part.

The other facts of a job are those of the last day of the month. Of a figure of the year or month that is another thing
than what the figure counts, and the table says so.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from reports.tables import dimensions
from reports.tables.measures import Measure
from reports.tables.sources import TRIPS_BY
from workers.ledger import BY_KEY, STOCK

# What is true of a day, and of it the facts of a job.
OF_WORK = {
    "state", "region", "province", "prefecture", "sector", "section", "job", "form", "channel", "organized", "bearer", "pay",
    "since",
}
OF_A_DAY = OF_WORK | {"relieved", "monitored"}
# What a line tells of its newest run of days that counts this year, whatever became of it since.
TRANSFERRED = {
    "region": _l("Where the newest run of work days that counts this year led, as the return has it."),
    "form": _l("Own business as the return has it, of the newest run of work days that counts; the other forms on the last "
               "day of the month, and not known of who began an own business since."),
    "relieved": _l("Lifted from poverty as the return has it: on the last day, or the last day here."),
}
TRIPS = {"organized": _l("By the channel of the first job of each run of work days, as the return has it.")}
ON_THE_LAST_DAY = _l("As it is on the last day of the month, whatever it was when it counted.")
NOT_AT_WORK_TOLD = _l("“Not at work” are those who worked earlier and are at home on the last day, died or left.")

_HAS = {"sqlite": "INSTR({{shares}}, '\"{key}\":') > 0", "postgresql": "({{shares}} -> '{key}') IS NOT NULL"}
_SHARE_OF_PART = {
    "sqlite": "{part_atom}",
    "postgresql": "CAST({shares} ->> {part_key} AS bigint)",
}


def told_by_parts(name: str, measure: Measure):
    """What the parts mean (a sentence), where the return has parts of the figure by this dimension."""
    if measure.figure.split(".")[0] in ("transferred", "transferred_times"):
        return TRANSFERRED.get(name)
    return TRIPS.get(name) if measure.figure in ("trips", *TRIPS_BY.values()) else None


def sql_of(name: str, measure: Measure, vendor: str) -> str:
    """The expression of a dimension's code on the lines of a figure."""
    usual = dimensions.BY_NAME[name].sql
    if told_by_parts(name, measure) is None:
        return usual
    if name == "organized":
        return "{part}" if measure.figure == "trips" else f"'{_code_of(measure.figure)}'"
    return {"region": _region, "form": _form, "relieved": _relieved}[name](vendor)


def value_of(measure: Measure, names, vendor: str) -> str:
    """What one row adds; of a line that is looked at once for each part, that part's share."""
    is_split = measure.figure == "trips" and "organized" in names
    return _SHARE_OF_PART[vendor] if is_split else measure.value_sql(vendor)


def _code_of(figure: str) -> str:
    return next(code for code, key in TRIPS_BY.items() if key == figure)


def _has(vendor: str, part: str) -> str:
    return _HAS[vendor].format(key=f"transferred.{part}")


def _region(vendor: str) -> str:
    regions = [part.part for part in BY_KEY.values() if part.part_of == "transferred" and part.facet == "region"]
    cases = " ".join(f"WHEN {_has(vendor, region)} THEN '{region}'" for region in regions)
    return f"CASE {cases} ELSE 'unknown' END"


def _form(vendor: str) -> str:
    return (
        f"CASE WHEN {_has(vendor, 'own_business')} THEN 'own_business' "
        "WHEN {form} NOT IN ('', 'own_business') THEN {form} WHEN {state} IN ('away', 'local') THEN 'unknown' "
        "ELSE 'not_at_work' END"
    )


def _relieved(vendor: str) -> str:
    return f"CASE WHEN {_has(vendor, 'relieved')} THEN 'yes' ELSE 'no' END"


def is_of_last_day(name: str, measure: Measure) -> bool:
    """Whether a figure of a year or month is broken down by what is true of its last day alone."""
    is_of_a_time = bool(measure.figure) and BY_KEY[measure.figure].kind != STOCK
    return is_of_a_time and name in OF_A_DAY and told_by_parts(name, measure) is None


def label_of(name: str, measure: Measure) -> str:
    label = str(dimensions.BY_NAME[name].label)
    return _("%(dimension)s (on the last day of the month)") % {"dimension": label} if is_of_last_day(name, measure) else label


def told_of(name: str, measure: Measure) -> str:
    """What a dimension means of this figure, in sentences."""
    if by_parts := told_by_parts(name, measure):
        return str(by_parts)
    sentences = [dimensions.BY_NAME[name].told]
    if is_of_last_day(name, measure):
        sentences += [ON_THE_LAST_DAY, *([NOT_AT_WORK_TOLD] if name in OF_WORK else [])]
    return " ".join(map(str, sentences))

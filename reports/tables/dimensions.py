"""What a table may be broken down by. An allow-list: only the expressions written here ever reach SQL.

An expression names columns of a source in braces (sources.COLUMNS) and its values as named parameters. It gives a
code, never NULL: `unknown` where nothing is said, `not_at_work` for facts of a job where nobody works.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from villages.divisions import country_codes, division_codes, names_of
from villages.models import Division, Township, Village
from workers import codes
from workers.regions import REGIONS

UNKNOWN, NOT_AT_WORK = "unknown", "not_at_work"
MISSING = [(UNKNOWN, _("Not known"))]
IDLE = [(NOT_AT_WORK, _("Not at work"))]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
STATES = [
    ("away", pgettext_lazy("state", "Away")), ("local", _("Working in their own township")),
    ("home", pgettext_lazy("state", "At home")), ("gone", _("Died or left during the year")),
]
SECTORS = [("primary", _("Primary sector")), ("secondary", _("Secondary sector")), ("tertiary", _("Tertiary sector"))]
ORGANIZED = [("organized", _("Organized")), ("self", _("On their own"))]
FIVE_YEARS = [
    ("under_20", _("Under 20")), *((f"{low}_{low + 4}", f"{low}–{low + 4}") for low in range(20, 65, 5)),
    ("over_64", _("65 and over")),
]
MONTHS_AWAY = [
    ("under_1", _("Less than a month")), ("1_2", _("1–2 months")), ("3_5", _("3–5 months")), ("6_11", _("6–11 months")),
    ("12_23", _("1–2 years")), ("over_23", _("2 years and more")),
]
NAMED = [("named", _("Named")), ("unnamed", _("Not yet named"))]
BEARERS = [
    ("broker", _("Labor broker")), ("point", _("Cooperation point")), ("agency", _("Agency")), ("none", _("Nobody named")),
]

# Of these every code of the list stands in a table, with 0 where nobody is; of the others, and of "not known", those met.
WHOLE = {"township", "village", "sex", "age", "age_5", "relieved", "monitored", "named"}

Codes = list[tuple[str, Any]]


@dataclass(frozen=True)
class Dimension:
    """`sql`: the expression. `listed`: the codes with their labels, in order. `told`: what it means, in a sentence."""

    name: str
    label: Any
    sql: str
    listed: Codes | None = None
    told: Any = ""
    # Of an open list: the codes within an area, or of the country; what a table shows are those that were met.
    asked: Callable[[str], Codes] | None = None
    # Tells villages: not for who sees down to the township.
    is_village: bool = False

    def offered(self, area: str) -> Codes:
        """The codes that a form offers to choose from: of places, those that are asked for often."""
        codes = self.codes(area)
        if self.name == "prefecture":
            return [pair for pair in codes if pair[0][:2] == area[:2]]
        return [pair for pair in codes if self.name != "province" or not (pair[0].isupper())]

    def codes(self, area: str) -> Codes:
        return self.listed if self.asked is None else self.asked(area)

    def whole(self, area: str) -> list[str]:
        """The codes that a table lists whether or not somebody is there; none of a long or open list."""
        if self.name not in WHOLE:
            return []
        return [code for code, _label in self.codes(area) if code not in (UNKNOWN, NOT_AT_WORK)]

    def labels(self, area: str, met: Iterable[str]) -> dict[str, str]:
        """{code: label} of the codes that were met, in the order of the list; one that no list knows stays a code."""
        known, met = dict(self.codes(area)), set(met)
        ordered = [code for code in known if code in met] + sorted(met - known.keys())
        return {code: str(known.get(code, code)) for code in ordered}


def _townships(area: str) -> Codes:
    return [(row.code, row.label) for row in Township.objects.under(area[:9])]


def _villages(area: str) -> Codes:
    return [(row.code, row.label) for row in Village.objects.under(area)]


def _places(length: int, area: str) -> Codes:
    """Provinces, and prefectures where the length is 4, those of the own province first; then countries."""
    return list(_named(length, area[:2], get_language() or "")) + IDLE + MISSING


@lru_cache(maxsize=100)
def _named(length: int, province: str, _language: str) -> tuple[tuple[str, str], ...]:
    """Hundreds of names, which are the same for a county all the time."""
    divisions = [code for code in division_codes() if len(code) <= length]
    own = [code for code in divisions if code[:2] == province]
    others = [code for code in divisions if code[:2] != province]
    return tuple((code, place_name(code)) for code in [*own, *others, *country_codes()])


def place_name(code: str) -> str:
    """A prefecture under the name of its province: there are several of one name."""
    name, latin = names_of(code) or (code, "")
    label = Division(code=code, name=name, name_latin=latin, is_country=not code[:1].isdigit()).label
    return f"{place_name(code[:2])} · {label}" if len(code) == 4 and code.isdigit() else label


def _said(column: str) -> str:
    return f"CASE WHEN {{{column}}} = '' THEN 'unknown' ELSE {{{column}}} END"


def _of_work(expression: str) -> str:
    """A fact of the job: nobody has one who is not at work."""
    return f"CASE WHEN {{state}} NOT IN ('away', 'local') THEN 'not_at_work' ELSE {expression} END"


def _job(column: str) -> str:
    """Its cases in one: this is looked at for every line."""
    return (
        f"CASE WHEN {{{column}}} <> '' THEN {{{column}}} WHEN {{state}} IN ('away', 'local') THEN 'unknown' "
        "ELSE 'not_at_work' END"
    )


def _steps(column: str, steps: Iterable[tuple[str, str]], last: str) -> str:
    """The code of the first step that the number lies under."""
    cases = " ".join(f"WHEN {{{column}}} < {limit} THEN '{code}'" for limit, code in steps)
    return f"CASE WHEN {{{column}}} IS NULL THEN 'unknown' {cases} ELSE '{last}' END"


_PLACE = (
    "CASE WHEN {destination} = '' THEN CASE WHEN {state} IN ('away', 'local') THEN 'unknown' ELSE 'not_at_work' END "
    "WHEN SUBSTR({destination}, 1, 1) BETWEEN '0' AND '9' THEN SUBSTR({destination}, 1, %d) ELSE {destination} END"
)
_SECTOR = (
    "CASE WHEN {section} = '' THEN 'unknown' WHEN {section} = 'A' THEN 'primary' "
    "WHEN {section} IN ('B', 'C', 'D', 'E') THEN 'secondary' ELSE 'tertiary' END"
)
_ORGANIZED = (
    "CASE WHEN {channel} = '' THEN 'unknown' WHEN {channel} IN ('government', 'agency', 'broker', 'point') "
    "THEN 'organized' ELSE 'self' END"
)
_AGE_BAND = (
    "CASE WHEN {age} < 26 THEN 'under_26' WHEN {age} < 41 THEN '26_40' WHEN {age} < 51 THEN '41_50' "
    "WHEN {age} < 61 THEN '51_60' WHEN {age} >= 61 THEN 'over_60' WHEN {age_band} = '' THEN 'unknown' "
    "ELSE {age_band} END"
)
_PAY = [("2000", "under_2000"), ("4000", "2000_3999"), ("6000", "4000_5999"), ("8000", "6000_7999")]
_SINCE = (
    "CASE WHEN {started_on} IS NULL THEN 'unknown' WHEN {started_on} > %(months_1)s THEN 'under_1' "
    "WHEN {started_on} > %(months_3)s THEN '1_2' WHEN {started_on} > %(months_6)s THEN '3_5' "
    "WHEN {started_on} > %(months_12)s THEN '6_11' WHEN {started_on} > %(months_24)s THEN '12_23' ELSE 'over_23' END"
)
_BEARER = "CASE WHEN {bearer} <> '' AND {channel} IN ('broker', 'point', 'agency') THEN {channel} ELSE 'none' END"
_YES = "CASE WHEN {%s} THEN 'yes' ELSE 'no' END"

DIMENSIONS = [
    Dimension("township", _("Township"), "SUBSTR({village}, 1, 9)", asked=_townships,
              told=_("By the township of the village of registration.")),
    Dimension("village", _("Village"), "{village}", asked=_villages, is_village=True,
              told=_("By the village of registration.")),
    Dimension("state", _("Where they are"), "{state}", STATES,
              told=_("Away: at work outside the own township on the last day; at work in the own township; else at home.")),
    Dimension("region", _("How far away"), _job("region"),
              [*REGIONS.items(), *IDLE, *MISSING],
              told=_("How far from the village of registration the place of work lies.")),
    Dimension("province", _("Province of destination"), _PLACE % 2, asked=lambda area: _places(2, area),
              told=_("The province, or the country, of the place of work.")),
    Dimension("prefecture", _("Prefecture of destination"), _PLACE % 4, asked=lambda area: _places(4, area),
              told=_("The prefecture of the place of work; the province where no more is known; the country abroad.")),
    Dimension("sector", _("Sector"), _of_work(_SECTOR), [*SECTORS, *IDLE, *MISSING],
              told=_("By section of GB/T 4754: A primary, B to E secondary, F to T tertiary.")),
    Dimension("section", _("Industry"), _job("section"), [*codes.SECTIONS, *IDLE, *MISSING],
              told=_("By section of GB/T 4754, of the employer.")),
    Dimension("job", _("Job"), _job("job"), [*codes.JOBS, *IDLE, *MISSING], told=_("What the worker does there.")),
    Dimension("form", _("Form of work"), _job("form"), [*codes.FORMS, *IDLE, *MISSING],
              told=_("Employed, own business, flexible work or a public-welfare post.")),
    Dimension("channel", _("How they found it"), _job("channel"), [*codes.CHANNELS, *IDLE, *MISSING],
              told=_("Through whom the job was found.")),
    Dimension("organized", _("Organized or on their own"), _of_work(_ORGANIZED), [*ORGANIZED, *IDLE, *MISSING],
              told=_("Organized: by the government, an agency, a labor broker or a cooperation point.")),
    Dimension("bearer", _("Named go-between"), _of_work(_BEARER), [*BEARERS, *IDLE],
              told=_("Whether a labor broker, a cooperation point or an agency is named.")),
    Dimension("sex", _("Sex"), _said("sex"), [*codes.SEXES, *MISSING], told=_("As the ID number has it, or as told.")),
    Dimension("age", _("Age"), _AGE_BAND, [*codes.AGE_BANDS, *MISSING], told=_("Full years on the last day.")),
    Dimension("age_5", _("Age in steps of five years"),
              _steps("age", [("20", "under_20"), *((str(n + 5), f"{n}_{n + 4}") for n in range(20, 65, 5))], "over_64"),
              [*FIVE_YEARS, *MISSING], told=_("Full years on the last day; of unnamed groups only wider bands are known.")),
    Dimension("education", _("Education"), _said("education"), [*codes.EDUCATION, *MISSING],
              told=_("The highest school, by GB/T 4658.")),
    Dimension("skill", _("Skill grade"), _said("skill"), [*codes.SKILL_GRADES, *MISSING],
              told=_("The grade of the skill certificate.")),
    Dimension("pay", _("Monthly pay"), _of_work(_steps("pay", _PAY, "8000_up")), [*codes.PAY_BANDS, *IDLE, *MISSING],
              told=_("Whole yuan a month, where it is known exactly.")),
    Dimension("since", _("How long at this work"), _of_work(_SINCE), [*MONTHS_AWAY, *IDLE, *MISSING],
              told=_("Full months from the first day at this work to the last day.")),
    Dimension("relieved", _("Household lifted from poverty"), _YES % "relieved", YES_NO,
              told=_("Whether the household was lifted from poverty.")),
    Dimension("monitored", _("Household under monitoring"), _YES % "monitored", YES_NO,
              told=_("Whether the household is monitored against falling back into poverty.")),
    Dimension("named", _("Named or not"), "CASE WHEN {is_group} THEN 'unnamed' ELSE 'named' END", NAMED,
              told=_("Not yet named: people of unnamed groups.")),
]
BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}

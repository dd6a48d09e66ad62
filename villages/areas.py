"""An area of any level by its code, what stands above and below it, and who is posted there."""

from dataclasses import dataclass

from officers import roles
from villages import divisions
from villages.models import County, Division, Posting, Township, Village

MODELS = {6: County, 9: Township, 12: Village}
LENGTHS = [2, 4, 6, 9, 12]


@dataclass(frozen=True)
class Prefix:
    """A province or prefecture: a code over counties, without rows of its own."""

    code: str
    name: str
    name_latin: str = ""

    @property
    def level(self) -> str:
        return "province" if len(self.code) == 2 else "prefecture"

    @property
    def label(self) -> str:
        return Division(code=self.code, name=self.name, name_latin=self.name_latin).label

    @property
    def short_name(self) -> str:
        return self.name

    def __str__(self):
        return self.label


def area_at(code: str):
    """The county, township or village of the registry, or the Prefix over counties; None for any other code.

    It asks nobody's scope: a page checks `officer.is_posted_over` or asks `visible_to`.
    """
    if model := MODELS.get(len(code)):
        return model.objects.filter(code=code).first()
    names = divisions.names_of(code) if len(code) in (2, 4) and code.isdigit() else None
    return Prefix(code, *names) if names else None


def parents(area) -> list:
    """The registry's areas over an area, the highest first: crumbs. A village: its county, its township."""
    lengths = [length for length in MODELS if length < len(area.code)]
    return [found for length in lengths if (found := area_at(area.code[:length]))]


def children(area) -> list:
    """The areas directly under an area that the registry knows, in the order of their codes."""
    length = next((n for n in LENGTHS if n > len(area.code)), None)
    if length is None:
        return []
    if length in MODELS:
        return list(MODELS[length].objects.under(area.code))
    codes = County.objects.under(area.code).values_list("code", flat=True)
    return [area_at(code) for code in sorted({code[:length] for code in codes})]


def posted_at(codes) -> dict[str, list]:
    """The officers who work at each place today (not its leaders or administrators), with one query."""
    codes = list(codes)
    found = {code: [] for code in codes}
    for posting in Posting.objects.on_today().filter(place_code__in=codes).select_related("officer"):
        if posting.officer.is_active and posting.officer.role not in (roles.LEADER, roles.ADMIN):
            found[posting.place_code].append(posting.officer)
    return found


def officers_of(village) -> list:
    """Who keeps the ledger of a village today."""
    return posted_at([village.code])[village.code]


def station_phones(codes) -> dict[str, str]:
    """The station's phone of the township of each place, "" where none is known."""
    codes = list(codes)
    townships = Township.objects.filter(code__in={code[:9] for code in codes})
    phones = dict(townships.values_list("code", "station_phone"))
    return {code: phones.get(code[:9], "") for code in codes}

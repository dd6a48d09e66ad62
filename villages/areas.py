"""Areas by their code, from village to province, and who is posted there today."""

from dataclasses import dataclass

from laborreg.codes import under
from officers.models import Officer
from villages.models import County, Division, Posting, Township, Village

LEVELS = {6: County, 9: Township, 12: Village}


@dataclass(frozen=True)
class WideArea:
    """A prefecture or province: no row of its own, a prefix of codes."""

    code: str
    label: str

    @property
    def short_name(self) -> str:
        return self.label

    @property
    def level(self) -> str:
        return {2: "province", 4: "prefecture"}[len(self.code)]


def area_at(code: str):
    """The village, township or county of a code, or the prefecture or province that counties of ours lie in."""
    if model := LEVELS.get(len(code)):
        return model.objects.filter(pk=code).first()
    if len(code) in (2, 4) and code.isdigit() and County.objects.filter(under("code", code)).exists():
        division = Division.objects.filter(pk=code).first()
        return WideArea(code, division.label if division else code)
    return None


def children(area):
    """Counties of a wide area, townships of a county, villages of a township."""
    model = {"county": Township, "township": Village}.get(area.level, County)
    return model.objects.under(area.code) if area.level != "village" else Village.objects.none()


def crumbs(area) -> list:
    """The areas above, widest first: county, township."""
    codes = [area.code[:length] for length in (6, 9) if length < len(area.code)]
    return [found for code in codes if (found := area_at(code))]


def posted_at(codes) -> dict[str, list[Officer]]:
    """Place code → active officers posted there today."""
    found: dict[str, list[Officer]] = {}
    rows = Posting.objects.on_today().filter(place_code__in=codes, officer__is_active=True)
    for posting in rows.select_related("officer").order_by("place_code", "officer__username"):
        found.setdefault(posting.place_code, []).append(posting.officer)
    return found

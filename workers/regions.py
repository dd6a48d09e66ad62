"""How far away a place of work is, seen from the village of registration."""

from django.utils.translation import gettext_lazy as _

TOWNSHIP = "township"
REGIONS = {
    "township": _("Own township"),
    "county": _("Own county, another township"),
    "prefecture": _("Own prefecture, another county"),
    "province": _("Own province, another prefecture"),
    "other_province": _("Another province"),
    "abroad": _("Abroad, Hong Kong, Macao, Taiwan"),
}
ABROAD = ("71", "81", "82")


def region_of(village: str, destination: str) -> str:
    """The region class of a destination code for somebody registered in a village (12 digits)."""
    if not destination[:1].isdigit() or destination[:2] in ABROAD:
        return "abroad"
    if destination[:9] == village[:9]:
        return "township"
    if destination[:6] == village[:6]:
        return "county"
    if destination[:4] == village[:4]:
        return "prefecture"
    if destination[:2] == village[:2]:
        return "province"
    return "other_province"

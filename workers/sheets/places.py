"""Names of places, brokers and cooperation points as a sheet writes them, to the codes and numbers of the ledger."""

import re
from collections import defaultdict
from functools import cache, lru_cache

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from brokers.codes import BARRED
from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg.codes import under
from laborreg.identity import plain
from laborreg.numerals import number
from villages import destinations, divisions
from villages.models import Lineage, Township, Village
from workers import codes
from workers.sheets.cleaning import Read, folded, text_of, wrong
from workers.sheets.likeness import closest

# Stands for the township of whoever the row is about.
OWN_TOWNSHIP = "township"

_PEOPLES = "|".join(sorted((name for _code, name in codes.ETHNIC_GROUPS), key=len, reverse=True))
_ENDINGS = [
    re.compile("(特别行政区|(壮族|回族|维吾尔)?自治区|省|市)$"),
    re.compile(f"({_PEOPLES}|哈萨克|蒙古|柯尔克孜)*自治州$|地区$|盟$|市$"),
    re.compile(f"({_PEOPLES}|各族)*自治县$|自治旗$|县$|市$|旗$"),
]
# What a name that lost 自治县 or 自治州 and its peoples is called instead: 大通县, 海西州.
_CALLED = {"自治县": "县", "自治州": "州"}
_OWN_TOWNSHIP = {"本乡镇", "本乡", "本镇", "乡内", "镇内", "乡镇内", "乡内就业", "本乡镇内", "本地", "就近"}
_VAGUE = {
    "省内", "外地", "外出", "市外", "市内", "县外", "县内", "乡外", "国外", "境外", "出国", "乡外县内",
    "乡镇外县内",
    "县外市内", "市外省内", "本省", "本市", "本县", "青海省内", "县内乡外",
}
_ANOTHER_PROVINCE = re.compile("(?:省外|外省|其[他它]省|跨省)(?:市|份|区)?(?:就业|务工|其[他它])?")
# 三社, 3组: what may stand behind the name of a village.
_GROUP = re.compile("第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|小组|社|组|队)")


# Destinations.


@cache
def _children() -> dict[str, dict[str, str]]:
    """Under each division the names of those below it, full and short, with their codes; full names win."""
    found = defaultdict(dict)
    for code in divisions.division_codes():
        names = found[code[:-2]]
        for name in _names_of(code):
            names.setdefault(name, code)
        names[divisions.division_name(code)] = code
    return found


def _names_of(code) -> set[str]:
    name = divisions.division_name(code)
    short = _ENDINGS[len(code) // 2 - 1].sub("", name)
    names = {name, short, short + _CALLED.get(name[-3:], "")}
    return {each for each in names if len(each) > 1}


@cache
def _anywhere(length: int) -> dict[str, list[str]]:
    """Names of prefectures (4) or of counties (6) of the whole country, each with all that bear it."""
    found = defaultdict(set)
    for parent, names in _children().items():
        if len(parent) == length - 2:
            for name, code in names.items():
                found[name].add(code)
    return {name: sorted(codes) for name, codes in found.items()}


@cache
def _named() -> dict[str, tuple]:
    """Every division with the ways to write it."""
    return {code: tuple(_names_of(code)) for code in divisions.division_codes()}


class Places:
    """The places, brokers and points that a sheet of one county may name."""

    def __init__(self, county: str, place: str):
        self.county, self.place = county, place
        self.above = _path_to(county)
        self.townships = _by_name(Township.objects.filter(county_id=county).values_list("code", "name"))
        self.villages, self.codes = defaultdict(set), set()
        for village in Village.objects.filter(under("code", county)).select_related("township"):
            self._learn(village)
        ended = Lineage.objects.filter(under("old_id", county), kind__in=Lineage.ENDING)
        self.became = dict(ended.values_list("old_id", "new_id"))
        brokers = Broker.objects.filter(county_id=county)
        # An entry that was merged names the one that stayed.
        self.brokers = _by_name(_with_villages(brokers), stop=None)
        self.points = _by_name(CooperationPoint.objects.filter(county_id=county).values_list("pk", "name"), stop=None)
        self.stopped = _days_of_stopping(county)
        self.barred = set(brokers.filter(state__in=BARRED).values_list("pk", flat=True))

    def _learn(self, village):
        self.codes.add(village.code)
        for name in _ways_to_write(village):
            self.villages[name].add(village.code)
            self.villages[folded(village.township.name) + name].add(village.code)

    # Villages.

    def read_village(self, cell) -> Read:
        """A village by its code or its name, with or without the way to it before and a group of it behind."""
        found, name, group = self._village_and_group(folded(text_of(cell)))
        if not found:
            raise wrong("unknown_village", _("There is no village “%(text)s” in this county."), text=plain(text_of(cell)))
        own = {code for code in map(self.lasting, found) if code.startswith(self.place)}
        if not own:
            raise wrong("outside_scope", _("“%(text)s” does not belong to your office."), text=plain(text_of(cell)))
        if len(own) > 1:
            raise wrong(
                "unclear_village", _("There are several villages “%(text)s”. Write the township before it."),
                text=plain(text_of(cell))
            )
        return _in_group(own.pop(), name, group)

    def lasting(self, code) -> str:
        """The village that is kept today."""
        while code in self.became:
            code = self.became[code]
        return code

    def _village_and_group(self, typed) -> tuple[set[str], str, str]:
        for text in dict.fromkeys([typed, self.above.sub("", typed)]):
            if found := {text} & self.codes or self._named(text):
                return found, text, ""
            for length in range(len(text) - 2, 1, -1):
                if _GROUP.fullmatch(text[length:]) and (found := self._named(text[:length])):
                    return found, text[:length], text[length:]
        return set(), typed, ""

    def _named(self, typed) -> set[str]:
        for ending in ("", "村民委员会", "居民委员会", "牧民委员会", "村委会", "居委会", "牧委会", "村", "社区"):
            if typed.endswith(ending) and (found := self.villages.get(typed.removesuffix(ending))):
                return found
        return set()

    def village_in(self, township, text) -> Read | None:
        """Where a sheet has the township in a column of its own."""
        found, name, group = self._village_and_group(folded(township) + folded(text))
        kept = {self.lasting(code) for code in found}
        if len(kept) != 1 or not (code := kept.pop()).startswith(self.place):
            return None
        return _in_group(code, name.removeprefix(folded(township)), group)

    # Destinations.

    def read_destination(self, cell) -> Read:
        typed = text_of(cell)
        text = _cleaned(typed)
        if text in _OWN_TOWNSHIP:
            return Read(OWN_TOWNSHIP)
        if _ANOTHER_PROVINCE.fullmatch(text):
            raise wrong("vague_place", _(
                "“%(text)s” does not say which province, and the ledger keeps no place without one. Ask, and write at least that."
            ), text=plain(typed))
        if text in _VAGUE:
            raise wrong("vague_place", _(
                "“%(text)s” is too vague: write the province and the city; in the own province the county, too."
            ), text=plain(typed))
        code, rest = self._code(text)
        if code is None or (rest and len(code) == 2):
            raise wrong("unknown_place", _("“%(text)s” is not a known place."), text=plain(typed))
        if code in self._too_near():
            raise wrong("vague_place", self._nearer(code), text=plain(typed))
        kept = destinations.clean(code, county=self.county)
        return Read(kept, destinations.label(kept) if rest else "")

    def _code(self, text) -> tuple[str | None, str]:
        """The code of the place, and what was written behind its name."""
        if text.isascii() and (divisions.country_code(text) or text.isdigit()):
            return text, ""
        if country := divisions.country_code(text):
            return country, ""
        return self._walk(text) or (None, text)

    def _walk(self, text) -> tuple[str, str] | None:
        if text == "海南" and self.county[:2] == "63":
            # The island, or the prefecture of the own province?
            return None
        for names in (_children()[""], _anywhere(4), _anywhere(6), self.townships):
            for length in range(min(len(text), 15), 1, -1):
                found = names.get(text[:length])
                if found and (start := self._one_of(found)):
                    return self._down(start, text[length:])
        return None

    def _one_of(self, found) -> str | None:
        """Of places of one name the only one, or the only one of the own province."""
        if isinstance(found, str):
            return found
        near = [code for code in found if code.startswith(self.county[:2])]
        return next((codes[0] for codes in (list(found), near) if len(codes) == 1), None)

    def _down(self, code, rest) -> tuple[str, str]:
        while rest and len(code) < 6:
            step = next(filter(None, (self._below(code, rest[:n]) for n in range(len(rest), 1, -1))), None)
            if step is None:
                break
            code, length = step
            rest = rest[length:]
        if code == self.county:
            for length in range(len(rest), 1, -1):
                if found := self.townships.get(rest[:length]):
                    return min(found), rest[length:]
        return code, rest

    def _below(self, code, name) -> tuple[str, int] | None:
        if found := _children()[code].get(name):
            return found, len(name)
        if len(code) == 2:
            # The prefecture was left out, or there is none: 江苏昆山, 北京朝阳区.
            below = {each for each in _anywhere(6).get(name, ()) if each.startswith(code)}
            if len(below) == 1:
                return below.pop(), len(name)
        return None

    def _too_near(self) -> set[str]:
        return {self.county[:2], self.county[:4], self.county}

    def _nearer(self, code) -> str:
        if code == self.county:
            return _("“%(text)s” is your own county: write the township, too.")
        return _("“%(text)s” is your own province: write the county, too.")

    def like(self, text, most=3) -> list[tuple[str, str]]:
        """Places whose names look or sound like the text: (what to write instead, its label)."""
        text = _cleaned(text)
        found = closest(text, _named())
        start, rest = self._walk(text) or ("", "")
        if rest:
            # What can be read says where to look for the rest; it is the last that is offered.
            below = {code: names for code, names in _named().items() if code.startswith(start)}
            found |= closest(rest, below) | {start: 0}
        codes = sorted(
            found.keys() - self._too_near(), key=lambda code: (-found[code], code[:2] != self.county[:2], len(code), code)
        )
        offered = {}
        for code in codes[: 2 * most]:
            offered.setdefault(destinations.label(code), code)
        return [(code, label) for label, code in offered.items()][:most]

    # Brokers and points.

    def read_broker(self, cell) -> int:
        return self._bearer(cell, self.brokers, "unknown_broker", _(
            "The county has no labor broker “%(text)s”. Register the broker first, or leave the cell empty."
        ))

    def read_point(self, cell) -> int:
        return self._bearer(cell, self.points, "unknown_point", _(
            "The county has no cooperation point “%(text)s”. Register it first, or leave the cell empty."
        ))

    def _bearer(self, cell, known, code, sentence) -> int:
        typed = plain(text_of(cell))
        found = known.get(folded(typed)) or known.get(folded(_FRAMES.sub("", typed)), ())
        if len(found) > 1:
            raise wrong("unclear_bearer", _(
                "Several are called “%(text)s”. Add the village, such as 马占海（大煤洞村）, or enter the departure on its page."
            ), text=typed)
        if not found:
            raise wrong(code, sentence, text=typed)
        return next(iter(found))


_FRAMES = re.compile("[()（）]")


def broker_in_words(name, village) -> str:
    """As a roster writes a broker, of whom several may have a name: 马占海（大煤洞村）."""
    return f"{name}（{_short_name(village)}）"


@lru_cache(maxsize=2_000)
def _short_name(village) -> str:
    return Village(name=village).short_name


def _with_villages(brokers):
    """Numbers under the name alone, and under the name with its village."""
    for pk, name, village in brokers.values_list(Coalesce("merged_into_id", "pk"), "name", "village__name"):
        yield from ((pk, name), (pk, name + _short_name(village)))


def _in_group(code, name, group) -> Read:
    return Read(code, f"{name} {group}", also=(("group_name", group),)) if group else Read(code)


def group_number(group) -> str:
    """What tells whether 三社 and 第3组 are the same."""
    bare = re.sub("^第|(?:村民小组|小组|社|组|队)$", "", folded(group))
    return str(number(bare) or bare)


def _cleaned(text) -> str:
    return re.sub(r"[\s,，、/／\-—>→·()（）]+", "", plain(text)).removeprefix("中国")


def _path_to(county) -> re.Pattern:
    """What an address has before the township: 青海省西宁市大通县."""
    names = [sorted(_names_of(county[:length]), key=len, reverse=True) for length in (2, 4, 6)]
    return re.compile("^" + "".join(f"(?:{'|'.join(map(re.escape, known))})?" for known in names))


def _by_name(rows, stop="镇乡") -> dict[str, set]:
    """Codes or numbers by folded name; a township also without 镇 or 乡 where that leaves two characters."""
    found = defaultdict(set)
    for key, name in rows:
        found[folded(name)].add(key)
        if stop and len(name) > 2 and name[-1] in stop:
            found[folded(name[:-1])].add(key)
    return dict(found)


def _ways_to_write(village) -> set[str]:
    names = {folded(village.name), folded(village.short_name)}
    if village.name_latin:
        names.add(folded(village.name_latin))
    stem = folded(village.short_name).removesuffix("社区").removesuffix("牧村").removesuffix("村")
    return names | {stem} if len(stem) > 1 else names


def _days_of_stopping(county) -> dict[tuple[str, int], object]:
    stopped = {}
    for kind, model in (("broker", Broker), ("point", CooperationPoint)):
        rows = model.objects.filter(county_id=county, stopped_on__isnull=False).values_list("pk", "stopped_on")
        stopped |= {(kind, pk): day for pk, day in rows}
    return stopped

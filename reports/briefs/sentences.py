"""How a brief says its facts: whole sentences, in English and in Chinese, each a message of its own.

A sentence whose number is hidden or not known is not said. Numbers come from the facts alone.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _now

from laborreg import rounding
from laborreg.months import Month
from laborreg.rounding import rounded, whole
from reports import comparing, derived, destinations, suppression
from reports.briefs.words import A_HEAD, BOTH, DONE, INCOME, ON_MONTH, ON_YEAR, PACE, TITLES, TRIPS
from reports.models import INCOME as INCOME_TARGET
from reports.targets import ON_PACE, YUAN_IN_WAN
from workers.ledger import BY_KEY

LANGUAGES = ("en", "zh-hans")
PLACES, TOWNSHIPS, REASONS, NAMES = 5, 3, 3, 20

def number(value: int) -> str:
    return f"{value:,}"


def signed(value: int) -> str:
    return f"+{value:,}" if value > 0 else f"−{-value:,}" if value < 0 else "0"


def percent(part: int, whole: int) -> str:
    return f"{rounded(part * 100, 1, divisor=whole)}%"


def money(yuan: int) -> str:
    """As an office says a large sum: 11,234,500 yuan; 1,123.45万元."""
    if (get_language() or "en").startswith("zh"):
        return _now("%(n)s × 10,000 yuan") % {"n": f"{rounded(yuan, 2, divisor=YUAN_IN_WAN):,}"}
    return _now("%(n)s yuan") % {"n": number(yuan)}


def place(named: dict) -> str:
    """A county, township or village of the facts, as Area.label shows it."""
    if (get_language() or "en").startswith("zh") or not named["latin"]:
        return named["name"]
    return f"{named['latin']} {named['name']}"


def titles(paragraph: dict) -> dict[str, str]:
    """{language: heading} of a paragraph; an own one has the officer's in both."""
    if paragraph["title"]:
        return dict.fromkeys(LANGUAGES, paragraph["title"])
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(TITLES[paragraph["key"]])
    return found


def paragraph(facts: dict, key: str) -> str:
    """What is generated of one paragraph, in the language of now; nothing where no sentence can be said."""
    said = getattr(Telling(facts), key)()
    return ("" if (get_language() or "en").startswith("zh") else " ").join(str(each) for each in said)


def in_both(facts: dict, key: str) -> dict[str, str]:
    """{language: text}."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = paragraph(facts, key)
    return found


def here(texts: dict[str, str]) -> str:
    """Of texts by language, the one of now."""
    return texts["zh-hans" if (get_language() or "en").startswith("zh") else "en"]


class Telling:
    """The sentences of one brief: a method a paragraph, under the paragraph's key."""

    def __init__(self, facts: dict):
        self.facts, self.figures, self.month = facts, facts["figures"], Month.parse(facts["month"])

    # What the sentences ask.

    def now(self, key):
        """A number that may be said; None where it is hidden or not known."""
        value = self.figures[key][0]
        return value if isinstance(value, int) else None

    def all_of(self, *keys) -> list[int] | None:
        values = [self.now(key) for key in keys]
        return None if None in values else values

    def change(self, key, *, on_year=False):
        """None where there is nothing to compare with."""
        now, month_before, year_before = self.figures[key]
        found = comparing.change(now, year_before if on_year else month_before)
        return found if found and found.share is not None else None

    def row(self, n) -> dict:
        """The figures of now (0), a month before (1) or a year before (2), what is hidden as None."""
        return {key: value[n] if isinstance(value[n], int) else None for key, value in self.figures.items()}

    def largest(self, keys, most=None) -> list[tuple[str, int]]:
        known = [(key, self.now(key)) for key in keys if self.now(key)]
        return sorted(known, key=lambda pair: -pair[1])[:most]

    def listed(self, pairs, whole: int) -> str:
        """Guangdong (320, 16.5%), Zhejiang (210, 10.9%)."""
        return _join(
            _now("%(what)s (%(n)s, %(share)s)") % {"what": what, "n": number(n), "share": percent(n, whole)} for what, n in pairs
        )

    def parted(self, whole: str, keys: Iterable[str]) -> str:
        """The parts of a whole in their order, those of nobody left out; nothing where one is hidden."""
        values, total = self.all_of(*keys), self.now(whole)
        if not values or not total:
            return ""
        return self.listed([(str(BY_KEY[key].label), n) for key, n in zip(keys, values, strict=True) if n], total)

    # The paragraphs.

    def headline(self):
        away = self.now("away")
        if away is None:
            return
        words = {"month": self.month.label, "area": place(self.facts["area"]), "n": number(away)}
        yield ngettext(
            "At the end of %(month)s, %(n)s person of %(area)s was working away from home.",
            "At the end of %(month)s, %(n)s people of %(area)s were working away from home.", away,
        ) % words
        yield from self._changes("away")
        if moves := self.all_of("left", "came_home"):
            left, came_home = map(number, moves)
            yield _now("During the month there were %(left)s departures and %(came_home)s homecomings.") % {
                "left": left, "came_home": came_home,
            }

    def _changes(self, key):
        month, year = self.change(key), self.change(key, on_year=True)
        both = month and year and BOTH.get((month.direction, year.direction))
        if both:
            yield both % {
                "m": number(month.distance), "ms": month.percent, "y": number(year.distance), "ys": year.percent,
            }
        else:
            yield from (
                words[change.direction] % {"n": number(change.distance), "share": change.percent}
                for change, words in ((month, ON_MONTH), (year, ON_YEAR)) if change
            )
        standing = self.facts["standing"]
        if (month or year) and standing["received"] < standing["expected"]:
            yield _now("Changes compare the %(n)s villages that are in with themselves.") % {"n": number(standing["received"])}

    def year(self):
        transferred = self.now("transferred")
        if transferred is not None:
            yield ngettext(
                "By the end of %(month)s, %(n)s person had been transferred to work this year.",
                "By the end of %(month)s, %(n)s people had been transferred to work this year.", transferred,
            ) % {"month": self.month.label, "n": number(transferred)}
        force = self.all_of("transferred.in_force", "labor_force")
        if force and force[1]:
            yield _now("%(n)s of them belong to the labor force, which is %(share)s of its %(force)s people.") % {
                "n": number(force[0]), "share": percent(*force), "force": number(force[1]),
            }
        yield from self._changed(TRIPS, "trips", lambda n: {"trips": number(n)})
        if (first := self.now("transferred.first")) is not None and transferred:
            yield ngettext(
                "%(n)s person went out to work for the first time.", "%(n)s people went out to work for the first time.", first,
            ) % {"n": number(first)}

    def _changed(self, words, key, said, shown=number):
        """A year figure beside a year before; without one, by itself."""
        now = self.now(key)
        if now is None:
            return
        change = self.change(key, on_year=True)
        beside = {"n": shown(change.distance), "share": change.percent} if change else {}
        yield words[change.direction if change else None] % (said(now) | beside)

    def destinations(self):
        away = self.now("away")
        if not away:
            return
        if there := self.now("away.other_province"):
            yield ngettext(
                "%(n)s person, %(share)s of all, works in another province.",
                "%(n)s people, %(share)s of all, work in other provinces.", there,
            ) % {"n": number(there), "share": percent(there, away)}
        home = self.facts["area"]["code"][:2]
        known = [(code, n) for code, n in self.facts["places"] if isinstance(n, int) and code != home][:PLACES]
        if known:
            named = [(destinations.short_name(code), n) for code, n in known]
            yield _now("Outside the own province most are in %(places)s.") % {"places": self.listed(named, away)}
        near = [f"away.{part}" for part in ("county", "prefecture", "province")]
        if parts := self.parted("away", near):
            yield _now("Inside the own province: %(parts)s.") % {"parts": parts}
        # With other provinces and the own one the parts add up to all who are away.
        if abroad := self.now("away.abroad"):
            yield ngettext(
                "%(n)s person, %(share)s of all, works abroad.", "%(n)s people, %(share)s of all, work abroad.", abroad,
            ) % {"n": number(abroad), "share": percent(abroad, away)}

    def who(self):
        away = self.now("away")
        if not away:
            return
        sexes = self.all_of("away.male", "away.female")
        if sexes:
            men, women = sexes
            yield _now("%(men)s of them are men (%(men_share)s) and %(women)s are women (%(women_share)s).") % {
                "men": number(men), "men_share": percent(men, away), "women": number(women),
                "women_share": percent(women, away),
            }
        ages = [f"away.age_{band}" for band in ("under_26", "26_40", "41_50", "51_60", "over_60", "unknown")]
        if parts := self.parted("away", ages):
            yield _now("By age: %(parts)s.") % {"parts": parts}
        if parts := self.parted("away", ["away.primary", "away.secondary", "away.tertiary", "away.sector_unknown"]):
            yield _now("By sector: %(parts)s.") % {"parts": parts}
        if parts := self.parted("away", ["away.organized", "away.self", "away.channel_unknown"]):
            yield _now("By how they found the work: %(parts)s.") % {"parts": parts}
        organized = self.all_of("trips.organized", "trips")
        if organized and organized[1]:
            yield _now("Of this year's %(trips)s person-times, %(n)s were organized: a degree of organization of %(share)s.") % {
                "trips": number(organized[1]), "n": number(organized[0]), "share": percent(*organized),
            }
        if poor := self.all_of("away.relieved", "away.monitored"):
            yield _now("%(relieved)s of those away come from households lifted from poverty, "
                       "%(monitored)s from households under monitoring.") % {
                "relieved": number(poor[0]), "monitored": number(poor[1]),
            }

    def income(self):
        yield from self._changed(
            INCOME, "income", lambda n: {"month": self.month.label, "sum": money(n)}, shown=money,
        )
        yield from self._a_head()
        if (month := self.now("income_month")) is not None:
            yield _now("In %(month)s alone they earned %(sum)s.") % {"month": self.month.label, "sum": money(month)}
        if missing := self.now("pay_missing"):
            yield ngettext(
                "The pay of %(n)s person at work is not known and counts as 0.",
                "The pay of %(n)s people at work is not known and counts as 0.", missing,
            ) % {"n": number(missing)}

    def _a_head(self):
        now, before = (_a_head(self.row(n)) for n in (0, 2))
        if now is None:
            return
        change = comparing.change(now, before)
        change = change if change and change.share is not None else None
        beside = {"n": number(change.distance), "share": change.percent} if change else {}
        yield A_HEAD[change.direction if change else None] % ({"yuan": number(now)} | beside)

    def homecomings(self):
        came_home = self.now("came_home")
        if came_home is None:
            return
        yield ngettext(
            "%(n)s homecoming was registered in %(month)s.", "%(n)s homecomings were registered in %(month)s.", came_home,
        ) % {"n": number(came_home), "month": self.month.label}
        reasons = self.largest([key for key in BY_KEY if key.startswith("came_home.reason_")], REASONS)
        if reasons:
            named = [(str(BY_KEY[key].label), n) for key, n in reasons]
            yield _now("Why they came: %(reasons)s.") % {"reasons": self.listed(named, came_home)}
        yield from self._at_home()

    def _at_home(self):
        home = self.now("home")
        if home:
            yield ngettext(
                "%(n)s person who came home lately is still there.", "%(n)s people who came home lately are still there.", home,
            ) % {"n": number(home)}
            plans = self.largest([key for key in BY_KEY if key.startswith("home.")])
            if plans:
                named = [(str(BY_KEY[key].label), n) for key, n in plans]
                yield _now("What they do now: %(plans)s.") % {"plans": self.listed(named, home)}
        if again := self.now("left_again"):
            yield ngettext(
                "%(n)s departure was of somebody who had come home before.",
                "%(n)s departures were of people who had come home before.", again,
            ) % {"n": number(again)}

    def townships(self):
        rows = [row for row in self.facts["townships"] if isinstance(row["away"], int)]
        if not rows:
            return
        complete = [row for row in rows if row["received"] >= row["expected"]]
        most = sorted(complete, key=lambda row: (-row["away"], row["code"]))[:TOWNSHIPS]
        most = [_now("%(place)s (%(n)s)") % {"place": place(row), "n": number(row["away"])} for row in most if row["away"]]
        if most and len(complete) < len(rows):
            yield _now("Of the townships whose villages are all in, the most people are away from %(places)s.") % {
                "places": _join(most),
            }
        elif most:
            yield _now("The most people are away from %(places)s.") % {"places": _join(most)}
        moved = sorted(self._moved(rows), key=lambda pair: pair[1])
        if rose := [(row, n) for row, n in reversed(moved) if n > 0][:TOWNSHIPS]:
            yield _now("Against last month the number rose most in %(places)s.") % {"places": self._by(rose)}
        if fell := [(row, n) for row, n in moved if n < 0][:TOWNSHIPS]:
            yield _now("It fell most in %(places)s.") % {"places": self._by(fell)}

    def _moved(self, rows):
        """Not of a township where one or two more or fewer are away: that would be their own matter."""
        for row in rows:
            change = comparing.change(row["away"], row["before"])
            if change and change.distance >= suppression.SMALL:
                yield row, change.amount

    def _by(self, moved) -> str:
        return _join(_now("%(place)s (by %(n)s)") % {"place": place(row), "n": number(abs(n))} for row, n in moved)

    def targets(self):
        """Of each kind of target that stands: how much, of how much; and whether the year is where its season was."""
        for kind, (target, done, line) in self.facts["targets"].items():
            shown = money if kind == INCOME_TARGET else number
            rate = done / target
            yield DONE[kind] % {"target": shown(target), "done": shown(done), "rate": rounding.percent(rate)}
            if rate < 1 and line is not None:
                due = line / 1000
                pace = "level" if abs(rate - due) < ON_PACE else "ahead" if rate > due else "behind"
                yield PACE[pace] % {"line": rounding.percent(due)}

    def completeness(self):
        standing = self.facts["standing"]
        words = {"expected": number(standing["expected"]), "received": number(standing["received"])}
        if standing["received"] >= standing["expected"]:
            yield ngettext(
                "The return of the %(expected)s village is in.", "The returns of all %(expected)s villages are in.",
                standing["expected"],
            ) % words
            return
        yield _now("%(received)s of %(expected)s villages are in; the figures are those of these villages.") % words
        yield _now("Missing: %(names)s.") % {"names": self._missing()}

    def _missing(self) -> str:
        """By name; where there are many, how many of each township."""
        rows = self.facts["missing"]
        by_township: dict[str, list[dict]] = {}
        for row in rows:
            by_township.setdefault(row["township"]["code"], []).append(row)
        if len(rows) <= NAMES:
            return _now("; ").join(
                _now("%(township)s: %(villages)s") % {
                    "township": place(group[0]["township"]), "villages": _join(place(row) for row in group),
                } for group in by_township.values()
            )
        return _join(
            ngettext("%(n)s village of %(township)s", "%(n)s villages of %(township)s", len(group)) % {
                "n": number(len(group)), "township": place(group[0]["township"]),
            } for group in by_township.values()
        )

    def quality(self):
        backed = self.all_of("unnamed", "away")
        if backed and backed[1]:
            unnamed, away = backed
            if unnamed:
                yield _now("%(share)s of those away are known by name; %(n)s are in groups that are not named yet.") % {
                    "share": percent(away - unnamed, away), "n": number(unnamed),
                }
            else:
                yield _now("Everybody who is away is known by name.")
        late = self.all_of("late.left", "late.came_home", "late.income")
        if late and any(late):
            left, came_home, yuan = late
            yield _now("What came late corrects earlier months of this year: departures %(left)s, homecomings %(came_home)s, "
                       "labor income %(yuan)s yuan.") % {
                "left": signed(left), "came_home": signed(came_home), "yuan": signed(yuan),
            }
        elif late:
            yield _now("Nothing was recorded late of earlier months of this year.")

    def standing(self):
        standing = self.facts["standing"]
        if standing["seal"]:
            yield _now("The figures are those of the sealed month, version %(number)s of %(day)s; "
                       "they do not change any more.") % {
                "number": standing["seal"], "day": _moment(standing["sealed_at"]),
            }
        else:
            yield _now("The figures are provisional, as of %(moment)s, and may still change: %(approved)s of the "
                       "%(received)s returns that are in are approved.") % {
                "moment": _moment(self.facts["at"]), "approved": number(standing["approved"]),
                "received": number(standing["received"]),
            }
        yield _now("Numbers of one or two people are not printed.")


def _join(items: Iterable[str]) -> str:
    return _now(", ").join(items)


def _a_head(row: dict) -> int | None:
    if row["income"] is None or not row["transferred"]:
        return None
    return whole(derived.income_per_person(row))


def _moment(iso: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(iso)), "Y-m-d H:i")

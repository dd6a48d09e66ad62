"""Who counts for a broker in a year under a scheme: one definition in SQL, for both databases.

The page, the command and the drawing up of claims ask this definition; docs/indicators.md tells it in sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db import connection, transaction

from laborreg import bulk
from laborreg.codes import after
from support.models import Claim, ClaimLine, Scheme

DIALECTS = {
    "sqlite": {"earlier": "MIN", "later": "MAX", "day": "julianday"},
    "postgresql": {"earlier": "LEAST", "later": "GREATEST", "day": ""},
}

# Of brokers merged into another, the other one is paid. `is_asked`: of those for whom it is counted now.
BEARER = """
bearer AS (
    SELECT named.id AS named, payee.id AS payee, {is_asked} AS is_asked
    FROM brokers_broker named JOIN brokers_broker payee ON payee.id = COALESCE(named.merged_into_id, named.id)
    WHERE payee.county_id = %(county)s {only_filed}
)"""
ONLY_FILED = """AND payee.filed_on < %(stop)s AND NOT EXISTS (
        SELECT 1 FROM brokers_filingstep revoked
        WHERE revoked.broker_id = payee.id AND revoked.step = 'revoked' AND revoked."on" < %(stop)s AND NOT EXISTS (
            SELECT 1 FROM brokers_filingstep restored
            WHERE restored.broker_id = payee.id AND restored.step = 'restored' AND restored."on" < %(stop)s
              AND restored.id > revoked.id))"""

# A stay is one transfer; its days are those within the year, an open one's through 31 December.
STAY = """
stay AS (
    SELECT t.id AS transfer, t.worker_id AS worker, bearer.payee, bearer.is_asked, t.started_on, t.pay, t.contract, t.insurance,
           CAST({day}({earlier}(COALESCE(t.ended_on, %(stop)s), %(stop)s))
                - {day}({later}(t.started_on, %(start)s)) AS integer) AS days
    FROM bearer
    JOIN workers_transfer t ON t.broker_id = bearer.named
    JOIN workers_worker w ON w.id = t.worker_id
    WHERE t.voided_at IS NULL AND t.channel = 'broker' AND t.county_id = %(county)s
      AND t.started_on < %(stop)s AND (t.ended_on IS NULL OR t.ended_on > %(start)s)
      AND w.voided_at IS NULL AND w.merged_into_id IS NULL {only_of_these}
)"""
# Where only some brokers are asked for, other brokers' stays of the same workers still compete with theirs.
ONLY_OF_THESE = """AND t.worker_id IN (
          SELECT own.worker_id FROM workers_transfer own JOIN bearer mine ON mine.named = own.broker_id WHERE mine.is_asked)"""

# Workers who count in a claim that stays: every stored one but those that this counting replaces. One who was entered twice
# is the entry that stayed.
HELD = """
held AS (
    SELECT DISTINCT COALESCE(w.merged_into_id, w.id) AS worker, claim.scheme_id AS scheme, claim.broker_id AS broker
    FROM support_claimline line JOIN support_claim claim ON claim.id = line.claim_id
    JOIN workers_worker w ON w.id = line.worker_id
    JOIN brokers_broker payee ON payee.id = claim.broker_id
    WHERE line.county_id = %(county)s AND line.year = %(year)s AND line.verdict = 'counts'
      AND NOT (claim.scheme_id = %(scheme)s AND claim.state = 'drawn' AND {is_asked})
)"""

# The first rule that speaks against a stay; NULL where none does. Columns are named one by one: what a sort carries costs.
CHECKED = """
checked AS MATERIALIZED (
    SELECT transfer, worker, payee, is_asked, days, started_on, {refusal} AS refusal FROM stay
)"""
# Only stays that pass compete for their worker.
JUDGED = """
judged AS (
    SELECT transfer, worker, payee, days, refusal AS verdict FROM checked WHERE is_asked AND refusal IS NOT NULL
    UNION ALL
    SELECT ranked.transfer, ranked.worker, ranked.payee, ranked.days,
           CASE WHEN ranked.place > 1 THEN 'twice' WHEN held.worker IS NOT NULL THEN 'elsewhere' ELSE 'counts' END
    FROM (
        SELECT transfer, worker, payee, is_asked, days,
               ROW_NUMBER() OVER (PARTITION BY worker ORDER BY days DESC, started_on, transfer) AS place
        FROM checked WHERE refusal IS NULL
    ) ranked
    LEFT JOIN held ON held.worker = ranked.worker AND NOT (held.scheme = %(scheme)s AND held.broker = ranked.payee)
    WHERE ranked.is_asked
)"""

# A broker's workers who count by the shortest length that they reach; NULL: stays that do not count.
SIZED = """
sized AS (
    SELECT tallied.*, SUM(CASE WHEN reached IS NULL THEN 0 ELSE stays END) OVER (PARTITION BY payee) AS persons
    FROM (
        SELECT payee, CASE WHEN verdict = 'counts' THEN {reached} END AS reached, COUNT(*) AS stays
        FROM judged GROUP BY 1, 2
    ) tallied
)"""
BAND = """LEFT JOIN support_schemeband band ON band.scheme_id = %(scheme)s
    AND band.size_from <= {persons} AND (band.size_to IS NULL OR band.size_to >= {persons})
    AND band.days_from <= {days} AND (band.days_to IS NULL OR band.days_to >= {days})"""

COUNTED = f"""
SELECT sized.payee, sized.persons, sized.reached, sized.stays, COALESCE(band.amount, 0)
FROM sized {BAND.format(persons="sized.persons", days="sized.reached")}
ORDER BY sized.payee, sized.reached"""

CLAIMS = """
SELECT DISTINCT %(county)s, %(scheme)s, %(year)s, broker.id, village.township_id, 'drawn', 0, 0,
       %(by)s, %(at)s, '', 1
FROM stay
JOIN brokers_broker broker ON broker.id = stay.payee
JOIN villages_village village ON village.code = broker.village_id
WHERE stay.is_asked AND NOT EXISTS (
    SELECT 1 FROM support_claim claim
    WHERE claim.scheme_id = %(scheme)s AND claim.year = %(year)s AND claim.broker_id = broker.id)"""

# In the order of the workers: two countings at once then wait for each other instead of blocking each other.
LINES = f"""
SELECT claim.id, %(county)s, %(year)s, t.worker_id, t.id, t.version, t.village_id, w.name, t.employer, t.started_on,
       t.ended_on, told.days, t.pay, told.verdict, CASE WHEN told.verdict = 'counts' THEN COALESCE(band.amount, 0) ELSE 0 END
FROM (
    SELECT judged.*, SUM(CASE WHEN verdict = 'counts' THEN 1 ELSE 0 END) OVER (PARTITION BY payee) AS persons FROM judged
) told
JOIN support_claim claim ON claim.scheme_id = %(scheme)s AND claim.year = %(year)s
    AND claim.broker_id = told.payee AND claim.state = 'drawn'
JOIN workers_transfer t ON t.id = told.transfer
JOIN workers_worker w ON w.id = told.worker
{BAND.format(persons="told.persons", days="told.days")}
ORDER BY t.worker_id"""

CLAIM_COLUMNS = [
    "county", "scheme", "year", "broker", "township", "state", "persons", "amount", "drawn_by", "drawn_at",
    "sent_back_reason", "version",
]
LINE_COLUMNS = [
    "claim", "county", "year", "worker", "transfer", "transfer_version", "village", "name", "employer", "started_on",
    "ended_on", "days", "pay", "verdict", "amount",
]


@dataclass(frozen=True)
class Part:
    """Workers of one length of stay: `persons` × `yuan`."""

    days_from: int
    persons: int
    yuan: int

    @property
    def amount(self) -> int:
        return self.persons * self.yuan


@dataclass
class Count:
    """One broker's claim as it is counted now. `stays`: all that were looked at."""

    broker: int
    stays: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def persons(self) -> int:
        return sum(part.persons for part in self.parts)

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True)
class Counting:
    """A scheme and year, of all brokers of the county or of some: those of a place, or the named ones."""

    scheme: Scheme
    year: int
    place: str = ""
    brokers: Iterable[int] | None = None

    def counts(self) -> dict[int, Count]:
        """Broker → what the claim would be; brokers without any stay in the year are not in it."""
        found = {}
        for broker, _persons, reached, stays, yuan in self._fetched(COUNTED, ["held", "checked", "judged", "sized"]):
            count = found.setdefault(broker, Count(broker))
            count.stays += stays
            if reached is not None:
                count.parts.append(Part(reached, stays, yuan))
        return found

    def insert_claims(self, *, by, at):
        """A claim still empty for every broker with a stay in the year who has none."""
        moment = bulk.encoded([Claim._meta.get_field("drawn_at")], [(at,)])[0][0]
        self._insert(Claim, CLAIM_COLUMNS, CLAIMS, [], {"by": by.pk, "at": moment})

    def insert_lines(self):
        """A line for every stay, in the claims that are only drawn up."""
        self._insert(ClaimLine, LINE_COLUMNS, LINES, ["held", "checked", "judged"], {})

    def _insert(self, model, names, select, parts, more):
        quote = connection.ops.quote_name
        columns = ", ".join(quote(model._meta.get_field(name).column) for name in names)
        with connection.cursor() as cursor:
            into = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
            cursor.execute(f"{into} {self._with(parts)} {self._filled(select)}", self._given | more)

    def _fetched(self, select, parts):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Compiling takes longer than it saves, and what is sorted of a county fits into memory.
                cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '128MB'")
            cursor.execute(f"{self._with(parts)} {self._filled(select)}", self._given)
            return cursor.fetchall()

    def _with(self, parts) -> str:
        texts = {"held": HELD, "checked": CHECKED, "judged": JUDGED, "sized": SIZED}
        return "WITH " + ",".join(self._filled(text) for text in (BEARER, STAY, *[texts[part] for part in parts]))

    def _filled(self, text) -> str:
        """The text for the configured database and for the rules that the scheme sets."""
        return text.format(
            **DIALECTS[connection.vendor], is_asked=self._is_asked, refusal=self._refusal, reached=self._reached,
            only_filed=ONLY_FILED if self.scheme.filed_only else "",
            only_of_these=ONLY_OF_THESE if self._is_of_some else "",
        )

    @property
    def _is_of_some(self) -> bool:
        return self.brokers is not None or len(self.place) > 6

    @property
    def _is_asked(self) -> str:
        if self.brokers is not None:
            return f"payee.id IN ({', '.join(str(int(pk)) for pk in self.brokers) or 'NULL'})"
        return "payee.village_id >= %(place)s AND payee.village_id < %(after_place)s"

    @property
    def _refusal(self) -> str:
        """The first rule that speaks against a stay, in the order of codes.VERDICTS; NULL where none does."""
        scheme, earned = self.scheme, "(2 * CAST(pay AS bigint) * days + 30) / 60"
        rules = [
            ("too_short", True, "days < %(fewest)s"),
            ("no_pay", scheme.pay_floor is not None or scheme.earned_floor is not None, "pay IS NULL"),
            ("low_pay", scheme.pay_floor is not None, "pay < %(pay_floor)s"),
            ("low_earned", scheme.earned_floor is not None, f"{earned} < %(earned_floor)s"),
            ("no_contract", scheme.contract_needed, "contract <> 'yes'"),
            ("no_insurance", scheme.insurance_needed, "insurance <> 'yes'"),
        ]
        cases = " ".join(f"WHEN {against} THEN '{verdict}'" for verdict, is_set, against in rules if is_set)
        return f"CASE {cases} END"

    @property
    def _reached(self) -> str:
        steps = sorted({band.days_from for band in self._bands}, reverse=True)
        return f"CASE {' '.join(f'WHEN days >= {step} THEN {step}' for step in steps)} END"

    @cached_property
    def _bands(self):
        return list(self.scheme.bands.all())

    @property
    def _given(self) -> dict:
        place = self.place or self.scheme.county_id
        return {
            "county": self.scheme.county_id, "scheme": self.scheme.pk, "year": self.year,
            "place": place, "after_place": after(place),
            "start": date(self.year, 1, 1).isoformat(), "stop": date(self.year + 1, 1, 1).isoformat(),
            "fewest": min((band.days_from for band in self._bands), default=0),
            "pay_floor": self.scheme.pay_floor, "earned_floor": self.scheme.earned_floor,
        }


def recounted(claims) -> dict[int, Count]:
    """Claim → what it would be if these were drawn up again now and every other stayed as it is."""
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.scheme, claim.year), []).append(claim)
    found = {}
    for (scheme, year), group in groups.items():
        counts = Counting(scheme, year, brokers=[claim.broker_id for claim in group]).counts()
        found |= {claim.pk: counts.get(claim.broker_id) or Count(claim.broker_id) for claim in group}
    return found

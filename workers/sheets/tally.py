"""How many rows there are of each kind, kept in Batch.counts so that no page counts rows."""

from collections import Counter

from workers.sheets.problems import FAULTS, LEFT_OUT, PROBLEMS, WARNING, WRONG

# So many different texts of one problem are told apart; the rest stand together.
MOST_TEXTS = 500


class Tally:
    """verdicts; problems (the weightiest of each row); groups [problem, column, text, rows], of which a row is in as many as it
    has faults; warnings; persons; trips; normalized by column."""

    def __init__(self, counts=None):
        counts = counts or {}
        self.outcomes = Counter({tuple(key): number for *key, number in counts.get("outcomes", [])})
        self.groups = Counter({tuple(key): number for *key, number in counts.get("groups", [])})
        self.warnings = Counter(counts.get("warnings", {}))
        self.normalized = Counter(counts.get("normalized", {}))

    def add(self, row, sign=1):
        """A Row, or a StagedRow to be taken out with -1."""
        says = row.said
        self.outcomes[(row.verdict, row.problem, says.get("person", ""), says.get("trip", ""))] += sign
        if row.problems:
            self._add_problems(row.problems, sign)
        for column in {each[0] for each in row.normalized} if row.normalized else ():
            self.normalized[column] += sign

    def _add_problems(self, problems, sign):
        for key in dict.fromkeys(_group(*problem) for problem in problems if PROBLEMS[problem[1]].weight in FAULTS):
            self._add_to_group(key, sign)
        for code in {each[1] for each in problems}:
            if PROBLEMS[code].weight == WARNING:
                self.warnings[code] += sign

    def _add_to_group(self, key, sign):
        """Its own, or that of the rest; a row leaves the group in which it was counted."""
        has_own = self.groups[key] > 0 if sign < 0 else key in self.groups or len(self.groups) < MOST_TEXTS
        if not has_own:
            key = *key[:2], ""
        self.groups[key] = max(self.groups[key] + sign, 0)

    def as_json(self) -> dict:
        verdicts, problems, persons, trips = Counter(), Counter(), Counter(), Counter()
        for (verdict, problem, person, trip), number in self.outcomes.items():
            verdicts[verdict] += number
            problems[problem] += number
            if verdict not in (WRONG, "doubt", LEFT_OUT):
                persons[person] += number
                trips[trip] += number
        return {
            "verdicts": _kept(verdicts), "problems": _kept(problems), "persons": _kept(persons), "trips": _kept(trips),
            "warnings": _kept(self.warnings), "normalized": _kept(self.normalized),
            "outcomes": [[*key, number] for key, number in self.outcomes.items() if number],
            "groups": sorted(([*key, number] for key, number in self.groups.items() if number), key=lambda group: -group[3]),
        }


def _group(column, code, _words, text) -> tuple[str, str, str]:
    return code, column, text if PROBLEMS[code].grouped else ""


def _kept(counter) -> dict:
    return {key: number for key, number in counter.items() if number and key}

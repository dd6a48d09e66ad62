"""Doubts (疑点): records that look wrong, doubtful or incomplete. docs/doubts.md tells each rule and what it stands for.

A rule is one small function over a person, a person's transfer, or a household, all in `RULES`. `finding` keeps the
table of doubts in step with the ledger: after each save for those concerned, and every night for everybody.
"""

from workers.doubts import of_households, of_people, of_trips
from workers.doubts.rule import MISSING, SEVERITIES, SUSPECT, WRONG, Rule

RULES: list[Rule] = [*of_people.RULES, *of_trips.RULES, *of_households.RULES]
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def of_severity(severity: str) -> list[str]:
    """The codes of the rules of a severity."""
    return [rule.code for rule in RULES if rule.severity == severity]


__all__ = ["BY_CODE", "MISSING", "RULES", "SEVERITIES", "SUSPECT", "WRONG", "Rule", "of_severity"]

"""What is worked out from figures when shown: never stored, never added."""


def _share(part, whole):
    return part / whole if whole else None


def share_transferred(figures) -> float | None:
    return _share(figures["transferred.in_force"], figures["labor_force"])


def degree_of_organization(figures) -> float | None:
    return _share(figures["trips.organized"], figures["trips"])


def income_per_person(figures) -> float | None:
    """Whole-year income up to the month, yuan a transferred person."""
    return _share(figures["income"], figures["transferred"])


def income_per_trip(figures) -> float | None:
    return _share(figures["income"], figures["trips"])


def names_behind(figures) -> float | None:
    return 1 - figures["unnamed"] / figures["away"] if figures["away"] else None


def change(now, before) -> float | None:
    """Relative change; None where there is nothing to compare with."""
    return (now - before) / before if before else None

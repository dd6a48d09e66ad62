"""Tables that every county finds ready: what bureaus are asked for."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from laborreg.months import Month
from reports.tables import asking
from reports.tables.counting import Question
from reports.tables.titles import title_of


@dataclass(frozen=True)
class Ready:
    name: Any
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    measure: str = "away"
    filters: tuple = ()

    def question(self, area: str, month: Month | None, *, sees_people: bool) -> Question:
        """For an area and month; None is today."""
        source = "month" if month else "today"
        return fitting(Question(source, area, month, self.rows, self.columns, self.filters, self.measure), sees_people)

    def called(self, question: Question):
        """Its name; by villages it says so, as the table itself does."""
        return self.name if question.rows == self.rows else title_of(question)


READY = [
    Ready(_("Away, by township and province of destination"), ("township",), ("province",)),
    Ready(_("Away, by industry and sex"), ("section",), ("sex",)),
    Ready(_("Away, by age and sex"), ("age_5",), ("sex",)),
    Ready(_("Labor income this year, by township"), ("township",), measure="income"),
    Ready(_("Households lifted from poverty: people away, by how far they went"), ("township",), ("region",),
          "away.relieved"),
    Ready(_("People under monitoring at work and at home"), ("township",), ("state",), "persons",
          (("monitored", ("yes",)),)),
    Ready(_("Persons transferred this year, by township and how far they went"), ("township",), ("region",), "transferred"),
    Ready(_("Person-times this year, organized or on their own"), ("township",), ("organized",), "trips"),
    Ready(_("Mean pay, by industry and sex"), ("section",), ("sex",), "mean_pay"),
    Ready(_("How the work was found, by age"), ("channel",), ("age",)),
    Ready(_("Labor force, by education and sex"), ("education",), ("sex",), "labor_force"),
    Ready(_("At work without a known pay"), ("township",), ("form",), "pay_missing"),
    Ready(_("Away, by township and sex"), ("township",), ("sex",)),
    Ready(_("Away, by township and age"), ("township",), ("age",)),
    Ready(_("Away, by township and sector"), ("township",), ("sector",)),
]


def fitting(question: Question, sees_people: bool) -> Question:
    """Below the county a table by townships is one by villages, for who may see them."""
    named = {*question.rows, *question.columns}
    if len(question.area) < 9 or not sees_people or "village" in named:
        return question
    rows, columns = (
        tuple("village" if name == "township" else name for name in names) for names in (question.rows, question.columns)
    )
    return replace(question, rows=rows, columns=columns)


def usual(area: str, month: Month | None, *, sees_people: bool) -> dict:
    """What the page answers before anything is asked."""
    return asking.spec_of(READY[0].question(area, month, sees_people=sees_people)) | {"columns": ["region"]}

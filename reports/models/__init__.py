"""What the room keeps, a file a noun."""

from reports.models.drop_cases import DropCase
from reports.models.month import (
    APPROVED,
    DRAFT,
    LOCKED,
    OPEN_AGAIN,
    REOPENED,
    SENT_BACK,
    SUBMITTED,
    CellMessage,
    CountyMonth,
    EarlierTotal,
    Extension,
    FigureColumns,
    FiledEvent,
    FiledFlow,
    FiledLine,
    FiledRow,
    MonthlyReturn,
    Reminder,
    ReturnVersion,
    Scan,
    Seal,
    SealTotal,
    TownshipReport,
)
from reports.models.spot_checks import SpotCheck, SpotCheckPerson

__all__ = [
    "APPROVED", "DRAFT", "LOCKED", "OPEN_AGAIN", "REOPENED", "SENT_BACK", "SUBMITTED", "CellMessage", "CountyMonth",
    "DropCase", "EarlierTotal", "Extension", "FigureColumns", "FiledEvent", "FiledFlow", "FiledLine", "FiledRow",
    "MonthlyReturn", "Reminder", "ReturnVersion", "Scan", "Seal", "SealTotal", "SpotCheck", "SpotCheckPerson",
    "TownshipReport",
]

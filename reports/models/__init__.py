"""What the room keeps, a file a noun."""

from reports.models.blanks import Binding, Blank, BlankVersion, FilledBlank
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

__all__ = [
    "APPROVED", "DRAFT", "LOCKED", "OPEN_AGAIN", "REOPENED", "SENT_BACK", "SUBMITTED", "Binding", "Blank", "BlankVersion",
    "CellMessage", "CountyMonth", "EarlierTotal", "Extension", "FigureColumns", "FiledEvent", "FiledFlow", "FiledLine",
    "FiledRow", "FilledBlank", "MonthlyReturn", "Reminder", "ReturnVersion", "Scan", "Seal", "SealTotal", "TownshipReport",
]

"""What the room keeps, a file a noun."""

from reports.models.blanks import Binding, Blank, BlankVersion, FilledBlank
from reports.models.briefs import Brief, BriefVersion
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
from reports.models.tables import SavedTable
from reports.models.targets import INCOME, START_UPS, TRAINING, TRANSFERS, AssessmentWeights, Target

__all__ = [
    "APPROVED", "DRAFT", "INCOME", "LOCKED", "OPEN_AGAIN", "REOPENED", "SENT_BACK", "START_UPS", "SUBMITTED",
    "TRAINING", "TRANSFERS", "AssessmentWeights", "Binding", "Blank", "BlankVersion", "Brief", "BriefVersion",
    "CellMessage", "CountyMonth", "DropCase", "EarlierTotal", "Extension", "FigureColumns", "FiledEvent",
    "FiledFlow", "FiledLine", "FiledRow", "FilledBlank", "MonthlyReturn", "Reminder", "ReturnVersion", "SavedTable",
    "Scan", "Seal", "SealTotal", "SpotCheck", "SpotCheckPerson", "Target", "TownshipReport",
]

"""What the room keeps, a file a noun: the ledger, and the sheets on their way into it and out of it."""

from workers.models.distinct import DistinctPair
from workers.models.doubts import Doubt, DoubtQuerySet
from workers.models.drafts import Draft
from workers.models.export_requests import ExportRequest, ExportRequestQuerySet
from workers.models.groups import UnnamedGroup
from workers.models.households import Household, HouseholdStatus
from workers.models.moves import MoveRequest, MoveRequestQuerySet
from workers.models.notices import Notice
from workers.models.people import FormerMembership, Worker, WorkerQuerySet
from workers.models.phones import Phone
from workers.models.registrations import Registration
from workers.models.rosters import Roster
from workers.models.sheets import Batch, Matching, StagedRow
from workers.models.transfers import Transfer, TransferQuerySet
from workers.models.visits import Verification, VerificationQuerySet

__all__ = [
    "Batch", "DistinctPair", "Doubt", "DoubtQuerySet", "Draft", "ExportRequest", "ExportRequestQuerySet",
    "FormerMembership", "Household", "HouseholdStatus", "Matching", "MoveRequest", "MoveRequestQuerySet", "Notice", "Phone",
    "Registration", "Roster", "StagedRow", "Transfer", "TransferQuerySet", "UnnamedGroup", "Verification",
    "VerificationQuerySet", "Worker", "WorkerQuerySet",
]

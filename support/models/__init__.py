"""What the room keeps, a file a noun: subsidy schemes, the claims built from the ledger, and the training of workers."""

from support.models.claims import Claim, ClaimLine
from support.models.schemes import Scheme, SchemeBand
from support.models.training import TrainedWorker, TrainingCourse

__all__ = ["Claim", "ClaimLine", "Scheme", "SchemeBand", "TrainedWorker", "TrainingCourse"]

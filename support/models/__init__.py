"""What the room keeps, a file a noun: subsidy schemes, and the claims that are built from the ledger."""

from support.models.claims import Claim, ClaimLine
from support.models.schemes import Scheme, SchemeBand

__all__ = ["Claim", "ClaimLine", "Scheme", "SchemeBand"]

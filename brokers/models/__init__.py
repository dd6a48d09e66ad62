"""What the room keeps, a file a noun: the register, its filing, the association, training, and what was said against a broker."""

from brokers.models.associations import Association, Membership, Post
from brokers.models.brokers import Broker, BrokerQuerySet
from brokers.models.complaints import Complaint
from brokers.models.courses import Attendance, Course
from brokers.models.filings import FilingStep, Publication

__all__ = [
    "Association", "Attendance", "Broker", "BrokerQuerySet", "Complaint", "Course", "FilingStep", "Membership", "Post",
    "Publication",
]

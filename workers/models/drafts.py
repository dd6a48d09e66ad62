"""What is typed and not saved yet."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What an officer has typed of a record but not saved yet; enciphered, as it holds an ID number."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20)
    cipher = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    # The record it became: a second save of the same draft answers with the first one's.
    became = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField()

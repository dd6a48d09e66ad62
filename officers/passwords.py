"""The password rule of GB/T 22239: a mix of characters."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class MixedCharacters:
    """At least two of: letters, digits, other signs."""

    KINDS = [r"[A-Za-z]", r"[0-9]", r"[^A-Za-z0-9]"]

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in self.KINDS) < 2:
            raise ValidationError(self.get_help_text(), code="password_not_mixed")

    def get_help_text(self):
        return _("Mix at least two of letters, digits and signs.")

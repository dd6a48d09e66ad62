"""The password rules: a mix of characters, as GB/T 22239 asks, and nothing that everybody around would guess."""

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


class NotThePlace:
    """Not the name of the officer's village, township or county, in characters or in pinyin."""

    def validate(self, password, user=None):
        plain = re.sub(r"[^\w]", "", password.casefold())
        if any(name in plain for name in self._names(user)):
            raise ValidationError(self.get_help_text(), code="password_of_the_place")

    def get_help_text(self):
        return _("Leave the name of your place out of the password.")

    def _names(self, user):
        """Beginnings of the names, since people write 桥头 for 桥头镇 and Qiaotou for Qiaotou Town."""
        area = getattr(user, "place", None)
        while area is not None:
            if len(area.short_name) > 1:
                yield area.short_name[:2]
            latin = re.sub(r"[^a-z]", "", area.name_latin.split(" ")[0].casefold())
            if len(latin) > 3:
                yield latin
            area = getattr(area, "township", None) or getattr(area, "county", None)

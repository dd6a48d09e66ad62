"""The password rules: what GB/T 22239 or ASVS asks (settings.PASSWORD_RULES), and nothing that everybody around would guess."""

import re

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

# GB/T 22239 leaves the number open; a year's worth of changes.
KEPT = 5
# What people here choose and the library's list, made from leaks of the West, does not hold.
COMMON_HERE = [
    "woaini", "wodemima", "mima", "nihao", "woshi", "laoban", "zhongguo", "laodong", "renshe", "jiuye", "5201314",
    "1314520", "qq123", "abc123", "a123456", "admin", "root", "demo", "test", "password", "passw0rd", "p@ssw0rd",
    "p@ssword", "qwert", "1qaz2wsx", "1q2w3e", "qazwsx", "zaq12wsx", "asdfgh", "zxcvbn", "123qwe", "welcome", "huawei",
]


class Argon2(Argon2PasswordHasher):
    """As OWASP's cheat sheet on password storage has it (19 MiB, two passes, one lane).

    The library's own measure takes 100 MiB and eight lanes a password: an office that signs in at one moment would
    use up the memory and both cores of a small server. docs/decisions/0019-second-factor.md tells what was measured.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class Rule:
    """One reason to refuse a password: whether it `says` so of the plain text, and what the officer is told."""

    def validate(self, password, user=None):
        if self.says(password, user):
            raise ValidationError(self.get_help_text(), code=type(self).__name__)


class MixedCharacters(Rule):
    """At least two of: letters, digits, other signs."""

    KINDS = [r"[A-Za-z]", r"[0-9]", r"[^A-Za-z0-9]"]

    def says(self, password, user):
        return sum(bool(re.search(kind, password)) for kind in self.KINDS) < 2

    def get_help_text(self):
        return _("Mix at least two of letters, digits and signs.")


class NotCommonHere(Rule):
    """Not a word that many choose, with no more than digits, signs and a letter around it; not one sign over and over."""

    def says(self, password, user):
        plain = password.casefold()
        around = r"[\d\W_]*"
        is_common = any(re.fullmatch(f"[a-z]?{around}{re.escape(word)}{around}[a-z]?", plain) for word in COMMON_HERE)
        return is_common or len(set(plain)) < 4

    def get_help_text(self):
        return _("Many people choose this password. Choose one of your own.")


class NotANumber(Rule):
    """Not digits alone: a phone, a birthday, an ID number or the end of one, with or without its X."""

    def says(self, password, user):
        return bool(re.fullmatch(r"[\d\s-]+[xX]?", password))

    def get_help_text(self):
        return _("Do not take a number, such as a phone, a birthday or the end of an ID number.")


class NotOneself(Rule):
    """Not the own name, in characters or pinyin, the account, or the end of the own phone."""

    def says(self, password, user):
        plain = re.sub(r"[^\w]", "", password.casefold())
        return any(own in plain for own in self._own(user))

    def get_help_text(self):
        return _("Leave your name, account and phone out of the password.")

    def _own(self, user):
        name, account = getattr(user, "name", ""), getattr(user, "username", "").casefold()
        phone = re.sub(r"\D", "", getattr(user, "phone", ""))
        yield from [name.casefold()] if len(name) > 1 else []
        yield from (word for word in (pinyin(name), account) if len(word) > 3)
        yield from [phone[-6:]] if len(phone) > 6 else []


class NotThePlace(Rule):
    """Not the name of the officer's village, township or county, in characters or in pinyin."""

    def says(self, password, user):
        plain = re.sub(r"[^\w]", "", password.casefold())
        return any(name in plain for name in self._names(user))

    def get_help_text(self):
        return _("Leave the name of your place out of the password.")

    def _names(self, user):
        """Beginnings of the names, since people write 桥头 for 桥头镇 and Qiaotou for Qiaotou Town."""
        area = getattr(user, "place", None)
        while area is not None:
            if len(area.short_name) > 1:
                yield area.short_name[:2]
            latin = re.sub(r"[^a-z]", "", area.name_latin.split(" ")[0].casefold())
            yield from (word for word in {latin, pinyin(area.short_name[:2])} if len(word) > 3)
            area = getattr(area, "township", None) or getattr(area, "county", None)


class NotUsedBefore(Rule):
    """None of the last passwords, nor the one in use."""

    def says(self, password, user):
        used = list(user.old_passwords.values_list("password", flat=True)[:KEPT]) if getattr(user, "pk", None) else []
        return any(check_password(password, old) for old in used)

    def get_help_text(self):
        return _("You had this password before. Choose another one.")


def pinyin(text: str) -> str:
    return re.sub(r"[^a-z]", "", "".join(lazy_pinyin(text)).casefold())

"""Who may see which rows: the only road from an officer to the rows of a place."""

from django.db import models

from laborreg.codes import under_any
from officers import scope


class ScopedQuerySet(models.QuerySet):
    """Rows of places. A model says in `scope_column` which of its columns holds the code of the row's own place."""

    def visible_to(self, officer):
        """Rows at or under the officer's postings of today; no posting, no row."""
        scope.asked.set(True)
        return self.filter(under_any(self.model.scope_column, officer.posts))

    def under(self, code: str):
        """Rows at or under an area's code."""
        return self.filter(under_any(self.model.scope_column, [code]))

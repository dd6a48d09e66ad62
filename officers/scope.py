"""Whether a request has asked for rows as somebody may see them; the gate finds by it a page that forgot to."""

from contextvars import ContextVar

# Set by every `visible_to`, cleared by the gate with each request.
asked: ContextVar[bool] = ContextVar("asked", default=False)

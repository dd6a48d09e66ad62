"""What an officer is told when a thing cannot be done."""


class Refusal(Exception):
    """An action that the office does not allow now; its text is shown to the officer as it is."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message

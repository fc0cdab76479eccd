"""The roots of every error a person may cause; features name the facts."""


class BusinessError(Exception):
    """A rule was not met; the message says to a person what is wrong and what would be right."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the message and, where there is one, the name of the form field it belongs to."""
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(Exception):
    """There is no such row, or it is outside the reader's scope; both look the same from outside."""

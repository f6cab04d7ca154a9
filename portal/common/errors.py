"""How a service refuses: in a sentence that staff can read, beside the field where there is one."""

from django.core.exceptions import PermissionDenied


class NotPossible(Exception):
    """What was asked cannot be done. Nothing was changed.

    `sentence` says why and what to do next; `field_errors` maps form field names to texts.
    """

    def __init__(self, sentence: str, field_errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field_errors = field_errors or {}


class NotAllowed(PermissionDenied):
    """The person's role does not include it. Nothing was changed.

    No page has to catch it: Django answers with 403 and the page that says whom to ask.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(NotPossible):
    """Somebody else saved the same row meanwhile; what was typed is kept in the form."""

"""How a service refuses: in a sentence that staff can read, beside the field where there is one."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied

from portal.common.texts import Text, Words, shown


class NotPossible(Exception):
    """What was asked cannot be done. Nothing was changed.

    `sentence` says why and what to do next; `field_errors` maps form field names to texts.
    """

    def __init__(
        self,
        sentence: Text | Words,
        field_errors: Mapping[str, Sequence[Text | Words]] | None = None,
    ) -> None:
        self.sentence = shown(sentence)
        super().__init__(self.sentence)
        self.field_errors = {
            name: [shown(one) for one in some] for name, some in (field_errors or {}).items()
        }


class NotAllowed(PermissionDenied):
    """The person's role does not include it. Nothing was changed.

    No page has to catch it: Django answers with 403 and the page that says whom to ask.
    """

    def __init__(self, sentence: Text | Words) -> None:
        self.sentence = shown(sentence)
        super().__init__(self.sentence)


class Stale(NotPossible):
    """Somebody else saved the same row meanwhile; what was typed is kept in the form."""

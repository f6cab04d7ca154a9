"""What a kind of record can be asked for; the adapter calls what the capabilities offer."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from integrations.base.records import Draft, Fields, Page, Record


class Verbs(ABC):
    """One kind of record. `parent` is the external id of what it belongs to."""

    @abstractmethod
    def sweep(self, parent: str) -> Iterator[Page]:
        """List all of them."""

    def get(self, external_id: str) -> Record:
        """Read one."""
        raise NotImplementedError

    def create(self, draft: Draft) -> Record:
        """Make one."""
        raise NotImplementedError

    def update(self, shown: Record, changes: Fields) -> None:
        """Send what has changed."""
        raise NotImplementedError

    def delete(self, external_id: str) -> None:
        """Remove one."""
        raise NotImplementedError

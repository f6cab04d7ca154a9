"""One kind of record of one account: what an adapter is made of where a room has many kinds."""

from collections.abc import Iterator

from integrations.base.records import Draft, Fields, Page, Record


class KindAdapter:
    """Our verbs for one kind. An adapter calls those that its capabilities offer, and no others.

    `parent_id` is the external id of what the records belong to, empty for what has no parent.
    Every method may raise the errors of `integrations.base.errors`.
    """

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All records, page by page, changing nothing."""
        raise NotImplementedError

    def get(self, external_id: str) -> Record:
        """Read one; raises RecordNotFound."""
        raise NotImplementedError

    def create(self, draft: Draft) -> Record:
        """Make one; the record is as the platform shows it, as far as it does."""
        raise NotImplementedError

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """Send what has changed; answers the record as now shown, if the platform does."""
        raise NotImplementedError

    def delete(self, external_id: str) -> None:
        """Remove one; raises RecordNotFound where it is gone already."""
        raise NotImplementedError

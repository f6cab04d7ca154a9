"""Words that staff put on people, to find them again."""

from django.db import models

from portal.conferences.models.folded import Folded, FoldedField, key_of
from portal.conferences.models.people import Attendee

LONGEST_TAG = 60  # characters


class Tag(Folded):
    """A word on people. Case and accents make no other tag: "Presse" and "presse" are one.

    It is kept here alone, and no platform hears of it.
    """

    name = models.CharField(max_length=LONGEST_TAG)
    people = models.ManyToManyField(Attendee, related_name="tags", blank=True)
    sort_key = FoldedField(source="_sort_key", unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def _sort_key(self) -> str:
        return key_of(self.name)

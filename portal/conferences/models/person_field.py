"""Columns of the house's own on people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.reader import own
from portal.conferences.models.folded import Folded, FoldedField, key_of


class PersonField(Folded):
    """One column of the house's own, which every person may have a value in.

    The values stand on the person (`Attendee.own`), under this row's key. No platform hears of
    them. The sort is chosen once: values of another sort could not be read any more.
    """

    class Kind(models.TextChoices):
        TEXT = own.TEXT, _("Text")
        NUMBER = own.NUMBER, _("Number")
        DATE = own.DATE, _("Date")
        CHOICE = own.CHOICE, _("Choice")
        YES_NO = own.YES_NO, _("Yes or no")

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    listed = models.BooleanField(_("shown in the list of people"), default=False)
    position = models.PositiveIntegerField(default=0)
    sort_key = FoldedField(source="_sort_key", unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def _sort_key(self) -> str:
        return key_of(self.name)

    @property
    def column(self) -> own.OwnColumn:
        """As the reader knows it."""
        choices = tuple(self.choices)
        return own.OwnColumn(str(self.pk), self.name, self.kind, choices, self.listed)

"""People and the groups that staff put them into."""

from collections.abc import Mapping

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import languages
from portal.common.reader.own import Value, sought
from portal.conferences.models.base import Mirrored
from portal.conferences.models.folded import Folded, FoldedField, key_of
from portal.platforms.models import PlatformAccount


def sort_key(first: str, last: str) -> str:
    """Where a person stands in a list: by the last name, or the only one."""
    return key_of(last, first) if last else key_of(first, "")


def search_key(email: str, first: str, last: str, company: str) -> str:
    """By what a person is found."""
    local, _, domain = email.partition("@")
    return key_of(f"{first} {last}", local, domain, company)


def mailbox(email: str) -> str:
    """The address without what most providers pass over: case, dots, and what follows a plus."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def own_key(values: Mapping[str, Value]) -> str:
    """The values of own columns as a filter looks for them: one between two ends of lines."""
    return "".join(f"\n{key}:{sought(value)}\n" for key, value in values.items())


def _of_standing(name: str, *fields: str) -> models.Index:
    """An index of a list's order: it holds all that is needed to find a page far from the start."""
    return models.Index(fields=fields, condition=models.Q(merged_into=None), name=name)


class _Kept(models.Manager["Attendee"]):
    """Without the entries that were merged into others."""

    def get_queryset(self) -> models.QuerySet["Attendee"]:
        return super().get_queryset().filter(merged_into=None)


class Attendee(Folded):
    """A person; the e-mail address, in lower case, is who they are within the portal.

    An entry that was merged into another stays where a platform knows its address; whoever is
    met by that address is the person in `merged_into`.
    """

    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    company = models.CharField(max_length=200, blank=True)
    country = models.CharField(
        max_length=2, blank=True, help_text=gettext_lazy("ISO 3166 code of two letters.")
    )
    language = models.CharField(
        max_length=languages.LONGEST,
        blank=True,
        validators=[languages.check],
        help_text=gettext_lazy("In which they are written to. Empty: that of the account."),
    )
    notes = models.TextField(blank=True)
    own = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Values of columns of one's own, by the column's key."),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    search_key = FoldedField(source="_search_key")
    sort_key = FoldedField(source="_sort_key")
    company_key = FoldedField(source="_company_key")
    mailbox_key = FoldedField(source="_mailbox_key")
    own_key = FoldedField(source="_own_key")
    webinars_counted = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("As last counted: for the order of lists."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = models.Manager()
    standing = _Kept()

    class Meta:
        ordering = ["sort_key", "email"]
        indexes = [
            _of_standing("attendee_by_name", "sort_key", "email", "id"),
            _of_standing("attendee_by_company", "company_key", "sort_key", "id"),
            _of_standing("attendee_by_webinars", "webinars_counted", "sort_key", "id"),
            _of_standing("attendee_by_age", "created_at", "id"),
            _of_standing("attendee_by_mailbox", "mailbox_key"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def _search_key(self) -> str:
        return search_key(self.email, self.first_name, self.last_name, self.company)

    def _sort_key(self) -> str:
        return sort_key(self.first_name, self.last_name)

    def _company_key(self) -> str:
        return key_of(self.company)

    def _mailbox_key(self) -> str:
        return mailbox(self.email)

    def _own_key(self) -> str:
        return own_key(self.own)

    @property
    def name(self) -> str:
        """First and last name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def language_name(self) -> str:
        """The language in words, or nothing."""
        return languages.name_of(self.language)

    @property
    def kept(self) -> "Attendee":
        """Who this is: itself, or the person that it was merged into."""
        return self.merged_into or self


class _Standing(models.Manager["AttendeeGroup"]):
    """Without those that staff have deleted and that only wait until their platform agrees."""

    def get_queryset(self) -> models.QuerySet["AttendeeGroup"]:
        return super().get_queryset().filter(removed_at=None)


class AttendeeGroup(Folded, Mirrored):
    """A list of people who are invited together.

    `objects`, also by relations, leaves out those that staff have deleted; the sync, which still
    has to tell the platform, asks `with_deleted`.

    One with an `account` stands on that platform too, and its members with it; one without is
    kept here alone. Either is invited to webinars on any platform. One with a `rule` is kept here
    alone, and who is in it is worked out whenever it is used (`clauses`).
    """

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    account = models.ForeignKey(
        PlatformAccount, null=True, blank=True, on_delete=models.SET_NULL, related_name="groups"
    )
    members = models.ManyToManyField(Attendee, through="Membership", related_name="groups")
    rule = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Who is in a group by rule; there are no memberships then."),
    )
    sort_key = FoldedField(source="_sort_key", db_index=True)

    objects = _Standing()
    with_deleted = models.Manager()

    class Meta:
        ordering = ["sort_key", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(removed_at=None), name="one_group_per_name"
            ),
            models.CheckConstraint(
                condition=models.Q(rule__isnull=True) | models.Q(account__isnull=True),
                name="a_rule_stands_here_alone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _sort_key(self) -> str:
        return key_of(self.name)


class Membership(Mirrored):
    """One person in one group."""

    group = models.ForeignKey(AttendeeGroup, on_delete=models.CASCADE, related_name="memberships")
    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "attendee"], name="once_in_a_group")
        ]

    def __str__(self) -> str:
        return _("%(attendee)s in %(group)s") % {"attendee": self.attendee, "group": self.group}

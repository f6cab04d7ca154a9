"""People and the groups that staff put them into."""

from django.db import models

from portal.conferences.models.base import Mirrored


class Attendee(models.Model):
    """A person; the e-mail address, in lower case, is who they are within the portal."""

    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    company = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code of two letters.")
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["last_name", "first_name", "email"]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """First and last name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()


class AttendeeGroup(models.Model):
    """A list of people who are invited together."""

    name = models.CharField(max_length=200, unique=True)
    description = models.TextField(blank=True)
    members = models.ManyToManyField(Attendee, through="Membership", related_name="groups")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(Mirrored):
    """One person in one group."""

    group = models.ForeignKey(AttendeeGroup, on_delete=models.CASCADE, related_name="memberships")
    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "attendee"], name="once_in_a_group")
        ]

    def __str__(self) -> str:
        return f"{self.attendee} in {self.group}"

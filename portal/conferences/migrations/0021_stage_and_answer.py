"""How far each person has come: invited, waiting, registered; and what they answered."""

from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone


def remember_who_was_invited(apps, schema_editor):
    """Whoever has an invitation of ours was invited when it was written."""
    registrations = apps.get_model("conferences", "Registration").objects
    letters = apps.get_model("conferences", "Invitation").objects.filter(
        registration=OuterRef("pk"), purpose="invite"
    )
    first = letters.order_by().values("registration").annotate(at=Min("created_at")).values("at")
    registrations.filter(invitations__purpose="invite").update(invited_at=Subquery(first))


def withdraw_who_is_not_registered(apps, schema_editor):
    """What came before knows of registered people alone, and would tell platforms of the others."""
    registrations = apps.get_model("conferences", "Registration").objects
    rows = registrations.exclude(stage="registered").filter(removed_at=None)
    rows.update(removed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("conferences", "0020_jobs_on_groups")]

    operations = [
        migrations.RemoveIndex(model_name="registration", name="standing_at_conference"),
        migrations.RemoveIndex(model_name="registration", name="standing_of_attendee"),
        migrations.AddField(
            model_name="registration",
            name="stage",
            field=models.CharField(
                choices=[
                    ("invited", "Invited"),
                    ("approval", "Waiting for approval"),
                    ("waitlisted", "On the waiting list"),
                    ("registered", "Registered"),
                ],
                default="registered",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Yes"), ("maybe", "Maybe"), ("no", "No")],
                help_text="What the person said.",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="invited_at",
            field=models.DateTimeField(
                blank=True, help_text="When staff first invited them.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["conference", "removed_at", "stage"], name="at_conference_by_stage"
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["attendee", "removed_at", "stage"], name="of_attendee_by_stage"
            ),
        ),
        migrations.RunPython(remember_who_was_invited, withdraw_who_is_not_registered),
    ]

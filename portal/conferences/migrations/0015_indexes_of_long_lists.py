"""Indexes that hold the order of a long list, or what is counted in it."""

import django.db.models.deletion
import portal.conferences.models.folded
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0014_counted_and_mailbox"),
        ("platforms", "0009_sentences_as_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendee",
            name="company_key",
            field=portal.conferences.models.folded.FoldedField(
                blank=True, default="", editable=False, source="_company_key"
            ),
        ),
        migrations.AlterField(
            model_name="attendee",
            name="sort_key",
            field=portal.conferences.models.folded.FoldedField(
                blank=True, default="", editable=False, source="_sort_key"
            ),
        ),
        migrations.AlterField(
            model_name="change",
            name="conference",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="conferences.conference",
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="attendee",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="conferences.attendee",
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="conference",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="registrations",
                to="conferences.conference",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["sort_key", "email", "id"],
                name="attendee_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["company_key", "sort_key", "id"],
                name="attendee_by_company",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["webinars_counted", "sort_key", "id"],
                name="attendee_by_webinars",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["created_at", "id"],
                name="attendee_by_age",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["mailbox_key"],
                name="attendee_by_mailbox",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["conference", "id"], name="change_of_conference"),
        ),
        migrations.AddIndex(
            model_name="conference",
            index=models.Index(fields=["people_counted", "id"], name="conference_by_people"),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["conference", "removed_at"], name="standing_at_conference"),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["attendee", "removed_at"], name="standing_of_attendee"),
        ),
    ]

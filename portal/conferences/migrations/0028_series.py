"""Conferences that belong together. No row is touched, and the index is that of few rows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.common.clock


def let_look(apps, schema_editor):
    """Every role may look at them in the administration, as at the other ledgers."""
    using = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    kind, _ = types.get_or_create(app_label="conferences", model="series")
    given = {"content_type": kind, "codename": "view_series"}
    made, _ = permissions.get_or_create(**given, defaults={"name": "Can view series"})
    for group in groups.filter(name__in=["Viewer", "Event staff", "Administrator"]):
        group.permissions.add(made)


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0027_groups_by_rule"),
        ("platforms", "0002_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=500)),
                (
                    "rule",
                    models.CharField(help_text="As RFC 5545 writes it (RRULE).", max_length=200),
                ),
                ("timezone", models.CharField(max_length=64)),
                ("first_at", models.DateTimeField()),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=portal.common.clock.now),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name_plural": "series", "ordering": ["-id"]},
        ),
        migrations.AddField(
            model_name="conference",
            name="series",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conferences",
                to="conferences.series",
            ),
        ),
        migrations.AddField(
            model_name="conference",
            name="planned_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When its series has it. One that was moved alone starts at another time.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="conference",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series", "starts_at"],
                name="conference_of_series",
            ),
        ),
        migrations.RunPython(let_look, migrations.RunPython.noop),
    ]

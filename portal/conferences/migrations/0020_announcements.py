import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.common.clock


def let_look(apps, schema_editor):
    """Every role may look at them in the administration, as at mails. Django makes permissions only
    after all migrations: here they are wanted now."""
    using = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    kind, _ = types.get_or_create(app_label="conferences", model="announcement")
    given = {"content_type": kind, "codename": "view_announcement"}
    made, _ = permissions.get_or_create(**given, defaults={"name": "Can view announcement"})
    for group in groups.filter(name__in=["Viewer", "Event staff", "Administrator"]):
        group.permissions.add(made)


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0019_people_read_in_one_index"),
        ("platforms", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("invite", "Invited"), ("reschedule", "Changed"), ("cancel", "Cancelled"), ("withdraw", "Withdrawn"), ("assign", "Assigned"), ("unassign", "Taken off")], max_length=10)),
                ("purpose", models.CharField(choices=[("invite", "Invitation"), ("update", "Change"), ("cancel", "Cancellation")], max_length=10)),
                ("note", models.TextField(blank=True)),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                ("people", models.JSONField(default=list)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=portal.common.clock.now)),
                ("conference", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="announcements", to="conferences.conference")),
                ("created_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(let_look, migrations.RunPython.noop),
    ]

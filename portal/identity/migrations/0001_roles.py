"""A role is a permission. The groups that were roles by their name are given theirs."""

from django.db import migrations, models

PERMISSIONS = (
    ("view_portal", "Can look at everything (role Viewer)"),
    ("act_as_staff", "Can plan, invite and answer (role Event staff)"),
    ("administer_accounts", "Can connect accounts (role Administrator)"),
)
# Each role includes the one before it.
GROUPS = ("Viewer", "Event staff", "Administrator")


def grant(apps, schema_editor):
    """Django makes permissions only after all migrations: here they are wanted now."""
    using = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    kind, _ = types.get_or_create(app_label="identity", model="portal")
    held = []
    for (codename, name), group_name in zip(PERMISSIONS, GROUPS, strict=True):
        given = {"content_type": kind, "codename": codename}
        held.append(permissions.get_or_create(**given, defaults={"name": name})[0])
        group, _ = groups.get_or_create(name=group_name)
        group.permissions.add(*held)


def take_back(apps, schema_editor):
    using = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    permissions.filter(content_type__app_label="identity").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("platforms", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Portal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={"permissions": PERMISSIONS, "managed": False, "default_permissions": ()},
        ),
        migrations.RunPython(grant, take_back),
    ]

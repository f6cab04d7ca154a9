"""Every role may look at jobs, and at what is read by the minute, in the administration."""

from django.db import migrations

SEEN = (("conferences", "job"), ("sync", "watched"))
ROLES = ("Viewer", "Event staff", "Administrator")


def let_look(apps, schema_editor):
    """Django makes permissions only after all migrations: here they are wanted now."""
    using = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using).filter(name__in=ROLES)
    for app, model in SEEN:
        kind, _ = types.get_or_create(app_label=app, model=model)
        given = {"content_type": kind, "codename": f"view_{model}"}
        made, _ = permissions.get_or_create(**given, defaults={"name": f"Can view {model}"})
        for group in groups:
            group.permissions.add(made)


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0012_watched"),
        ("conferences", "0018_jobs"),
        ("platforms", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(let_look, migrations.RunPython.noop)]

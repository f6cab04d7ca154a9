"""The three roles as Django groups, with what each may do in the administration.

What a person may do on the staff's pages is decided by permissions of portal.identity; those
that are given here open the administration's own pages, for those who are let in at all (is_staff).
"""

from django.db import migrations

VIEWER, STAFF, ADMINISTRATOR = "Viewer", "Event staff", "Administrator"

# What exists to be looked at. Of the ledgers nothing can be added or edited by anybody.
EVENTS = ["conference", "moderator", "attendee", "attendeegroup", "membership", "registration"]
RESULTS = ["invitation", "session", "attendance", "recording", "change"]
LEDGERS = [("outbox", "outboxentry"), ("sync", "platformlink"), ("sync", "syncrun"),
           ("sync", "hold"), ("sync", "conflict")]
VIEWED = [*(("conferences", name) for name in (*EVENTS, *RESULTS)), *LEDGERS,
          ("platforms", "platformaccount")]
# "change" on a ledger is what its buttons ask for: try again, release the brake.
ACTED_ON = [*(("conferences", name) for name in EVENTS), ("conferences", "recording"),
            ("conferences", "invitation"), ("outbox", "outboxentry"), ("sync", "hold"),
            ("sync", "conflict")]
PEOPLE = [("auth", "user"), ("auth", "group")]


def _wanted():
    """Group -> (app, model, action) triples."""
    view = {(app, model, "view") for app, model in VIEWED}
    act = {(app, model, "change") for app, model in ACTED_ON}
    act |= {("conferences", name, action) for name in EVENTS for action in ("add", "delete")}
    act |= {("conferences", "recording", "delete")}
    run = {("platforms", "platformaccount", action) for action in ("add", "change", "delete")}
    run |= {(app, model, action) for app, model in PEOPLE
            for action in ("add", "change", "delete", "view")}
    return {VIEWER: view, STAFF: view | act, ADMINISTRATOR: view | act | run}


def make(apps, schema_editor):
    using = schema_editor.connection.alias
    group_model = apps.get_model("auth", "Group")
    made = {}
    for name, triples in _wanted().items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        for triple in sorted(triples):
            if triple not in made:
                made[triple] = _permission(apps, using, *triple)
        group.permissions.add(*(made[triple] for triple in triples))


def _permission(apps, using, app, model, action):
    """Django makes permissions only after all migrations: on a new database they are made here."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    kind, _ = types.get_or_create(app_label=app, model=model)
    words = apps.get_model(app, model)._meta.verbose_name
    permission, _ = permissions.get_or_create(
        content_type=kind, codename=f"{action}_{model}", defaults={"name": f"Can {action} {words}"}
    )
    return permission


def unmake(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=[VIEWER, STAFF, ADMINISTRATOR]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("platforms", "0001_initial"),
        ("outbox", "0001_initial"),
        ("conferences", "0001_initial"),
        ("sync", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]

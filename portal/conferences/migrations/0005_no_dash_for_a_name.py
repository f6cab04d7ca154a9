"""Earlier releases filled a missing last name with a dash, which came back from platforms."""

from django.db import migrations


def take_off(apps, schema_editor):
    apps.get_model("conferences", "Attendee").objects.filter(last_name="-").update(last_name="")


class Migration(migrations.Migration):
    dependencies = [("conferences", "0004_merged_into")]
    operations = [migrations.RunPython(take_off, migrations.RunPython.noop)]

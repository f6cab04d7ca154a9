from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conferences", "0037_waiting_for_approval")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="answers_there",
            field=models.TextField(
                blank=True,
                default="",
                editable=False,
                help_text="What stands in the platform's own fields of this registration.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="question",
            name="field_there",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

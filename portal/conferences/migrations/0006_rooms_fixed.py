from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0005_mail_news"),
        ("conferences", "0005_rooms_no_dash_for_a_name"),
    ]
    operations = [
        migrations.AddField(
            "moderator",
            "fixed",
            models.CharField(
                blank=True,
                default="",
                help_text="Why the platform never takes this person off.",
                max_length=200,
            ),
            preserve_default=False,
        ),
    ]

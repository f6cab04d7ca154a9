"""How many webinars may run at once on an account: as set, and as its platform told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platforms', '0014_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='accountruntime',
            name='rooms_told',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='webinars at the same time, as the platform told'),
        ),
        migrations.AddField(
            model_name='platformaccount',
            name='concurrent_rooms',
            field=models.PositiveIntegerField(blank=True, help_text='How many may run at once. Empty: what the platform has told, else not known.', null=True, verbose_name='webinars at the same time'),
        ),
    ]

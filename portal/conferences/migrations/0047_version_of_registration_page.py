from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0046_outcomes_of_date_polls'),
    ]

    operations = [
        migrations.AddField(
            model_name='registrationpage',
            name='version',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='Counts saves, so that two who edit at once learn of each other.'),
        ),
    ]

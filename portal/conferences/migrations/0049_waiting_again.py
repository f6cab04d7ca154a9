from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0048_words_of_date_polls'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='with_entry',
            field=models.BooleanField(editable=False, help_text='Whether a calendar entry came with it, where that is known.', null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='waits_again_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When somebody who had withdrawn went on the waiting list, having been registered.', null=True),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


def keep_pages(apps, schema_editor):
    """What was answered until now was asked by the page of its question."""
    Question = apps.get_model("conferences", "Question")
    answers = apps.get_model("conferences", "QuestionAnswer").objects
    page = Question.objects.filter(pk=models.OuterRef("question")).values("page")[:1]
    answers.filter(question__isnull=False).update(page=models.Subquery(page))


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0040_listed_columns'),
    ]

    operations = [
        migrations.AddField(
            model_name='questionanswer',
            name='page',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='conferences.registrationpage'),
        ),
        migrations.RunPython(keep_pages, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='registration',
            name='every_date',
            field=models.BooleanField(default=False, editable=False, help_text='Whether they registered for all dates of its series at once.'),
        ),
        migrations.AddField(
            model_name='registrationpage',
            name='dates',
            field=models.CharField(choices=[('all', 'All dates that lie ahead, at once'), ('chosen', 'Those that they choose, one at least')], default='all', max_length=10),
        ),
        migrations.AddField(
            model_name='registrationpage',
            name='series',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='registration_page', to='conferences.series'),
        ),
        migrations.AddField(
            model_name='unconfirmedregistration',
            name='dates',
            field=models.JSONField(blank=True, default=list, help_text='The dates that were chosen, by id; empty: all that lie ahead.'),
        ),
        migrations.AlterField(
            model_name='registrationpage',
            name='conference',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='registration_page', to='conferences.conference'),
        ),
        migrations.AddConstraint(
            model_name='registrationpage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('conference__isnull', False), ('series', None)), models.Q(('conference', None), ('series__isnull', False)), _connector='OR'), name='a_registration_page_has_one_owner'),
        ),
    ]

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

KINDS = [
    ("text", "A short text"),
    ("long", "A long text"),
    ("number", "A number"),
    ("date", "A date"),
    ("choice", "One of several"),
    ("several", "Any of several"),
    ("consent", "A consent to tick"),
]


def tell(apps, schema_editor):
    """Each answer is of the kind that its question has."""
    using = schema_editor.connection.alias
    answers = apps.get_model("conferences", "QuestionAnswer").objects.using(using)
    questions = apps.get_model("conferences", "Question").objects.using(using)
    of = questions.filter(pk=OuterRef("question")).values("kind")
    answers.exclude(question=None).update(kind=Subquery(of[:1]))


class Migration(migrations.Migration):
    dependencies = [("conferences", "0035_reminders_of_series")]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(choices=KINDS, default="text", max_length=10),
        ),
        migrations.AddField(
            model_name="question", name="least", field=models.FloatField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="question", name="most", field=models.FloatField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="questionanswer",
            name="kind",
            field=models.CharField(choices=KINDS, default="text", max_length=10),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]

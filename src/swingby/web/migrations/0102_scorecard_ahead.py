from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('swingby', '0101_disputes'),
    ]

    operations = [
        migrations.AddField(
            model_name='scorecard',
            name='ahead',
            field=models.JSONField(default=list),
        ),
    ]

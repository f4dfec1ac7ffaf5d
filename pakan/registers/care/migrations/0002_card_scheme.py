from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='issuedcard',
            name='scheme',
            field=models.CharField(default='enterprise', max_length=12),
        ),
    ]

"""Credit that is set aside while it is refunded."""

import django.db.models.deletion
from django.db import migrations, models

import pakan.registers.columns


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_late_charges")]
    operations = [
        migrations.CreateModel(
            name="CreditHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("key", models.CharField(max_length=60, unique=True)),
                ("amount", pakan.registers.columns.KipField()),
                ("at", models.DateTimeField()),
                (
                    "employer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.employer"),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE TRIGGER payments_credithold_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_credithold"
            " FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays()",
            "DROP TRIGGER payments_credithold_stays ON payments_credithold",
        ),
    ]

"""A notice asks for late charges beside the contribution, and money is set against them."""

from django.db import migrations, models

import pakan.registers.columns


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_payout_guard")]
    operations = [
        migrations.AddField("noticeline", "charges", pakan.registers.columns.KipField(default=0)),
        migrations.AddField("allocation", "to_charges", models.BooleanField(default=False)),
    ]

"""An account for money that is another fund's until it is passed on."""

from importlib import import_module

from django.db import migrations

guards = import_module("pakan.registers.ledger.migrations.0002_guards")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_refunds")]
    operations = [migrations.RunPython(guards.fill_chart, migrations.RunPython.noop)]

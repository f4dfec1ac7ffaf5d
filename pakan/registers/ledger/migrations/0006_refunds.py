"""An account for credit that is on its way back to employers."""

from importlib import import_module

from django.db import migrations

guards = import_module("pakan.registers.ledger.migrations.0002_guards")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_late_charges")]
    operations = [migrations.RunPython(guards.fill_chart, migrations.RunPython.noop)]

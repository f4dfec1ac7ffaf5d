"""What the fund owes to people, and what it paid them too much."""

from importlib import import_module

from django.db import migrations

guards = import_module("pakan.registers.ledger.migrations.0002_guards")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_benefit_accounts")]
    operations = [migrations.RunPython(guards.fill_chart, migrations.RunPython.noop)]

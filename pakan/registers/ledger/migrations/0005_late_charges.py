"""Accounts for late charges."""

from importlib import import_module

from django.db import migrations

guards = import_module("pakan.registers.ledger.migrations.0002_guards")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_benefits_payable")]
    operations = [migrations.RunPython(guards.fill_chart, migrations.RunPython.noop)]

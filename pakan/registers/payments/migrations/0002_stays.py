"""What is written here stays: a correction is a later version, never a change."""

from django.db import migrations

STAYS = """
CREATE TRIGGER payments_allocation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_allocation FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(STAYS, "DROP TRIGGER payments_allocation_stays ON payments_allocation;")]

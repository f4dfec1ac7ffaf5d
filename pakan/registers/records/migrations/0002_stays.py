"""What is written here stays: a correction is a later version, never a change."""

from django.db import migrations

STAYS = """
CREATE TRIGGER records_credit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_credit FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(STAYS, "DROP TRIGGER records_credit_stays ON records_credit;")]

"""What was chosen and what was asked for stays."""

from django.db import migrations

TABLES = ("voluntary_choice", "voluntary_asked")
GUARDS = "".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();"
    for table in TABLES
)
UNGUARD = "".join(f"DROP TRIGGER {table}_stays ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("voluntary", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]

"""What is written here stays: a correction is a later version, never a change."""

from django.db import migrations

STAYS = """
CREATE TRIGGER contributions_declaredwage_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON contributions_declaredwage FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
 CREATE TRIGGER contributions_declaration_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON contributions_declaration FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(STAYS, "DROP TRIGGER contributions_declaredwage_stays ON contributions_declaredwage; DROP TRIGGER contributions_declaration_stays ON contributions_declaration;")]

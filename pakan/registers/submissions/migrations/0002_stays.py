"""What was answered to an id stays for ever: no update, no delete."""

from django.db import migrations

GUARD = """
CREATE TRIGGER submissions_submission_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON submissions_submission
    FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""
UNGUARD = "DROP TRIGGER submissions_submission_stays ON submissions_submission;"


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

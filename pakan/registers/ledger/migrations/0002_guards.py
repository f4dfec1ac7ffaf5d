"""What nobody can walk around: a posting balances, and what is written stays."""

import tomllib
from pathlib import Path

from django.db import migrations

GUARDS = """
CREATE FUNCTION ledger_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE difference numeric; sides bigint; target bigint;
BEGIN
    target := CASE WHEN TG_TABLE_NAME = 'ledger_posting' THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'posting_id')::bigint END;
    SELECT coalesce(sum(debit) - sum(credit), 0), count(*) INTO difference, sides FROM ledger_entry WHERE posting_id = target;
    IF difference <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'posting % does not balance: % over % entries', target, difference, sides USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON ledger_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();

CREATE FUNCTION what_is_written_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused; write a correction instead', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER ledger_posting_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER ledger_entry_stays ON ledger_entry;
DROP TRIGGER ledger_posting_stays ON ledger_posting;
DROP TRIGGER ledger_entry_balances ON ledger_entry;
DROP TRIGGER ledger_posting_balances ON ledger_posting;
DROP FUNCTION ledger_must_balance();
DROP FUNCTION what_is_written_stays();
"""


def fill_chart(apps, schema_editor):
    chart = tomllib.loads((Path(__file__).parent.parent / "chart.toml").read_text(encoding="utf-8"))
    Account = apps.get_model("ledger", "Account")
    for row in chart["account"]:
        Account.objects.update_or_create(
            code=row["code"], defaults={"kind": row["kind"], "name_lo": row["lo"], "name_en": row["en"]}
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunPython(fill_chart, migrations.RunPython.noop),
    ]

"""The audit trail numbers, dates and chains itself, whoever writes; and what is written stays."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(1508, 1);
    SELECT number, hash INTO last FROM access_auditrow ORDER BY number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous := coalesce(last.hash, repeat('0', 64));
    NEW.hash := encode(sha256(convert_to(concat_ws(E'\\x1f',
        NEW.previous, NEW.number::text, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), NEW.actor,
        coalesce(NEW.account_id::text, ''), NEW.office, NEW.door, NEW.act, NEW.object, coalesce(NEW.person_id::text, ''),
        coalesce(NEW.employer_id::text, ''), NEW.purpose, NEW.request, NEW.digest), 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chains BEFORE INSERT ON access_auditrow FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditrow FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("ledger", "0002_guards")]
    operations = [
        migrations.RunSQL(
            CHAIN,
            "DROP TRIGGER audit_stays ON access_auditrow; DROP TRIGGER audit_chains ON access_auditrow; DROP FUNCTION audit_chain();",
        )
    ]

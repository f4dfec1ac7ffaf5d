"""What nobody can walk around: a stop needs two tries on different days and two people; what was seen stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION lives_stop_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE days integer; due date; closed timestamptz;
BEGIN
    SELECT count(DISTINCT on_day) INTO days FROM lives_contact WHERE check_of_id = NEW.check_of_id AND "end" <> 'alive';
    SELECT due_on, closed_at INTO due, closed FROM lives_lifecheck WHERE id = NEW.check_of_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.agreed IS NOT NULL OR days < 2 OR closed IS NOT NULL OR due >= (NEW.proposed_at AT TIME ZONE 'Asia/Vientiane')::date THEN
            RAISE EXCEPTION 'check %: % days of tries, due %', NEW.check_of_id, days, due USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.check_of_id, OLD.person_id, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM (NEW.check_of_id, NEW.person_id, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
        OR (OLD.agreed IS NOT NULL AND (OLD.agreed, OLD.decided_by_id, OLD.decided_at)
            IS DISTINCT FROM (NEW.agreed, NEW.decided_by_id, NEW.decided_at))
        OR OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'stop % stays as it was proposed and decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.agreed IS NULL AND NEW.agreed AND (days < 2 OR closed IS NOT NULL) THEN
        RAISE EXCEPTION 'check %: nothing is stopped before two tries on two days', NEW.check_of_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lives_stop_guard BEFORE INSERT OR UPDATE ON lives_stop FOR EACH ROW EXECUTE FUNCTION lives_stop_guard();

CREATE FUNCTION lives_check_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (OLD.person_id, OLD.why, OLD.due_on, OLD.opened_at)
        IS DISTINCT FROM (NEW.person_id, NEW.why, NEW.due_on, NEW.opened_at) THEN
        RAISE EXCEPTION 'check % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lives_check_guard BEFORE UPDATE ON lives_lifecheck FOR EACH ROW EXECUTE FUNCTION lives_check_guard();

CREATE FUNCTION lives_death_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'a death is noted first' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_at IS NOT NULL OR (OLD.person_id, OLD.died_on, OLD.paper, OLD.paper_number, OLD.noted_by_id, OLD.noted_at)
        IS DISTINCT FROM (NEW.person_id, NEW.died_on, NEW.paper, NEW.paper_number, NEW.noted_by_id, NEW.noted_at)
        OR (OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at, OLD.confirmed_by_id) IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmed_by_id)) THEN
        RAISE EXCEPTION 'death % stays as it was noted and confirmed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lives_death_guard BEFORE INSERT OR UPDATE ON lives_death FOR EACH ROW EXECUTE FUNCTION lives_death_guard();
"""
NEVER_GONE = ("lifecheck", "stop", "death")
NEVER_CHANGED = ("lifeproof", "contact", "deathreport")
STAYS = "\n".join(
    f"CREATE TRIGGER lives_{table}_stays BEFORE {acts} ON lives_{table} FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();"
    for tables, acts in ((NEVER_GONE, "DELETE OR TRUNCATE"), (NEVER_CHANGED, "UPDATE OR DELETE OR TRUNCATE"))
    for table in tables
)
UNGUARD = "\n".join(
    [f"DROP TRIGGER lives_{table}_stays ON lives_{table};" for table in NEVER_GONE + NEVER_CHANGED]
    + [f"DROP FUNCTION lives_{name}_guard() CASCADE;" for name in ("stop", "check", "death")]
)


class Migration(migrations.Migration):
    dependencies = [("lives", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS + STAYS, UNGUARD)]

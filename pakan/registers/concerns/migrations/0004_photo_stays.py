"""The photo of a concern stays as every word of it does."""

from django.db import migrations


def guard(photo: bool) -> str:
    old, new = (f"({row}.id, {row}.number, {row}.origin, {row}.code_digest, {row}.kind, {row}.\"where\", {row}.text, "
                f"{row}.opened_on{f', {row}.photo_id' if photo else ''})" for row in ("OLD", "NEW"))  # fmt: skip
    return f"""
CREATE OR REPLACE FUNCTION concern_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR {old} IS DISTINCT FROM {new} THEN
        RAISE EXCEPTION 'what was said in concern % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0003_concern_photo")]
    operations = [migrations.RunSQL(guard(photo=True), guard(photo=False))]

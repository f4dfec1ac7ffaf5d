"""One office in each province (A-45), until the fund gives its list."""

from django.db import migrations


def fill(apps, schema_editor):
    Office, Province = apps.get_model("visits", "Office"), apps.get_model("people", "Province")
    Office.objects.bulk_create([Office(code=one.code, province=one) for one in Province.objects.order_by("code")])


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("people", "0002_places")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

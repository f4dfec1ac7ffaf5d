"""The 18 provinces and 148 districts, from the two files beside this register."""

import csv
from pathlib import Path

from django.db import migrations

PLACES = Path(__file__).parent.parent / "places"


def fill(apps, schema_editor):
    Province, District = apps.get_model("people", "Province"), apps.get_model("people", "District")
    with (PLACES / "provinces.csv").open(encoding="utf-8") as file:
        Province.objects.bulk_create(
            [Province(code=row["province_code"], name_lo=row["name_lo"], name_en=row["name_en"]) for row in csv.DictReader(file)]
        )
    with (PLACES / "districts.csv").open(encoding="utf-8") as file:
        District.objects.bulk_create(
            [
                District(code=row["district_code"], province_id=row["province_code"], name_lo=row["name_lo"], name_en=row["name_en"])
                for row in csv.DictReader(file)
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

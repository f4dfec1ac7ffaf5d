"""Django's commands, for a prepared environment; `python3 run.py manage …` prepares it first."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pakan.site.settings")
    execute_from_command_line(sys.argv)

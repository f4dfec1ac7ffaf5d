"""`prove`: compare everything that is written twice; exit 1 where something differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from pakan.operations import reconcile


class Command(BaseCommand):
    help = "Compare everything that is written twice. Exit code 1 where something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = reconcile.prove()
        for finding in findings:
            self.stdout.write(f"{finding.invariant:<5}{finding.differences:>6}  {finding.en}")
            for example in finding.examples:
                self.stdout.write(f"{'':<13}{example}")
        different = sum(finding.differences for finding in findings)
        self.stdout.write(f"{different} differences in {len(findings)} comparisons.")
        if different:
            sys.exit(1)

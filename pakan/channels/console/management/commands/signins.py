"""`signins`: how one gets into the invented country."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from pakan.channels.console.country import accounts
from pakan.channels.console.management.commands.country import SAMPLES
from pakan.registers.access.models import Account
from pakan.units.number import shown_person_number


class Command(BaseCommand):
    help = "Print the sign-ins of the invented country. All of them are invented; none is for production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--identities", action="store_true", help="print the invented identity cards of members as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        accounts.refuse_in_production()
        if options["identities"]:
            self.stdout.write(json.dumps(accounts.cards(), ensure_ascii=False))
            return
        if not Account.objects.filter(sign_in=accounts.ACCOUNTS[accounts.PREPARER].sign_in).exists():
            self.stdout.write("No invented country is loaded here, so there are no demo sign-ins.")
            return
        self._employers_and_staff()
        self._members()
        files = sorted(SAMPLES.glob("wages-*"))
        if files:
            self.stdout.write("Sample wage files for the open month")
            for file in files:
                self.stdout.write(f"  {file.relative_to(settings.ROOT)}")

    def _employers_and_staff(self) -> None:
        self.stdout.write(f"{'Sign-in':<26}{'Password':<24}{'Code now':<10}{'Secret of the code':<34}")
        for account in accounts.ACCOUNTS.values():
            line = (
                f"{account.sign_in:<26}{account.password:<24}{account.code():<10}{account.secret_shown:<34}"
            )
            self.stdout.write(f"  {line}{account.says}")

    def _members(self) -> None:
        self.stdout.write("Members (the code comes to the sandbox phone)")
        for account in accounts.members():
            person = account.person
            if person is not None:
                self.stdout.write(
                    f"  {shown_person_number(person.number):<24}born {person.birth_date:%d.%m.%Y}"
                )

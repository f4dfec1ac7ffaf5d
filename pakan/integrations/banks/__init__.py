"""Banks: one folder a bank, found by its name."""

import re
from importlib import import_module
from importlib.resources import files

from pakan.integrations.banks.bank import Bank, BankConfig


class UnknownBank(LookupError):
    """No folder of this name: the settings name a bank that we cannot talk to."""


def named(name: str, config: BankConfig) -> Bank:
    """The bank in the folder `name`. Raises UnknownBank."""
    # The name comes from settings and tables; it must not be able to name anything but a folder here.
    if (
        not re.fullmatch(r"[a-z][a-z0-9_]*", name)
        or not files(__name__).joinpath(name, "client.py").is_file()
    ):
        raise UnknownBank(name)
    bank: Bank = import_module(f"{__name__}.{name}.client").Client(config)
    return bank

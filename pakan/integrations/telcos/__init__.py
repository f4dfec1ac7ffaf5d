"""Operators: one folder each, found by its name."""

import re
from importlib import import_module
from importlib.resources import files

from pakan.integrations.telcos.telco import Telco, TelcoConfig


class UnknownTelco(LookupError):
    """No folder of this name: the settings name an operator that we cannot talk to."""


def named(name: str, config: TelcoConfig) -> Telco:
    """The operator in the folder `name`. Raises UnknownTelco."""
    # The name comes from settings; it must not be able to name anything but a folder here.
    if (
        not re.fullmatch(r"[a-z][a-z0-9_]*", name)
        or not files(__name__).joinpath(name, "client.py").is_file()
    ):
        raise UnknownTelco(name)
    telco: Telco = import_module(f"{__name__}.{name}.client").Client(config)
    return telco

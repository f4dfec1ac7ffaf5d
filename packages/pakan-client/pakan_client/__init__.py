"""A client for payroll software. `calls.py` is generated from the OpenAPI description; the rest is in `base.py`."""

from pakan_client.base import Refused, Silent
from pakan_client.calls import Client

__all__ = ["Client", "Refused", "Silent"]

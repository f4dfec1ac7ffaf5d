"""Calling an address that a stranger registered: public https hosts only, and never one of our own machines (A31)."""

from pakan.integrations.callback.call import (
    AddressRefused,
    CallFailed,
    check_address,
    post,
    signature,
)

__all__ = ["AddressRefused", "CallFailed", "check_address", "post", "signature"]

"""LAO QR: the national payment code, written and read (EMVCo merchant-presented mode, template 38)."""

from pakan.integrations.formats.emvco.bill import Bill, CodeRefused, compose, parse
from pakan.integrations.formats.emvco.picture import png, svg
from pakan.integrations.formats.emvco.tlv import crc

__all__ = ["Bill", "CodeRefused", "compose", "crc", "parse", "png", "svg"]

"""SMPP 3.4 on the wire: a header of sixteen octets, named fields in their order, and tagged ones behind them."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

HEADER = 16
LONGEST = 64 * 1024  # octets; message_payload may hold nearly as much, and no centre sends more

GENERIC_NACK = 0x80000000
BIND_TRANSCEIVER, BIND_TRANSCEIVER_RESP = 0x09, 0x80000009
SUBMIT_SM, SUBMIT_SM_RESP = 0x04, 0x80000004
DELIVER_SM, DELIVER_SM_RESP = 0x05, 0x80000005
UNBIND, UNBIND_RESP = 0x06, 0x80000006
ENQUIRE_LINK, ENQUIRE_LINK_RESP = 0x15, 0x80000015

OK, INVALID_LENGTH, INVALID_COMMAND = 0x00, 0x02, 0x03
INVALID_BIND, SYSTEM_ERROR, INVALID_SOURCE, INVALID_DESTINATION = 0x04, 0x08, 0x0A, 0x0B
BIND_FAILED, QUEUE_FULL, SUBMIT_FAILED, THROTTLED = 0x0D, 0x14, 0x45, 0x58

# Tags of optional fields.
RECEIPTED_ID, MESSAGE_STATE, PAYLOAD = 0x001E, 0x0427, 0x0424
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F

Value = int | bytes

# A number is one octet; `text` ends with a zero octet and is at most so long with it; `octets` has its length before it.
_BIND = (
    ("system_id", 16), ("password", 9), ("system_type", 13), ("interface_version", 0), ("addr_ton", 0), ("addr_npi", 0),
    ("address_range", 41),
)  # fmt: skip
_SM = (
    ("service_type", 6), ("source_addr_ton", 0), ("source_addr_npi", 0), ("source_addr", 21), ("dest_addr_ton", 0),
    ("dest_addr_npi", 0), ("destination_addr", 21), ("esm_class", 0), ("protocol_id", 0), ("priority_flag", 0),
    ("schedule_delivery_time", 17), ("validity_period", 17), ("registered_delivery", 0), ("replace_if_present_flag", 0),
    ("data_coding", 0), ("sm_default_msg_id", 0), ("short_message", -1),
)  # fmt: skip
FIELDS: dict[int, tuple[tuple[str, int], ...]] = {
    GENERIC_NACK: (),
    BIND_TRANSCEIVER: _BIND,
    BIND_TRANSCEIVER_RESP: (("system_id", 16),),
    SUBMIT_SM: _SM,
    SUBMIT_SM_RESP: (("message_id", 65),),
    DELIVER_SM: _SM,
    DELIVER_SM_RESP: (("message_id", 65),),
    UNBIND: (),
    UNBIND_RESP: (),
    ENQUIRE_LINK: (),
    ENQUIRE_LINK_RESP: (),
}


class Malformed(ValueError):
    """Not SMPP as we know it. `status` is what a generic_nack says about it."""

    def __init__(self, why: str, status: int, sequence: int = 0) -> None:
        super().__init__(why)
        self.status, self.sequence = status, sequence


@dataclass(frozen=True)
class Pdu:
    """One unit. Fields that are left out are 0 or empty."""

    command: int
    sequence: int = 0
    status: int = OK
    body: Mapping[str, Value] = field(default_factory=dict)
    tagged: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def is_response(self) -> bool:
        return bool(self.command & 0x80000000)

    def text(self, name: str) -> str:
        """A field that is text; a foreign octet in it becomes a question mark."""
        value = self.body.get(name, b"")
        return value.decode("latin-1") if isinstance(value, bytes) else ""

    def number(self, name: str) -> int:
        value = self.body.get(name, 0)
        return value if isinstance(value, int) else 0

    @property
    def message(self) -> bytes:
        """What is to be read: short_message, or the payload where that is used instead."""
        short = self.body.get("short_message", b"")
        return short if isinstance(short, bytes) and short else self.tagged.get(PAYLOAD, b"")


def encode(pdu: Pdu) -> bytes:
    """Raises Malformed for a field that does not fit."""
    written = b"".join(_written(name, size, pdu.body.get(name)) for name, size in FIELDS[pdu.command])
    written += b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in pdu.tagged.items())
    return struct.pack(">IIII", HEADER + len(written), pdu.command, pdu.status, pdu.sequence) + written


def _written(name: str, size: int, value: Value | None) -> bytes:
    if size == 0:
        number = value or 0
        if not isinstance(number, int) or not 0 <= number <= 255:
            raise Malformed(name, INVALID_LENGTH)
        return bytes([number])
    octets = value or b""
    if not isinstance(octets, bytes):
        raise Malformed(name, INVALID_LENGTH)
    if size < 0:
        if len(octets) > 254:
            raise Malformed(name, INVALID_LENGTH)
        return bytes([len(octets)]) + octets
    if len(octets) >= size or b"\0" in octets:
        raise Malformed(name, INVALID_LENGTH)
    return octets + b"\0"


def decode(octets: bytes) -> Pdu:
    """One whole unit. Raises Malformed: an unknown command, a field that is cut or too long, tags that do not end."""
    if len(octets) < HEADER:
        raise Malformed("header", INVALID_LENGTH)
    length, command, status, sequence = struct.unpack(">IIII", octets[:HEADER])
    if length != len(octets):
        raise Malformed("length", INVALID_LENGTH, sequence)
    if command not in FIELDS:
        raise Malformed("command", INVALID_COMMAND, sequence)
    rest = octets[HEADER:]
    # A response that says no may leave its body out (section 4 of SMPP 3.4).
    if command & 0x80000000 and not rest:
        return Pdu(command, sequence, status)
    body: dict[str, Value] = {}
    try:
        for name, size in FIELDS[command]:
            body[name], rest = _read(rest, size)
        return Pdu(command, sequence, status, body, _tagged(rest))
    except (IndexError, ValueError, struct.error) as error:
        raise Malformed("body", INVALID_LENGTH, sequence) from error


def _read(rest: bytes, size: int) -> tuple[Value, bytes]:
    if size == 0:
        return rest[0], rest[1:]
    if size < 0:
        end = 1 + rest[0]
        if end > len(rest):
            raise ValueError("cut")
        return rest[1:end], rest[end:]
    end = rest.index(b"\0")
    if end >= size:
        raise ValueError("too long")
    return rest[:end], rest[end + 1 :]


def _tagged(rest: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while rest:
        tag, length = struct.unpack(">HH", rest[:4])
        if len(rest) < 4 + length:
            raise ValueError("cut")
        found[tag] = rest[4 : 4 + length]
        rest = rest[4 + length :]
    return found

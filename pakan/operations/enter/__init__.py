"""Getting in: a code, then a PIN or a passkey, for members; password with TOTP, or a passkey, for employers and staff.

A password alone opens nothing, number and birth date alone open nothing, a code alone moves neither money nor identity,
and no answer here tells whether a person or an account is known.
"""

from pakan.operations.enter.codes import ASKED_FROM_ONE_ADDRESS, ask_code, use_code
from pakan.operations.enter.limits import look_up
from pakan.operations.enter.passkeys import (
    drop_passkey,
    passkey_challenge,
    passkey_check,
    passkey_options,
    passkey_register,
)
from pakan.operations.enter.passwords import (
    Enrolment,
    change_password,
    check_password,
    check_totp,
    confirm_totp,
    enrolment,
    half_way,
    has_second,
    prepare_totp,
    prove_again,
    wait_at_second,
)
from pakan.operations.enter.sessions import (
    FRESH,
    NotFresh,
    account_of,
    begin,
    door_of,
    end_sign_in,
    is_fresh,
    leave,
    need_fresh,
    open_sign_ins,
    proved,
    read_messages,
    speak,
)
from pakan.registers.access.actions import TooOften
from pakan.registers.access.models import Account

__all__ = [
    "ASKED_FROM_ONE_ADDRESS", "FRESH", "Account", "Enrolment", "NotFresh", "TooOften", "account_of", "ask_code", "begin",
    "change_password", "check_password", "check_totp", "confirm_totp", "door_of", "drop_passkey", "end_sign_in",
    "enrolment", "half_way", "has_second", "is_fresh", "leave", "look_up", "need_fresh", "open_sign_ins",
    "passkey_challenge", "passkey_check", "passkey_options", "passkey_register", "prepare_totp", "prove_again", "proved",
    "read_messages", "speak", "use_code", "wait_at_second",
]  # fmt: skip

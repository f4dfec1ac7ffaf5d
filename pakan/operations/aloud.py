"""Aloud: sentences of screens read by a person, for phones without a Lao voice (C10)."""

from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.speech import actions
from pakan.registers.speech.models import LARGEST, Recording

LONGEST_TEXT = 1000


class Refused(ValueError):
    """Why a recording was not kept: `code` is for the words on the screen (empty, large, kind, text, language)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(audio: bytes) -> str:
    """What it is by its first octets, whatever its name says; '' if it is none of the sounds that phones play."""
    if audio[:4] == b"OggS":
        return "audio/ogg"
    if audio[:4] == b"RIFF" and audio[8:12] == b"WAVE":
        return "audio/wav"
    if audio[4:8] == b"ftyp":
        return "audio/mp4"
    if audio[:4] == b"\x1aE\xdf\xa3":
        return "audio/webm"
    if audio[:3] == b"ID3" or (len(audio) > 1 and audio[0] == 0xFF and audio[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    return ""


@verb("aloud.record")
def record(actor: Actor, text: str, language: str, audio: bytes, place: str = "") -> Recording:
    """Keep this as how the sentence sounds. Raises Refused."""
    if actor.account_id is None:
        raise PermissionError("who read it has a name")
    if language not in ("lo", "en"):
        raise Refused("language")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Refused("text")
    if not audio:
        raise Refused("empty")
    if len(audio) > LARGEST:
        raise Refused("large")
    kind = kind_of(audio)
    if not kind:
        raise Refused("kind")
    made = actions.keep(text, language, audio, kind, place[:200], actor.account_id, actor.at)
    remember(f"recording {made.id}", fingerprint=made.fingerprint, kind=kind, bytes=len(audio))
    return made


@verb("aloud.end")
def end(actor: Actor, recording_id: int) -> bool:
    """It is not played any more."""
    remember(f"recording {recording_id}")
    return actions.end(recording_id, actor.at)

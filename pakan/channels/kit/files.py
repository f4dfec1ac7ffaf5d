"""Files that go out: papers as people sent them, and letters that we made."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def attachment(media_type: str, content: bytes, number: str) -> HttpResponse:
    """A paper that somebody sent: always to save, in a sandbox, its kind never guessed at (A27)."""
    kind = media_type if media_type in ENDINGS else "application/octet-stream"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{number}.{ENDINGS.get(kind, "bin")}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def pdf(content: bytes, name: str) -> HttpResponse:
    """A letter of ours, to read at once."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def file_answer(content: bytes, media_type: str, name: str, *, attachment: bool) -> HttpResponse:
    """A paper to open or keep. `name` is made by us of figures and Latin letters, never of what somebody typed."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(attachment, name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

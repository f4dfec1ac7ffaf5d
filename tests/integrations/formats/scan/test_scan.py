"""What people photograph is kept small and bare; what is no paper is refused in words that say what to do."""

import io
import secrets
import subprocess
import sys

import pytest
import scan_samples as make
from PIL import Image

from pakan.integrations.formats import cage
from pakan.integrations.formats.scan import MAX_FILE, MAX_KEPT, PaperRefused, gate, take

SCRIPT = make.acting("JavaScript", JS="app.alert(1)")


def refusal(name: str, content: bytes, media_type: str = "") -> str:
    with pytest.raises(PaperRefused) as caught:
        take(name, media_type, content)
    assert caught.value.lo and caught.value.en and caught.value.lo != caught.value.en
    return caught.value.code


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("JPEG",))


def test_a_photo_of_a_paper_is_kept_small_upright_and_readable() -> None:
    kept = take("IMG_1.jpg", "image/jpeg", make.saved(make.page(3000, 4000), "JPEG", quality=95))
    assert (kept.media_type, kept.pages) == ("image/jpeg", 1)
    assert len(kept.content) <= MAX_KEPT
    assert max(opened(kept.content).size) >= 1200


def test_the_place_the_camera_and_the_comment_do_not_stay() -> None:
    sent = make.with_place(make.page())
    assert make.GPS in sent and b"taken at home" in sent
    kept = take("a.jpeg", "image/jpeg", sent)
    assert not dict(opened(kept.content).getexif())
    for trace in (make.GPS, b"Telephone", b"Exif", b"taken at home"):
        assert trace not in kept.content


def test_a_photo_taken_sideways_stands_upright() -> None:
    kept = take("a.jpg", "", make.with_place(make.page(1600, 1200), orientation=6))
    width, height = opened(kept.content).size
    assert width < height


def test_noise_that_shrinks_badly_fits_all_the_same() -> None:
    kept = take("a.jpg", "image/jpg", make.saved(make.noise(1500, 1100), "JPEG", quality=95))
    assert len(kept.content) <= MAX_KEPT


def test_a_clear_png_becomes_a_jpeg_on_white() -> None:
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    kept = take("a.png", "image/png", make.saved(clear, "PNG"))
    assert kept.media_type == "image/jpeg"
    assert opened(kept.content).getpixel((150, 100)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK", "I;16"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("I;16", (300, 300)) if mode == "I;16" else make.page(300, 300).convert(mode)
    assert take(f"a.{kind.lower()}", "", make.saved(picture, kind)).media_type == "image/jpeg"


def test_a_pdf_is_kept_as_it_came() -> None:
    sent = make.pdf(3)
    kept = take("paper.pdf", "application/pdf", sent)
    assert (kept.media_type, kept.content, kept.pages) == ("application/pdf", sent, 3)


def test_no_name_and_no_type_are_enough_if_the_bytes_speak() -> None:
    assert take("photo", "application/octet-stream", make.saved(make.page(), "PNG")).pages == 1


@pytest.mark.parametrize(
    ("name", "media_type", "content", "code"),
    [
        ("a.jpg", "image/jpeg", b"", "empty"),
        ("a.jpg", "image/jpeg", b"\0\0  \n", "empty"),
        (
            "a.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "not_a_paper",
        ),
        ("a.jpg", "image/jpeg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_paper"),
        ("a.html", "text/html", b"<!doctype html><script>alert(1)</script>", "not_a_paper"),
        ("a.gif", "image/gif", b"GIF89a" + bytes(100), "not_a_paper"),
        ("a.heic", "image/heic", b"\0\0\0\x18ftypheic" + bytes(100), "not_a_paper"),
        ("a.exe", "", b"MZ" + bytes(100), "not_a_paper"),
        ("a.zip", "application/zip", b"PK\x03\x04" + bytes(100), "not_a_paper"),
        ("a.webp", "image/webp", b"RIFF\0\0\0\0WEBPVP8 ", "not_a_paper"),
        ("a.ps", "", b"%!PS-Adobe-3.0", "not_a_paper"),
    ],
)
def test_abuse_A27_what_is_no_paper_is_not_taken(
    name: str, media_type: str, content: bytes, code: str
) -> None:
    assert refusal(name, content, media_type) == code


def test_abuse_A27_name_type_and_bytes_must_agree() -> None:
    picture = make.saved(make.page(), "JPEG")
    for name in ("a.png", "a.pdf", "a.svg", "a.html", "a.jpg.exe", "a.js", "..\\..\\a.php"):
        assert refusal(name, picture) == "wrong_name"
    assert refusal("a.jpg", picture, "text/html") == "wrong_name"
    assert refusal("a.jpg", picture, "image/png; charset=x") == "wrong_name"


def test_abuse_A27_a_page_hidden_behind_a_photo_does_not_come_back() -> None:
    both = make.saved(make.page(), "JPEG") + b"<html><script>alert(1)</script></html>"
    assert b"<script>" not in take("a.jpg", "image/jpeg", both).content
    inside = make.saved(make.page(), "JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script>" not in take("a.jpg", "image/jpeg", inside).content


def test_abuse_A27_a_photo_of_40_megabytes_is_refused_with_the_limit() -> None:
    with pytest.raises(PaperRefused) as caught:
        take("a.jpg", "image/jpeg", make.saved(make.page(), "JPEG") + bytes(40 * 1024 * 1024))
    assert caught.value.code == "too_large"
    assert "8 MB" in caught.value.lo and "8 MB" in caught.value.en


def test_the_limit_is_exact() -> None:
    picture = make.saved(make.page(), "JPEG")
    assert take("a.jpg", "", picture + bytes(MAX_FILE - len(picture))).pages == 1
    assert refusal("a.jpg", picture + bytes(MAX_FILE + 1 - len(picture))) == "too_large"


@pytest.mark.parametrize(
    ("width", "height"), [(30_000, 30_000), (60_000, 100), (2**31 - 1, 2**31 - 1), (8_000, 8_000)]
)
def test_abuse_A27_a_pixel_bomb_is_seen_before_it_is_decoded(width: int, height: int) -> None:
    bomb = (
        make.png_head(width, height)
        if width < 2**20
        else make.png_head(1, 1).replace(
            b"IHDR\0\0\0\1\0\0\0\1", b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
        )
    )
    assert refusal("a.png", bomb) in {"too_many_pixels", "broken"}
    told = make.jpeg_told(make.saved(make.page(), "JPEG"), min(width, 65_000), min(height, 65_000))
    assert refusal("a.jpg", told) in {"too_many_pixels", "broken"}


def test_a_bomb_below_the_limit_of_points_costs_no_more_than_the_child_may_have() -> None:
    assert len(take("a.png", "", make.png_head(7_000, 7_000, rows=10)).content) <= MAX_KEPT
    assert take("a.png", "", make.saved(Image.new("RGBA", (7_000, 7_000)), "PNG")).media_type == "image/jpeg"


def test_a_thumbnail_is_too_small_to_read() -> None:
    assert refusal("a.jpg", make.saved(make.page(39, 400), "JPEG")) == "too_small"


def test_abuse_A27_photos_cut_or_hurt_at_many_places_harm_nobody() -> None:
    picture = make.saved(make.page(400, 500), "JPEG")
    for place in range(3, len(picture), max(1, len(picture) // 8)):
        try:
            assert take("a.jpg", "", picture[:place]).media_type == "image/jpeg"
        except PaperRefused as refused:
            assert refused.code in {"broken", "too_heavy", "too_many_pixels", "too_small"}
    for _turn in range(8):
        hurt = bytearray(picture)
        for _place in range(20):
            hurt[3 + secrets.randbelow(len(hurt) - 3)] = secrets.randbelow(256)
        try:
            take("a.jpg", "", bytes(hurt))
        except PaperRefused as refused:
            assert refused.code in {"broken", "too_heavy", "too_many_pixels", "too_small"}


def test_a_photo_cut_on_the_way_is_not_kept_in_half() -> None:
    picture = make.saved(make.page(), "JPEG")
    assert refusal("a.jpg", picture[: len(picture) // 2]) == "broken"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SCRIPT, "active"),
        (SCRIPT.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53"), "active"),
        (make.pdf_with_hidden_script(), "active"),
        (make.pdf_with_file(), "active"),
        (make.acting("Launch", F="cmd.exe"), "active"),
        (make.pdf_locked(), "password"),
        (make.pdf(31), "too_many_pages"),
        (make.pdf_of_objects(20_001), "too_heavy"),
        (make.pdf()[:-40], "broken"),
        (b"%PDF-1.4\n%%EOF", "broken"),
        (b"%PDF-1.4\n" + b"[" * 200_000 + b"\n%%EOF", "broken"),
    ],
    ids=["script", "hex", "hidden", "file", "launch", "locked", "pages", "objects", "cut", "nothing", "deep"],
)
def test_abuse_A27_a_pdf_that_does_more_than_lie_there_is_refused(content: bytes, code: str) -> None:
    assert refusal("a.pdf", content) == code


def test_a_pdf_whose_page_unpacks_without_end_is_never_unpacked() -> None:
    sent = make.pdf_bomb()
    assert take("a.pdf", "", sent).content == sent


def test_a_child_that_dies_or_takes_too_long_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make.saved(make.page(300, 300), "JPEG")
    for code, expected in (
        (-9, "too_heavy"),
        (-24, "too_heavy"),
        (-11, "broken"),
        (1, "broken"),
        (0, "broken"),
    ):
        monkeypatch.setattr(cage, "ask", lambda *_, code=code: (code, b'{"pages": 1}\n'))
        assert refusal("a.jpg", picture) == expected


def test_the_child_knows_nothing_of_us() -> None:
    script = (
        "import sys; from pakan.integrations.formats.scan import child;"
        "print('django' in sys.modules, 'numpy' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cage.ROOT
    )
    assert told.stdout.split() == ["False", "False"]


def test_every_refusal_has_both_languages_and_fits_a_phone() -> None:
    for code, words in gate._words().items():
        assert set(words) == {"lo", "en"}, code
        assert all(len(text) < 130 for text in words.values()), code

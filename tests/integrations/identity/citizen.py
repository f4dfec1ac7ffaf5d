"""A person at the sandbox identity, without a browser: reads the question, agrees or not, and brings the answer back."""

from urllib.parse import parse_qsl, urlsplit

import httpx

REDIRECT = "http://localhost:8000/member/state/back/"


def consents(address: str, subject: str, answer: str = "agree") -> dict[str, str]:
    """What the provider sends back to us by the browser."""
    place = urlsplit(address)
    reply = httpx.post(
        address, data={"card": subject, "answer": answer}, trust_env=False,
        headers={"Origin": f"{place.scheme}://{place.netloc}"},
    )  # fmt: skip
    assert reply.status_code == 303, reply.text
    assert reply.headers["Location"].split("?")[0].endswith("/member/state/back/")
    return dict(parse_qsl(urlsplit(reply.headers["Location"]).query))


def behave(site: str, how: str) -> None:
    reply = httpx.post(f"{site}/behave", data={"behaviour": how}, headers={"Origin": site}, trust_env=False)
    assert reply.status_code == 303

"""No part of a secret is shown, in whatever form it comes back."""

import base64
import html
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.masking import Mask
from probes.observation import Expectation, HttpFacts, Observation, Redirect, TlsFacts, Verdict, utc
from probes.text import safe_text

TOKEN = "kA7/x+Qz9&<b>=Wm3_tR.5"
PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


def observation(**fields: Any) -> Observation:
    given: dict[str, Any] = {
        "kind": "http",
        "target": "http://127.0.0.1/",
        "started_at": utc(0),
        "duration_ms": 1.0,
        "verdict": Verdict.UP,
        "reason": "ok",
    }
    return Observation(**{**given, **fields})


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        TOKEN.lower(),
        quote(TOKEN, safe=""),
        quote_plus(TOKEN),
        html.escape(TOKEN),
        json.dumps({"token": TOKEN}),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.urlsafe_b64encode(TOKEN.encode()).decode(),
        TOKEN.encode().hex(),
        TOKEN.encode().hex().upper(),
        f"Authorization: Bearer {TOKEN}",
        f"<{TOKEN}><{TOKEN}>",
    ],
)
def test_every_form_is_masked(form: str) -> None:
    shown = Mask([TOKEN]).text(f"seen {form} there")
    assert "***" in shown
    assert shown.startswith("seen ")
    assert shown.endswith(" there")
    for at in range(len(TOKEN) - 7):
        assert TOKEN[at : at + 8].lower() not in shown.lower()


@pytest.mark.parametrize("before", ["", "u", "u:", "id:", "budi:"])
def test_in_base64_it_is_masked_whatever_stands_around_it(before: str) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(f"{before}{TOKEN};q=1".encode()).decode()
        kept = Mask([TOKEN]).text(encoded).split("***")
        # What shares a character with its neighbours can not be told from them.
        assert [len(part) for part in kept] == [len(kept[0]), len(kept[-1])]
        assert len(kept[0]) + len(kept[-1]) <= (len(before) + len(";q=1")) * 4 / 3 + 8


def test_a_part_is_masked_wherever_a_text_was_cut() -> None:
    mask = Mask([TOKEN])
    assert mask.text(safe_text("x" * 90 + TOKEN, 100)) == "x" * 90 + "***…"
    assert mask.text("begins " + TOKEN[:4] + "…") == "begins ***…"
    assert mask.text("matched " + TOKEN[3:14] + " only") == "matched *** only"


def test_what_is_no_secret_stays() -> None:
    mask = Mask([TOKEN])
    for text in ("", "*", "selamat datang", "abc…", TOKEN[2:9]):
        assert mask.text(text) == text


def test_both_halves_of_user_and_password_are_masked_but_short_ones_are_not() -> None:
    mask = Mask(["pengelola:r4hasia-sekali"])
    encoded = base64.b64encode(b"pengelola:r4hasia-sekali").decode()
    assert mask.text(f"pengelola, r4hasia-sekali, Basic {encoded}") == "***, ***, Basic ***"
    assert Mask(["adi:r4hasia-sekali"]).text("adi adi") == "adi adi"
    assert Mask(["pin1"]).text("pin1 and PIN1; pi n1") == "*** and ***; pi n1"
    assert Mask(["ab"]).text("ab cab") == "ab cab"


def test_of_a_pem_only_the_key_is_secret() -> None:
    key, certificate = "QUJDREVGR0hJSktMTU5PUFFS", "MIIBkTCCATegAwIBAgIUY"
    pem = (
        f"-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n"
        f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
    )
    assert Mask([pem]).text(f"{key} {certificate} -----BEGIN") == f"*** {certificate} -----BEGIN"


@given(PRINTABLE, st.text(max_size=30), st.text(max_size=30))
def test_no_secret_is_found_again_whatever_stands_around_it(secret: str, before: str, after: str) -> None:
    assert secret not in Mask([secret]).text(before + secret + after)


@given(PRINTABLE, st.integers(0, 40))
def test_no_long_part_of_a_secret_is_left_where_a_text_is_cut(secret: str, cut: int) -> None:
    shown = Mask([secret]).text((" " + secret)[:cut])
    assert all(secret[at : at + 8] not in shown for at in range(len(secret) - 7))


def test_an_observation_is_masked_in_everything_that_came_from_outside() -> None:
    seen = observation(
        verdict=Verdict.DOWN,
        reason="header_unexpected",
        params={"name": "X-Echo", "seen": TOKEN, "want": "=~ ok", "count": 3},
        detail=f"header X-Echo is {TOKEN}, want =~ ok",
        expectations=(Expectation("status", "200", True), Expectation("header X-Echo =~ ok", TOKEN, False)),
        http=HttpFacts(
            status=200,
            redirects=(Redirect(f"http://a/{quote(TOKEN, safe='')}", 302, f"/?q={TOKEN}", 1.0),),
            title=TOKEN,
            excerpt=f"echo {TOKEN}",
            content_type=f"text/{TOKEN}",
        ),
        tls=TlsFacts(subject=f"CN={TOKEN}"),
        steps=(observation(detail=TOKEN),),
    )
    masked = Mask([TOKEN]).observation(seen)
    assert TOKEN not in repr(masked)
    assert quote(TOKEN, safe="") not in repr(masked)
    assert masked.detail == "header X-Echo is ***, want =~ ok"
    assert masked.params == {"name": "X-Echo", "seen": "***", "want": "=~ ok", "count": 3}
    assert masked.http is not None
    assert masked.http.excerpt == "echo ***"
    assert masked.target == seen.target


def test_the_name_of_a_missing_secret_is_told_even_when_another_looks_like_it() -> None:
    seen = observation(
        verdict=Verdict.UNKNOWN, reason="credential_missing", params={"name": "keyring:opsconsole/a"}
    )
    assert Mask(["opsconsole"]).observation(seen) == seen

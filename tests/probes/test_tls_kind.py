"""Certificates watched by the handshake alone."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from probes.observation import Observation, Verdict
from probes.target import TargetError
from probes.tls_port import TlsPortSpec, tls_target
from tests.fakes.authority import DAY, Issued, ca_file, issue, now, root
from tests.fakes.looking import look
from tests.fakes.talking_server import HOST, Talk, talking


@pytest.fixture(scope="module")
def ca() -> Issued:
    return root(ends=now() + 3650 * DAY)


async def shake_hands(issued: Issued, **keys: Any) -> Observation:
    """One look at a server that presents ``issued`` and says nothing more."""

    def part(talk: Talk) -> None:
        talk.secure(issued.server_context())
        talk.wait()

    with talking(part) as (port, _):
        return await look("tls", host=HOST, port=port, **keys)


async def test_a_handshake_tells_both_ends_of_the_certificates(ca: Issued, tmp_path: Path) -> None:
    between = issue(common_name="Between", by=ca, ends=now() + 60 * DAY, authority=True)
    leaf = issue(HOST, by=between, ends=now() + 90 * DAY)
    seen = await shake_hands(leaf, tls={"ca_file": ca_file(tmp_path, ca)})
    assert (seen.kind, seen.verdict, seen.reason) == ("tls", Verdict.UP, "ok")
    assert seen.tls is not None
    assert seen.tls.verified
    assert seen.tls.leaf_expires_at == leaf.certificate.not_valid_after_utc
    assert seen.tls.chain_expires_at == between.certificate.not_valid_after_utc
    assert seen.phases_ms.tls > 0
    assert seen.phases_ms.send == seen.phases_ms.wait == seen.phases_ms.receive == 0


@pytest.mark.parametrize(
    ("begins", "ends", "min_days", "reason"),
    [
        (30 * DAY, 15 * DAY, None, "ok"),
        (30 * DAY, 13 * DAY, None, "cert_expiring"),
        (30 * DAY, 20 * DAY, 21, "cert_expiring"),
        (30 * DAY, 20 * DAY, 19, "ok"),
        (2 * DAY, 4 * DAY, None, "ok"),  # six days of life: a third of them is enough
        (5 * DAY, 1 * DAY, None, "cert_expiring"),
        (30 * DAY, 1 * DAY, 0, "ok"),
    ],
)
async def test_a_certificate_that_ends_soon_is_a_warning(
    ca: Issued, tmp_path: Path, begins: timedelta, ends: timedelta, min_days: int | None, reason: str
) -> None:
    moment: datetime = now()
    leaf = issue(HOST, by=ca, begins=moment - begins, ends=moment + ends + timedelta(minutes=5))
    asked = {} if min_days is None else {"min_days": min_days}
    seen = await shake_hands(leaf, tls={"ca_file": ca_file(tmp_path, ca)}, **asked)
    assert seen.reason == reason
    assert seen.verdict is (Verdict.UP if reason == "ok" else Verdict.DEGRADED)


async def test_dates_are_looked_at_without_verifying_too(ca: Issued) -> None:
    seen = await shake_hands(issue("other.example", by=ca, ends=now() + 3 * DAY), tls={"verify": False})
    assert (seen.verdict, seen.reason) == (Verdict.DEGRADED, "cert_expiring")
    assert seen.tls is not None
    assert not seen.tls.verified


async def test_what_is_wrong_with_a_certificate_is_told_with_its_dates(ca: Issued, tmp_path: Path) -> None:
    tls = {"ca_file": ca_file(tmp_path, ca)}
    expired = issue(HOST, by=ca, ends=now() - DAY)
    seen = await shake_hands(expired, tls=tls)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "tls_expired")
    assert seen.tls is not None
    assert seen.tls.leaf_expires_at == expired.certificate.not_valid_after_utc
    assert (await shake_hands(issue("other.example", by=ca), tls=tls)).reason == "tls_hostname"
    assert (await shake_hands(issue(HOST), tls=tls)).reason == "tls_untrusted"
    named = {**tls, "server_name": "other.example"}
    assert (await shake_hands(issue("other.example", by=ca), tls=named)).reason == "ok"


async def test_no_protocol_is_offered_inside_tls(ca: Issued) -> None:
    offered: list[str | None] = []

    def part(talk: Talk) -> None:
        context = issue(HOST, by=ca).server_context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        offered.append(talk.secure(context).selected_alpn_protocol())
        talk.wait()

    with talking(part) as (port, _):
        await look("tls", host=HOST, port=port, tls={"verify": False})
    assert offered == [None]


async def test_a_port_that_speaks_no_tls() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"220 mail.example ESMTP\r\n")
        talk.wait()

    with talking(part) as (port, _):
        seen = await look("tls", host=HOST, port=port)
    assert (seen.verdict, seen.reason, seen.tls) == (Verdict.DOWN, "tls_failed", None)


async def test_a_handshake_that_stalls() -> None:
    with talking(lambda talk: talk.wait()) as (port, _):
        seen = await look("tls", host=HOST, port=port, timeout="500ms", retry="500ms")
    assert seen.reason == "tls_timeout"


async def test_nobody_there() -> None:
    assert (await look("tls", host=HOST, port=1)).reason == "connect_refused"


def test_min_days_stands_at_the_top() -> None:
    with pytest.raises(ValidationError, match="stands at the top of the probe") as refused:
        TlsPortSpec.model_validate({"host": HOST, "port": 443, "tls": {"min_days": 3}})
    assert refused.value.errors()[0]["loc"] == ("tls", "min_days")


def test_a_file_of_authorities_that_is_not_there_is_named(tmp_path: Path) -> None:
    spec = TlsPortSpec.model_validate({"host": HOST, "port": 443, "tls": {"ca_file": "none.pem"}})
    with pytest.raises(TargetError, match=r"none\.pem") as refused:
        tls_target(spec, tmp_path)
    assert refused.value.key == "tls.ca_file"

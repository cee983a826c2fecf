"""Pings of hosts that answer well, badly and not at all, with each right there is to a socket and none."""

import socket
from typing import Any

import pytest
from pydantic import ValidationError

from probes.env import Env
from probes.icmp import Echo, IcmpSocket, open_icmp
from probes.observation import Observation, Verdict
from probes.ping import PingSpec
from tests.fakes import rude_ping
from tests.fakes.looking import look


@pytest.fixture(params=["raw", "group"])
def seen(request: pytest.FixtureRequest) -> dict[str, Observation]:
    """What pings of all rude hosts show: with CAP_NET_RAW, and without any right but the group's."""
    return rude_ping.looks(request.param)


def test_a_host_that_answers_is_up_and_the_median_trip_is_its_time(seen: dict[str, Observation]) -> None:
    sound = seen["sound"]
    assert (sound.verdict, sound.reason, sound.address, sound.port) == (Verdict.UP, "ok", "127.30.0.1", 0)
    assert sound.ping is not None
    assert (sound.ping.sent, sound.ping.received) == (3, 3)
    assert 0 < sound.ping.rtt_min_ms <= sound.ping.rtt_median_ms <= sound.ping.rtt_max_ms
    assert sound.phases_ms.wait == sound.duration_ms == pytest.approx(sound.ping.rtt_median_ms, abs=0.002)
    assert sound.expectations[0].seen == "0%"


def test_nothing_back_is_all_lost_at_the_deadline(seen: dict[str, Observation]) -> None:
    silent = seen["silent"]
    assert (silent.verdict, silent.reason) == (Verdict.DOWN, "ping_loss")
    assert silent.params == {"seen": "100%", "want": "50%"}
    assert silent.detail == "100% of packets lost, at most 50% allowed"
    assert silent.ping is not None
    assert (silent.ping.sent, silent.ping.received) == (3, 0)
    assert silent.phases_ms.wait > 1500


def test_loss_is_held_against_what_is_allowed(seen: dict[str, Observation]) -> None:
    assert (seen["loses_one"].reason, seen["loses_one"].expectations[0].seen) == ("ok", "33.3%")
    assert (seen["loses_two"].reason, seen["loses_two"].params["seen"]) == ("ping_loss", "66.7%")
    assert not seen["loses_two"].expectations[0].ok


def test_a_reply_counts_once(seen: dict[str, Observation]) -> None:
    twice = seen["answers_twice"]
    assert twice.ping is not None
    assert (twice.ping.received, twice.reason) == (1, "ping_loss")
    assert twice.ping.rtt_max_ms < rude_ping.AGAIN_S * 1000, "the first one counts"


@pytest.mark.parametrize("host", ["other_payload", "other_numbers", "other_identifier", "cut_short"])
def test_what_answers_none_of_our_requests_does_not_count(seen: dict[str, Observation], host: str) -> None:
    assert (seen[host].reason, seen[host].params["seen"]) == ("ping_loss", "100%")


def test_slow_is_a_slow_round_trip(seen: dict[str, Observation]) -> None:
    slow = seen["slow"]
    assert (slow.verdict, slow.reason, slow.params["want"]) == (Verdict.DEGRADED, "slow", "100ms")
    assert slow.ping is not None
    assert slow.ping.rtt_min_ms > 100


def test_a_host_that_is_said_to_be_unreachable(seen: dict[str, Observation]) -> None:
    gone, once = seen["unreachable"], seen["unreachable_once"]
    assert (gone.verdict, gone.reason) == (Verdict.DOWN, "connect_unreachable")
    assert gone.duration_ms < 1500, "every request was answered: nothing is left to wait for"
    assert once.reason == "ok", "an error for one request is one request lost"


def test_who_may_not_ping_is_told_what_would_let_them() -> None:
    for denied in rude_ping.looks("none").values():
        assert (denied.verdict, denied.reason) == (Verdict.UNKNOWN, "ping_not_permitted")
        assert str(denied.params["seen"]).startswith("net.ipv4.ping_group_range is ")
        assert "CAP_NET_RAW" in denied.detail


def _may_ping() -> bool:
    try:
        open_icmp(socket.AF_INET).sock.close()
    except PermissionError:
        return False
    return True


may_ping = pytest.mark.skipif(not _may_ping(), reason="this account may not ping")


@may_ping
@pytest.mark.parametrize("host", ["127.20.3.4", "::1", "::ffff:127.0.0.1", "localhost"])
async def test_the_kernel_itself_answers_on_loopback(host: str) -> None:
    seen = await look("ping", host=host, count=2)
    assert (seen.verdict, seen.target) == (Verdict.UP, host)
    assert seen.ping is not None
    assert (seen.ping.sent, seen.ping.received) == (2, 2)
    assert (seen.phases_ms.resolve > 0) is (host == "localhost")


@may_ping
async def test_other_traffic_is_passed_over() -> None:
    """A raw socket hears the replies of everybody who pings the same host."""
    with open_icmp(socket.AF_INET).sock as other:
        other.connect(("127.20.3.5", 0))
        noise = Echo(IcmpSocket(other, raw=True)).request(0)
        for _ in range(50):
            other.send(noise)
        seen = await look("ping", host="127.20.3.5", count=1)
    assert seen.ping is not None
    assert (seen.ping.received, seen.reason) == (1, "ok")


@pytest.mark.parametrize("host", ["169.254.169.254", "224.0.0.1", "0.0.0.0", "255.255.255.255"])
async def test_an_address_that_is_denied_is_not_pinged(host: str) -> None:
    def nobody_asks(family: socket.AddressFamily) -> IcmpSocket:
        raise AssertionError("a socket was opened")

    seen = await look("ping", host=host, env=Env(open_icmp=nobody_asks))
    assert (seen.verdict, seen.reason, seen.ping) == (Verdict.UNKNOWN, "address_denied", None)


async def test_trouble_of_our_own_with_the_socket_is_unknown() -> None:
    def broken(family: socket.AddressFamily) -> IcmpSocket:
        raise OSError(24, "Too many open files")

    seen = await look("ping", host="127.0.0.1", env=Env(open_icmp=broken))
    assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "internal_error")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"max_loss": "120%"}, "a share"),
        ({"max_loss": "20"}, "a share"),
        ({"max_loss": 20}, "valid string"),
        ({"count": 0}, "greater than or equal to 1"),
        ({"count": 21}, "less than or equal to 20"),
        ({"count": 9, "timeout": "1600ms", "retry": "1s"}, "for 9 packets want more than 1.6s"),
        ({"port": 80}, "Extra inputs"),
    ],
)
def test_keys_that_make_no_sense_are_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PingSpec.model_validate({"host": "a.example", **keys})

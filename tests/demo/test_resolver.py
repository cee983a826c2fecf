"""The small DNS server: real messages on the wire, and nothing for what is none."""

import dns.flags
import dns.message
import dns.rcode
import pytest

from opsconsole.demo.resolver import answer_query


def asked(name: str, kind: str) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    reply = answer_query(query.to_wire())
    assert reply is not None
    answer = dns.message.from_wire(reply)
    assert query.is_response(answer)
    return answer


def test_a_name_has_an_address_on_loopback() -> None:
    answer = asked("portal.kota.example", "A")
    assert [str(record) for rrset in answer.answer for record in rrset] == ["127.20.0.80"]


@pytest.mark.parametrize("kind", ["NS", "AAAA", "MX"])
def test_another_type_is_answered_without_a_record(kind: str) -> None:
    answer = asked(".", kind)
    assert answer.rcode() == dns.rcode.NOERROR
    assert answer.answer == []


@pytest.mark.parametrize("junk", [b"", b"\x00", b"x" * 11, b"\xff" * 600])
def test_what_is_no_query_gets_no_answer(junk: bytes) -> None:
    assert answer_query(junk) is None


def test_an_answer_is_not_answered() -> None:
    answer = dns.message.make_query("a.example", "A")
    answer.flags |= dns.flags.QR
    assert answer_query(answer.to_wire()) is None

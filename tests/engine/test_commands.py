"""Commands: carried out once, answered when committed, written under who asked."""

import contextlib
import json
import threading
import uuid

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.errors import Conflict, Invalid, NotFound, Problem
from opsconsole.client.commands import (
    COMMANDS,
    AddApplication,
    DiffConfig,
    PauseProbes,
    Recheck,
    StopEngine,
)
from opsconsole.client.shapes import Caller, CommandResult, Difference, Role
from opsconsole.engine.commands import digest
from opsconsole.engine.prober import BRAKE_SECONDS
from probes.observation import Observation
from tests.engine.city import City
from tests.engine.offices import Office, application, until

SLOW = {"every": "1h", "retry": "1m"}


def test_a_recheck_that_waits_is_answered_with_what_was_seen(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW))
    office.start()
    until(lambda: office.row("satu").state == "up")
    site.behaviour = "fail"
    with office.client() as client:
        result = client.command(Recheck("satu", wait=True))
        (seen,) = msgspec.json.decode(result.result, type=list[Observation])
        assert (seen.verdict, seen.reason) == ("down", "status_unexpected")
        # The board, the page and the looks show it by the time of the answer.
        assert (office.row("satu").state, office.row("satu").status) == ("down", 503)
        detail = client.detail("satu")
        assert detail.looks[0].trigger == "recheck"
        assert detail.probes[0].last == seen
        assert [why.code for why in detail.why] == ["failing"]
    office.stop()
    (row,) = office.query("SELECT seq, uid, via, kind, subject FROM event WHERE command_id IS NOT NULL")
    assert row == (result.seq, 0, "command", "probe.rechecked", "satu")


def test_a_command_id_is_carried_out_once_however_often_it_is_sent(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW))
    office.start()
    until(lambda: office.row("satu").state == "up")
    again = uuid.uuid4().hex
    results: list[CommandResult] = []

    def send() -> None:
        with office.client() as client:
            results.append(client.command(Recheck("satu", wait=True), again))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.kill()
    office.start()
    send()
    assert sorted(result.repeated for result in results) == [False, True, True, True, True]
    assert len({result.seq for result in results}) == 1
    assert len(site.hits) == 2


def test_what_is_asked_of_nothing_is_not_found(office: Office, city: City):
    site = city.site()
    office.write(
        application("satu", site.url, probe=SLOW), application("mati", site.url, lines=["active = false"])
    )
    office.start()
    with office.client() as client:
        with pytest.raises(NotFound, match="There is no application tiada"):
            client.command(Recheck("tiada"))
        with pytest.raises(NotFound, match="no probe dns"):
            client.command(Recheck("satu", "dns"))
        with pytest.raises(Conflict, match="switched off"):
            client.command(Recheck("mati"))
        with pytest.raises(NotFound):
            client.detail("tiada")
        with pytest.raises(NotFound):
            client.looks("satu", "dns")
    assert office.row("mati").state == "off"
    office.stop()
    assert office.query("SELECT count(*) FROM event WHERE command_id IS NOT NULL") == [(0,)]


def test_an_added_application_is_on_the_board_in_the_file_and_looked_at(office: Office, city: City):
    site, other = city.site(), city.site()
    office.write("# catatan operator\n", application("satu", site.url, probe=SLOW))
    office.start()
    with office.client() as client:
        result = client.command(AddApplication("dua", "Dua", other.url))
        assert json.loads(bytes(result.result)) == {"id": "dua", "file": "opd/uji.toml"}
        assert office.row("dua").name == "Dua"
        with pytest.raises(Conflict):
            client.command(AddApplication("dua", "Dua", other.url))
        with pytest.raises(NotFound):
            client.command(AddApplication("tiga", "Tiga", other.url, opd="TIADA"))
        assert msgspec.json.decode(client.command(DiffConfig()).result) == []
    until(lambda: other.hits)
    assert "# catatan operator" in (office.place.config / "opd" / "uji.toml").read_text()
    office.stop()
    assert office.events("config.accepted")[-1]["subjects"] == ["added dua"]


def test_an_address_that_is_refused_leaves_file_and_board_alone(office: Office):
    office.write()
    office.start()
    file = office.place.config / "opd" / "uji.toml"
    before = file.read_bytes()
    with office.client() as client, pytest.raises(Invalid):
        client.command(AddApplication("dua", "Dua", "http://user:secret@127.0.0.1/"))
    assert file.read_bytes() == before
    assert office.board().applications == ()


def test_a_diff_tells_what_a_reload_would_change_and_changes_nothing(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW))
    office.start()
    office.write(application("satu", site.url, probe={**SLOW, "timeout": "3s"}))
    with office.client() as client:
        found = msgspec.json.decode(client.command(DiffConfig()).result, type=list[Difference])
    assert [(one.change, one.subject, one.keys) for one in found] == [
        ("changed", "satu", ("probes.http.timeout",))
    ]
    assert office.board().engine.config_rev == 1


def test_a_look_by_hand_right_after_one_is_answered_with_that_one(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW))
    office.start()
    until(lambda: office.row("satu").state == "up")

    def recheck() -> list[Observation]:
        with office.client() as client:
            return msgspec.json.decode(
                client.command(Recheck("satu", wait=True)).result, type=list[Observation]
            )

    # The look of the schedule was a moment ago, and is not what was asked for.
    first = recheck()
    assert len(site.hits) == 2
    site.behaviour = "fail"
    assert [recheck() for _ in range(20)] == [first] * 20
    assert len(site.hits) == 2
    until(lambda: recheck() != first)
    assert office.row("satu").state == "down"
    assert site.hits[2] - site.hits[1] >= BRAKE_SECONDS
    office.stop()
    told = office.events("probe.rechecked")
    assert [body["probes"] for body in told[:3]] == [["http"], [], []]


def test_a_command_id_is_no_cover_for_another_command(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW), application("dua", site.url, probe=SLOW))
    office.start()
    until(lambda: all(row.state == "up" for row in office.board().applications))
    used = uuid.uuid4().hex

    def refused(args: msgspec.Struct) -> None:
        with office.client() as client, pytest.raises(Conflict, match="was used for another command"):
            client.command(args, used)

    with office.client() as client:
        first = client.command(Recheck("satu", wait=True), used)
    refused(Recheck("dua", wait=True))
    refused(Recheck("satu"))
    refused(PauseProbes("satu", "2h", "uji"))
    office.kill()
    office.start()
    refused(StopEngine())
    assert office.row("satu").state == "up"
    with office.client() as client:
        again = client.command(Recheck("satu", wait=True), used)
    assert (again.repeated, again.seq) == (True, first.seq)


def test_while_a_command_is_under_way_its_id_is_no_cover_either(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={**SLOW, "timeout": "20s"}))
    office.start()
    until(lambda: office.row("satu").state == "up")
    site.behaviour = "mute"
    used = uuid.uuid4().hex

    def wait() -> None:
        with office.client() as client, contextlib.suppress(Problem):
            client.command(Recheck("satu", wait=True), used)

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: len(site.hits) == 2)
    with office.client() as client, pytest.raises(Conflict, match="was used for another command"):
        client.command(PauseProbes("satu", "2h", "uji"), used)
    assert waiting.is_alive()
    office.kill()
    waiting.join()


@given(
    st.tuples(st.sampled_from(["satu", "dua"]), st.sampled_from(["", "http"]), st.booleans()),
    st.tuples(st.sampled_from(["satu", "dua"]), st.sampled_from(["", "http"]), st.booleans()),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_what_was_asked_has_one_digest_and_nothing_else_has_it(
    one: tuple[str, str, bool], other: tuple[str, str, bool], uid: int, other_uid: int
):
    def of(args: tuple[str, str, bool], uid: int) -> str:
        return digest(COMMANDS["recheck"], Recheck(*args), Caller(uid, "budi", "console", Role.OPERATOR))

    assert (of(one, uid) == of(other, other_uid)) is ((one, uid) == (other, other_uid))

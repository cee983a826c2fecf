"""Thousands of hostile strings in every field that comes from outside, through every screen, on a pty."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.paths import home_place
from opsconsole.client.findings import Finding
from opsconsole.client.logbook import STATE, Entry
from opsconsole.client.shapes import ApplicationDetail, Contact, SelfCheck, State, Why
from probes.observation import Expectation
from tests.console.hostile import Source
from tests.console.test_wire import console
from tests.console.wire import Wire
from tests.fakes.scripted_engine import NIGHT, ScriptedEngine

LOGGED = 900
STATES = (State.DOWN, State.WARN, State.UP, State.STALE, State.UNREACHABLE)
# All that a console in sixteen colours may send: moves, looks, erasing, modes, questions, title, bell.
_LOOK = rb"(?:0|1|2|4|7|22|24|27|3[0-79]|49)"
OURS = re.compile(
    rb"\x1b\[(?:%b(?:;%b)*)?m|\x1b\[\d{0,3}(?:;\d{1,3})?H|\x1b\[\d{1,3}G|\x1b\[K|\x1b\[2J"
    rb"|\x1b\[\?(?:1049|25|1004|2004|7|2026|2048)[hl]|\x1b\[\?(?:2026|2048)\$p|\x1b\[<u|\x1b\[2[23];0t"
    rb"|\x1b\]0;(?:\[(?:\d+ INC ?)?(?:\d+ DOWN)?\] )?opsconsole\x07|\x07|\r?\n" % (_LOOK, _LOOK)
)
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
FOREIGN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)
TO_VIEWS = ("1", "5", "5\t", "6", "6!", "7", ":opd bapenda\r", ":app e-sppt\r", ":explain\r")
OVER = ("?", ".", "c", ":app ", "/a", "e")


def poison(engine: ScriptedEngine, text: Source) -> None:
    """Put hostile text into everything that the engine tells."""
    people = tuple(
        Contact(name=text(), duty=text(), phone=text(), whatsapp=text(), email=text(), note=text())
        for _ in range(3)
    )
    for number, row in enumerate(engine.board_rows()):
        engine.set_state(
            row.id, STATES[number % len(STATES)], "tls_failed" if number % 2 else "status_unexpected",
            {"seen": text(), "want": text()}, name=text(), opd_short=text(), parent="", status=500,
        )  # fmt: skip
    for code, opd in list(engine.board_opds().items()):
        named = msgspec.structs.replace(opd, name=text(), short=text(), kind=text())
        engine.board_opds()[code] = named
        engine._hub.publish([("opd", code, named)])
    for _ in range(60):
        engine.look("e-sppt", verdict="down", reason="tls_failed", params={"seen": text()}, excerpt=text())
    for number in range(LOGGED):
        told: dict[str, Any] = (
            {"kind": STATE, "after": State.DOWN, "reason": "tls_failed", "params": {"seen": text()}}
            if number % 2
            else {"kind": ("config.refused", "probe.rechecked", text())[number % 3],
                  "body": {"lines": [text()], "probes": [text()], "subjects": [text()]}}
        )  # fmt: skip
        at = NIGHT - timedelta(seconds=LOGGED - number)
        entry = Entry(id=f"h{number}", at=at, subject=text(), opd=text(), person=text(), via=text(), **told)
        engine.logged.append(entry)
    _poison_pages(engine, text, people)
    _poison_detail(engine, text, people)
    engine.beat(
        office=text(), config_errors=(text(), text()), notices=(Why("store_set_aside", {"file": text()}),),
        self_check=SelfCheck("offline", NIGHT, (text(), text())),
    )  # fmt: skip


def _poison_pages(engine: ScriptedEngine, text: Source, people: tuple[Contact, ...]) -> None:
    registers: Callable[[Any], Any] = engine.answers["inventory"]
    agencies: Callable[[Any], Any] = engine.answers["opd"]
    codes = ("dns", "cert_expired", "paused", "same_target", "refused", "no_such_code")
    findings = tuple(
        Finding(
            severity="high", code=codes[number % 6],
            params={"text": text(), "by": text(), "other": text(), "probe": text()},
            opd_short=text(), application=text() if number % 2 else "simrs", file=text(), line=number,
        )
        for number in range(60)
    )  # fmt: skip

    def entry(one: Any) -> Any:
        return msgspec.structs.replace(
            one, name=text(), opd_short=text(), owner=text(), hosting=text(), note=text(), runbook=text(),
            contacts=people, depends_on=((text(), text()),), file=text(), service_hours=text(),
        )  # fmt: skip

    def inventory(args: Any) -> Any:
        page = registers(args)
        return msgspec.structs.replace(page, findings=findings, entries=tuple(map(entry, page.entries)))

    def agency(args: Any) -> Any:
        page = agencies(args)
        opd = msgspec.structs.replace(page.opd, name=text(), short=text(), kind=text(), file=text())
        return msgspec.structs.replace(
            page, opd=opd, people=people, applications=tuple(map(entry, page.applications)),
            services=((text(), 2), (text(), 1)), findings=findings,
        )  # fmt: skip

    explanations: Callable[[Any], Any] = engine.answers["explain"]

    def explained(args: Any) -> Any:
        told = explanations(args)
        lines = tuple(Why(one.code, dict.fromkeys(one.params, text())) for one in told.lines)
        led = tuple(msgspec.structs.replace(one, probe=text()) for one in told.led)
        row = msgspec.structs.replace(told.row, name=text(), params={"seen": text(), "want": text()})
        return msgspec.structs.replace(told, row=row, lines=(*lines, Why(text())), led=led)

    engine.answers |= {"inventory": inventory, "opd": agency, "explain": explained}


def _poison_detail(engine: ScriptedEngine, text: Source, people: tuple[Contact, ...]) -> None:
    canned = engine.detail

    async def detail(row_id: str) -> ApplicationDetail:
        known = await canned(row_id)
        probe = known.probes[0]
        last = msgspec.structs.replace(
            probe.last, target=text(), params={"seen": text()},
            expectations=(Expectation(text(), text(), False),),
        )  # fmt: skip
        probe = msgspec.structs.replace(probe, target=text(), last=last, params={"seen": text()})
        return msgspec.structs.replace(
            known, opd_name=text(), hosting=text(), runbook=text(), note=text(), contacts=people,
            why=(Why("down", {"probe": text(), "seen": text(), "want": text()}), Why(text())),
            probes=(probe,),
        )  # fmt: skip

    engine.detail = detail  # type: ignore[method-assign]


def go(wire: Wire, *keys: str) -> None:
    """Press, and read what comes."""
    for key in keys:
        wire.send(key)
        wire.settle(0.04, timeout=1)


def test_no_foreign_sequence_reaches_the_terminal_through_any_screen(tmp_path: Path) -> None:
    text = Source(2026, 6_000)
    with ScriptedEngine(home_place(tmp_path)) as engine:
        poison(engine, text)
        with console(engine.place, size=(160, 45), shows="PROBLEMS", TERM="xterm", COLORTERM="") as wire:
            wire.settle(0.5)
            for place, keys in enumerate(TO_VIEWS):
                go(wire, keys)
                wire.settle(0.25)
                for over in (OVER[place % len(OVER)], OVER[(place + 3) % len(OVER)]):
                    go(wire, over, "\x1b[B", "\x1b")
                    wire.settle(0.16)
                go(wire, *["\x1b[6~"] * 3, "\r", "h", "y", "G", "g", "1")
            go(wire, "7", *["\x1b[6~"] * 26, " ", " ", "y", "e", "\r")
            wire.until(lambda: wire.shows("saved:"))
            go(wire, ":opd bapenda\r", *"]]]]]]", ":app e-sppt\r", "r", *["\x1b[6~"] * 3, "y", "q")
            assert wire.wait() == 0
    assert text.given > 4_000
    received = wire.received
    copied = [base64.b64decode(found).decode() for found in COPIED.findall(received)]
    rest = OURS.sub(b"", COPIED.sub(b"", received))
    assert not FOREIGN.findall(rest.decode("utf-8"))
    assert b"[@click=app.quit]" in rest, "markup is shown as it is"
    assert copied and not any(FOREIGN.search(one.replace("\n", "")) for one in copied)
    saved = list((tmp_path / "exports").glob("log-*.csv"))
    assert saved and not FOREIGN.search(re.sub("[\t\r\n]", "", saved[0].read_text("utf-8").lstrip("\ufeff")))

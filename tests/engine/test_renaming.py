"""A probe that gets another name goes on where it was, also in the moment of the change."""

from pathlib import Path

from opsconsole.engine.office import assemble
from opsconsole.engine.quiet import load_states
from opsconsole.inventory.load import load
from opsconsole.inventory.register import register
from probes.observation import Verdict
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import application

URL = "http://127.0.0.1:9/"


async def test_a_look_between_the_commit_and_the_change_is_not_forgotten(home: Path):
    inside = Inside(home, application("satu", URL, probe={"attempts": 3}))
    inside.fit("unset")
    office = inside.outset.office
    [before] = inside.row("satu").probes
    renamed = application("satu", URL, probe={"attempts": 3, "id": "beranda", "was": ["http"]})
    opd = home / "config" / "opd" / "uji.toml"
    opd.write_text('code = "UJI"\nname = "Dinas Uji"\nshort = "Uji"\n' + renamed)
    inventory = load(home / "config")
    with inside.store.writer() as conn:
        registered, stored = register(conn, inventory, inside.clock.now()), load_states(conn)
    inside.look("satu", observation(Verdict.DOWN, "connect_refused", address="127.0.0.1"))
    after, changes = assemble(inventory, registered, stored, inside.clock.now(), office)
    [probe] = after.rows["satu"].probes
    assert (probe.name, probe.id, changes.dropped) == ("beranda", before.id, (before,))
    assert probe.state == before.state and probe.state.failures == 1
    assert probe.last is before.last
    inside.close()

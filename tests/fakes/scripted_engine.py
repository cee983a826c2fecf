"""An engine that probes nothing and does as it is told: the real API over a canned city.

In a test::

    with ScriptedEngine(home_place(tmp_path)) as engine:
        engine.set_state("portal", State.DOWN, "connect_refused", {"address": "127.20.15.2:443"})
        engine.die()          # as kill -9 does: the socket file stays, nobody answers
        engine.come_back()    # the next run, with the next run number

By hand, in one terminal ``python -m tests.fakes.scripted_engine DIR`` and in another
``opsconsole --home DIR``.
"""

import argparse
import asyncio
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from opsconsole.api.bind import inode_of
from opsconsole.api.hub import Hub, HubSubscription
from opsconsole.api.peers import PeerReader, read_peer
from opsconsole.api.server import ApiServer
from opsconsole.base.errors import NotFound
from opsconsole.base.paths import Place, home_place
from opsconsole.client.commands import (
    AddApplication,
    CommandShape,
    DiffConfig,
    EndMaintenance,
    PauseProbes,
    PlanMaintenance,
    Recheck,
    Reload,
    ResumeProbes,
    StopEngine,
)
from opsconsole.client.incident_pages import TimelineEntry
from opsconsole.client.incidents import Incident
from opsconsole.client.logbook import Entry
from opsconsole.client.planned import Pause
from opsconsole.client.queries import Query, QueryShape
from opsconsole.client.shapes import (
    PROTOCOL,
    Application,
    ApplicationDetail,
    Board,
    Caller,
    CommandBody,
    CommandResult,
    Difference,
    Engine,
    Hello,
    Link,
    Look,
    Opd,
    Probe,
    Role,
    SelfCheck,
    State,
)
from probes.observation import Observation, Param, Phases
from tests.fakes import canned_rows
from tests.fakes.canned_audit import canned_audit
from tests.fakes.canned_incidents import canned_incidents, carry_out, opening
from tests.fakes.canned_maintenance import planned_window
from tests.fakes.canned_papers import canned_papers
from tests.fakes.canned_past import canned_past
from tests.fakes.canned_planned import canned_planned, pause_of
from tests.fakes.canned_readiness import canned_readiness
from tests.fakes.canned_registers import canned_registers
from tests.fakes.canned_stages import canned_stages
from tests.fakes.canned_why import canned_why
from tests.fakes.scripted_city import PARENTS, TROUBLES, City, build_city, contacts_of, opd_row

VERSION = "0.1.0"
# Tuesday 24 November 2026, 02:14 in Jakarta: the night that the screens are drawn for.
NIGHT = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)
BEAT_SECONDS = 2.0


class ScriptedEngine:
    """The scripted engine of one place, serving from ``start`` to ``stop``.

    ``now`` is the time it believes in; it moves only by `advance`. ``beats`` sends the heartbeat every
    two seconds as a real engine does, with the machine's clock.
    """

    def __init__(
        self,
        place: Place,
        *,
        now: datetime = NIGHT,
        role: Role = Role.ADMIN,
        run: int = 7,
        beats: bool = False,
        peercred: PeerReader = read_peer,
    ) -> None:
        self.place = place
        self.role = role
        self.run = run
        self.commands: list[tuple[str, msgspec.Struct, Caller]] = []
        self.requests: list[str] = []
        self.looks_of: dict[str, list[Look]] = {}
        self.answers: dict[str, Any] = {
            **canned_audit(self),
            **canned_past(self),
            **canned_planned(self),
            **canned_why(self),
            **canned_incidents(self),
            **canned_registers(),
            **canned_readiness(self),
            **canned_stages(self),
            **canned_papers(),
        }
        self.readiness: dict[str, dict[str, Any]] = {}
        self.stages: dict[str, int] = {}
        self.events = 3
        self.pauses: dict[str, Pause] = {}
        self.timelines: dict[int, list[TimelineEntry]] = {}
        self.answer_after: threading.Event | None = None
        self.waiting = False
        self.logged: list[Entry] = []
        self.start_of_script = now
        self._now = now
        self._live = beats
        self._peercred = peercred
        self._done: dict[str, CommandResult] = {}
        self._city: City = build_city(now)
        self.incidents: dict[int, Incident] = {one.number: one for one in opening(self)}
        self._hub = Hub(run)
        self._server: ApiServer | None = None
        self._beating = threading.Event()
        self._beats: threading.Thread | None = None

    # Life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the place an office, publish the city and serve."""
        self.place.settings.parent.mkdir(parents=True, exist_ok=True)
        self.place.settings.touch()
        self._hub = Hub(self.run)
        self._hub.publish([("opd", code, row) for code, row in self._city.opds.items()])
        self._hub.publish([("application", row.id, row) for row in self._city.applications.values()])
        self._hub.publish([("incident", str(one.number), one) for one in self.incidents.values()])
        self.beat()
        self._server = ApiServer(
            self,
            self.place.socket,
            owns_lock=True,
            close_streams=lambda: self._hub.close_all(),
            peercred=self._peercred,
        )
        self._server.start()
        if self._live:
            self.start_heartbeat()

    def stop(self) -> None:
        """End as an engine does that was asked to: the socket is gone, the streams are ended."""
        self.stop_heartbeat()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def die(self) -> None:
        """End as a killed engine does: nobody answers, and the socket file stays behind."""
        kept = self.place.socket.with_name("kept.sock")
        kept.hardlink_to(self.place.socket)
        self.stop()
        kept.rename(self.place.socket)

    def come_back(self) -> None:
        """Start again as the next run."""
        self.run += 1
        self.start()

    # The script

    @property
    def now(self) -> datetime:
        """The engine's time."""
        return datetime.now(UTC) if self._live else self._now

    @property
    def streams(self) -> int:
        """How many change streams are open."""
        return self._hub.clients

    def advance(self, seconds: float) -> None:
        """Let time pass for the engine; nothing is published by it."""
        self._now += timedelta(seconds=seconds)

    def row(self, row_id: str) -> Application:
        """The current row of an application."""
        return self._city.applications[row_id]

    def set_state(
        self,
        row_id: str,
        state: State,
        reason: str = "ok",
        params: dict[str, Param] | None = None,
        **fields: object,
    ) -> Application:
        """Publish a new state of an application since now, and the row of its OPD."""
        old = self.row(row_id)
        row = msgspec.structs.replace(
            old, state=state, reason=reason, params=params or {}, since=self.now, last_at=self.now,
            version=old.version + 1, **fields,
        )  # fmt: skip
        self._city.applications[row_id] = row
        changes: list[tuple[str, str, Application | Opd]] = [("application", row_id, row)]
        if opd := self._city.opds.get(row.opd):
            self._city.opds[row.opd] = opd_row(opd, self._city.applications.values())
            changes.append(("opd", row.opd, self._city.opds[row.opd]))
        self._hub.publish(changes)  # type: ignore[arg-type]
        return row

    def set_incident(self, number: int, **fields: object) -> Incident:
        """Publish an incident that has changed, or a new one; a new one needs at least its times."""
        known = self.incidents.get(number)
        if known is None:
            usual: dict[str, object] = {
                "happened_at": self.now,
                "opened_at": self.now,
                "changed_at": self.now,
            }
            one = Incident(number=number, **(usual | fields))  # type: ignore[arg-type]
        else:
            one = msgspec.structs.replace(
                known, **{"changed_at": self.now, "version": known.version + 1, **fields}
            )
        self.incidents[number] = one
        self._hub.publish([("incident", str(number), one)])
        return one

    def board_rows(self) -> list[Application]:
        """Every row as it stands."""
        return list(self._city.applications.values())

    def board_opds(self) -> dict[str, Opd]:
        """Every OPD as it stands, by its code."""
        return self._city.opds

    def log(self, entry: Entry) -> None:
        """Add to the log, and publish that it has grown."""
        self.logged.append(entry)
        self.beat(logged=len(self.logged))

    def remove(self, row_id: str) -> None:
        """Take an application off the board, as a reload does."""
        del self._city.applications[row_id]
        self._hub.publish([("application", row_id, None)])

    def look(self, row_id: str, **fields: object) -> Look:
        """Record a look and publish it to whoever watches the application."""
        given: dict[str, object] = {"probe": "http", "at": self.now, "verdict": "up", "reason": "ok"}
        look = Look(**(given | fields))  # type: ignore[arg-type]
        self.looks_of.setdefault(row_id, self._canned_looks(row_id)).insert(0, look)
        self._hub.publish([("look", row_id, look)])
        return look

    def beat(self, **fields: object) -> Engine:
        """Publish the engine's own row; ``fields`` replace what it usually says."""
        usual: dict[str, object] = {
            "run": self.run, "version": VERSION, "office": "Kominfo Kota Contoh",
            "started_at": self.now - timedelta(days=3), "heartbeat_at": self.now, "config_rev": 118,
            "self_check": SelfCheck("ok", self.now - timedelta(days=3)), "probes": 131, "looks": 558_231,
        }  # fmt: skip
        row = Engine(**(usual | fields))  # type: ignore[arg-type]
        self._hub.publish([("engine", "engine", row)])
        return row

    def start_heartbeat(self) -> None:
        """Beat every two seconds from now on."""
        self._beating.set()
        self._beats = threading.Thread(target=self._keep_beating, name="beats", daemon=True)
        self._beats.start()

    def stop_heartbeat(self) -> None:
        """Fall silent without ending: what a hung engine looks like."""
        self._beating.clear()

    def _keep_beating(self) -> None:
        while self._beating.is_set():
            self.beat()
            time.sleep(BEAT_SECONDS)

    # EnginePort

    def role_of(self, uid: int, gids: Sequence[int]) -> Role:
        """The role the script gives, whoever asks."""
        return self.role

    def hello(self, caller: Caller) -> Hello:
        """Who this is."""
        self.requests.append("hello")
        return Hello(
            version=VERSION, protocol=PROTOCOL, run=self.run, started_at=self.now - timedelta(days=3),
            office="Kominfo Kota Contoh", zone="Asia/Jakarta", language="id", opd_term="OPD", demo=False,
            caller=caller, shifts=(time_of_day(5), time_of_day(13), time_of_day(21)),
        )  # fmt: skip

    def board(self) -> Board:
        """The city."""
        self.requests.append("board")
        return self._hub.board()

    async def detail(self, row_id: str) -> ApplicationDetail:
        """An application's page, made up from its row."""
        self.requests.append(f"detail {row_id}")
        row = self._known(row_id)
        opd = self._city.opds.get(row.opd)
        looks = self.looks_of.setdefault(row_id, self._canned_looks(row_id))
        parents = PARENTS.get(row_id, ())
        children = [child for child, above in PARENTS.items() if row_id in above]
        return ApplicationDetail(
            row=row, opd_name=opd.name if opd else "", audience="public", hosting="kominfo",
            handed_over=True, runbook="docs/rb-17.md", note="urutan nyala ulang: basis data, lalu aplikasi",
            contacts=contacts_of(row), parents=self._links(parents), children=self._links(children),
            probes=(self._probe(row),), looks=tuple(looks[:20]), why=canned_rows.why(row),
        )  # fmt: skip

    async def looks(
        self, row_id: str, probe: str, before: datetime | None, limit: int, failures: bool
    ) -> list[Look]:
        """Canned looks and those the script has added."""
        self.requests.append(f"looks {row_id}")
        self._known(row_id)
        looks = self.looks_of.setdefault(row_id, self._canned_looks(row_id))
        wanted = [
            look
            for look in looks
            if probe in ("", look.probe)
            and (before is None or look.at < before)
            and not (failures and look.verdict == "up")
        ]
        return wanted[:limit]

    async def query(self, shape: QueryShape, args: Query[Any], caller: Caller) -> object:
        """What the script has put into ``answers`` under the query's name: a value, or a function of it."""
        self.requests.append(f"query {shape.name}")
        answer = self.answers[shape.name]
        return answer(args) if callable(answer) else answer

    async def execute(
        self, shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        """Do what a real engine would be seen to do. Waits for ``answer_after`` where it is set."""
        if self.answer_after is not None:
            self.waiting = True
            await asyncio.to_thread(self.answer_after.wait, 30)
            self.waiting = False
        if done := self._done.get(body.command_id):
            return msgspec.structs.replace(done, repeated=True)
        self.commands.append((shape.name, args, caller))
        if shape.on == "incident":
            told = carry_out(self, args, caller.person, body.version)
            result = msgspec.Raw(msgspec.json.encode(told.number))
        else:
            result = self._carry_out(args)
        done = CommandResult(command_id=body.command_id, seq=len(self.commands), result=result)
        self._done[body.command_id] = done
        return done

    def subscribe(self, after: int | None, run: int | None, watch: frozenset[str]) -> HubSubscription:
        """The hub's changes."""
        self.requests.append("changes")
        return self._hub.subscribe(after, run, watch)

    # What it makes up

    def _carry_out(self, args: msgspec.Struct) -> msgspec.Raw:
        result: object = None
        match args:
            case Recheck(application=row_id):
                result = self._recheck(row_id) if args.wait else self._recheck(row_id)[:0]
            case AddApplication():
                self._city.applications[args.id] = Application(
                    id=args.id, name=args.name, opd=args.opd or "KOMINFO", opd_short="Kominfo", since=self.now
                )
                self._hub.publish([("application", args.id, self.row(args.id))])
                result = {"id": args.id, "file": "opd/kominfo.toml"}
            case PauseProbes(application=row_id):
                pause = self.pauses[row_id] = pause_of(self, args.reason)
                told = {"by": pause.by, "until": f"{pause.until:%Y-%m-%dT%H:%M:%SZ}", "why": pause.why}
                self.set_state(row_id, State.OFF, "paused", told)  # type: ignore[arg-type]
                result = pause
            case ResumeProbes(application=row_id):
                self.pauses.pop(row_id, None)
                self.set_state(row_id, State.PENDING, "resumed")
                result = ["http"]
            case PlanMaintenance(application=row_id):
                planned = result = planned_window(self, args)
                told = {"by": planned.by, "until": f"{planned.end:%Y-%m-%dT%H:%M:%SZ}", "why": planned.why}
                self.set_state(row_id, State.MAINT, "maint", told)  # type: ignore[arg-type]
            case EndMaintenance(application=row_id):
                self.set_state(row_id, State.UP, "ok")
                result = [1]
            case DiffConfig():
                result = [Difference(change="added", subject="portal-baru")]
            case StopEngine():
                threading.Timer(0.05, self.stop).start()
            case Reload():
                self.beat(config_rev=119)
        return msgspec.Raw(msgspec.json.encode(result))

    def _recheck(self, row_id: str) -> list[Observation]:
        row = self._known(row_id)
        self.look(
            row_id, trigger="command", verdict="up" if row.state is State.UP else "down", reason=row.reason,
            params=row.params, status=row.status, duration_ms=row.latency_ms,
        )  # fmt: skip
        return [canned_rows.seen(row, self._probe(row).target, self.now)]

    def _known(self, row_id: str) -> Application:
        row = self._city.applications.get(row_id)
        if row is None:
            raise NotFound("There is no application {id}.", "`opsconsole status` lists them.", id=row_id)
        return row

    def _links(self, ids: Sequence[str]) -> tuple[Link, ...]:
        rows = [self._city.applications[row_id] for row_id in ids if row_id in self._city.applications]
        return tuple(Link(row.id, row.name, row.state, row.since) for row in rows)

    def _probe(self, row: Application) -> Probe:
        url = f"https://127.20.4.9:9443/{row.id.replace(':', '/')}/health"
        return Probe(
            id="http", kind="http", target=url, state=row.state, hard=row.hard, since=row.since,
            reason=row.reason, params=row.params, attempt=row.attempt, attempts=row.attempts, streak=4,
            recoveries=2, slow_over_s=3.0, next_at=self.now + timedelta(seconds=44),
            last=canned_rows.seen(row, url, self.now - timedelta(seconds=16)),
            last_good_at=row.since - timedelta(seconds=1),
        )  # fmt: skip

    def _canned_looks(self, row_id: str) -> list[Look]:
        row = self._known(row_id)
        trouble = TROUBLES.get(row_id)
        started = row.since if trouble else self.now
        looks = []
        for minute in range(60):
            at = self.now - timedelta(seconds=16 + 60 * minute)
            bad = trouble is not None and at >= started and row.state is not State.UP
            looks.append(
                Look(
                    probe="http", at=at, verdict="down" if bad else "up", reason=row.reason if bad else "ok",
                    params=row.params if bad else {}, status=row.status if bad else 200,
                    duration_ms=812.3 if bad else 41.0 + minute % 7,
                    phases_ms=canned_rows.FAILED_PHASES if bad else Phases(2.0, 4.0, 12.0, 0.3, 22.0, 1.0),
                    late_ms=0.4, queued_ms=0.1, lag_ms=0.6,
                    excerpt='{"error": "upstream connect error"}' if bad else "",
                )
            )  # fmt: skip
        return looks


def main() -> None:
    """Serve the city at a home until Ctrl+C, with a fault that comes and goes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--role", type=Role, choices=list(Role), default=Role.ADMIN)
    arguments = parser.parse_args()
    place = home_place(arguments.home)
    with ScriptedEngine(place, now=datetime.now(UTC), role=arguments.role, beats=True) as engine:
        print(f"serving {place.socket}; opsconsole --home {arguments.home}", flush=True)
        try:
            while inode_of(place.socket):
                time.sleep(10)
                if engine.row("izin").state is State.UP:
                    engine.set_state(
                        "izin", State.DOWN, "status_unexpected", {"seen": 502, "want": "200-299"}, status=502
                    )
                else:
                    engine.set_state("izin", State.UP, status=200)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()

"""What the scripted engine tells of a row: why it shows what it shows, and what its probe saw last."""

from datetime import datetime, timedelta

from opsconsole.client.shapes import Application, State, Why
from probes.observation import Expectation, HttpFacts, Observation, Param, Phases, TlsFacts, Verdict

FAILED_PHASES = Phases(resolve=12.0, connect=38.2, tls=95.0, send=1.0, wait=655.1, receive=11.0)


def why(row: Application) -> tuple[Why, ...]:
    seen: dict[str, Param] = {"probe": row.probe, "seen": row.attempt, "want": row.attempts}
    match row.state:
        case State.DOWN:
            return Why("down", seen), Why("self_checked")
        case State.UNREACHABLE:
            return Why("unreachable", row.params), Why("down", seen)
        case State.UP if row.attempt:
            return (Why("failing", seen),)
        case State.UP:
            return (Why("passed", seen),)
        case _:
            return (Why(str(row.state), seen | row.params),)


def seen(row: Application, url: str, at: datetime) -> Observation:
    good = row.state is State.UP
    seen = str(row.status or "-")
    return Observation(
        kind="http", target=url, started_at=at, duration_ms=row.latency_ms or 812.3,
        verdict=Verdict.UP if good else Verdict.DOWN, reason=row.reason, params=row.params,
        phases_ms=FAILED_PHASES, address="127.20.4.9", port=9443,
        expectations=(Expectation("status 200-299", seen, good),),
        http=HttpFacts(status=row.status, version="1.1", body_bytes=96, wire_bytes=96,
                       content_type="application/json", excerpt='{"error": "upstream connect error"}'),
        tls=TlsFacts("TLSv1.3", True, "ab" * 32, at + timedelta(days=42), at + timedelta(days=42),
                     "CN=Contoh CA", f"CN={row.id}"),
    )  # fmt: skip

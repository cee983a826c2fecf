"""What each command of readiness comes to: the event that records it. Reads what is stored, writes nothing.

Each takes the recording and a connection in the transaction that will store it.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.readiness_commands import (
    ProveMeans,
    RecordContact,
    RecordDecree,
    RecordHandOver,
    RecordLogin,
    RecordReview,
    RecordRoster,
    RecordSop,
    SendReminder,
    VoidEvidence,
)
from opsconsole.readiness import changes
from opsconsole.readiness.asking import Asking, Decision, no_digest, note_of, words
from opsconsole.readiness.evidence import ANSWERED, MEANS, NO_ANSWER, REMINDER
from opsconsole.readiness.project import PREFIX, Recorded
from opsconsole.store.drafts import Decided

_LAST = """
SELECT max(seq) FROM (
SELECT max(seq) AS seq FROM evidence WHERE uid = :uid AND kind <> 'VO' AND voided_by IS NULL
UNION ALL SELECT max(seq) FROM drill WHERE uid = :uid AND ended_at IS NULL
UNION ALL SELECT max(seq) FROM bimtek WHERE uid = :uid AND cancelled_at IS NULL)
"""


def contact(ask: Asking, conn: Connection) -> Decided:
    """Somebody was called."""
    args: RecordContact = ask.args
    person = ask.person(args.person)
    said = Recorded(
        kind="KT",
        at=ask.moment(args.at),
        result=NO_ANSWER if args.channel == "none" else ANSWERED,
        variant=args.channel,
        params=note_of(args.note),
    )
    return ask.recorded("contacted", said, [person])


def decree(ask: Asking, conn: Connection) -> Decided:
    """A decree names people."""
    args: RecordDecree = ask.args
    people = ask.people(args.people)
    day = ask.day(args.day)
    until = ask.day(args.valid_until) if args.valid_until else None
    if until is not None and until < day:
        raise Invalid(N_("A decree of {day} can not end on {until}."), day=args.day, until=args.valid_until)
    row = ask.application(args.application)
    params = {
        "number": words(args.number, "number"),
        "signer": words(args.signer),
        "scan": words(args.scan),
        "sha256": no_digest(args.sha256),
    }
    said = Recorded(
        kind="SK",
        at=ask.midnight(day),
        until=None if until is None else ask.midnight(until, end=True),
        application=row.id if row else "",
        params={key: value for key, value in params.items() if value},
    )
    return ask.recorded("decreed", said, people)


def sop(ask: Asking, conn: Connection) -> Decided:
    """People acknowledged a version of the SOP."""
    args: RecordSop = ask.args
    row = ask.application(args.application)
    said = Recorded(
        kind="SOP",
        at=ask.moment(args.at),
        application=row.id if row else "",
        source=args.source,
        variant=words(args.version, "version"),
    )
    return ask.recorded("sop_acknowledged", said, ask.people(args.people))


def login(ask: Asking, conn: Connection) -> Decided:
    """Somebody was logged in."""
    args: RecordLogin = ask.args
    row = ask.application(args.application)
    said = Recorded(kind="LG", at=ask.moment(args.at), application=row.id if row else "", source=args.source)
    return ask.recorded("login_seen", said, [ask.person(args.person)])


def roster(ask: Asking, conn: Connection) -> Decided:
    """People are on the duty roster."""
    args: RecordRoster = ask.args
    start, end = ask.day(args.start), ask.day(args.end)
    if end < start:
        raise Invalid(N_("A roster from {start} can not end on {end}."), start=args.start, end=args.end)
    row = ask.application(args.application)
    said = Recorded(
        kind="PK",
        at=ask.midnight(start),
        until=ask.midnight(end, end=True),
        application=row.id if row else "",
    )
    return ask.recorded("rostered", said, ask.people(args.people))


def hand_over(ask: Asking, conn: Connection) -> Decided:
    """Whoever left has handed over. They need not be of the office any more."""
    args: RecordHandOver = ask.args
    to = ask.person(args.to).id if args.to else ""
    said = Recorded(
        kind="ST",
        at=ask.moment(args.at),
        opd=ask.opd(args.opd),
        variant=words(args.leaving),
        params={**({"to": to} if to else {}), **note_of(args.note)},
    )
    return ask.recorded("handed_over", said)


def review(ask: Asking, conn: Connection) -> Decided:
    """An OPD was looked over."""
    args: RecordReview = ask.args
    said = Recorded(
        kind="RV", at=ask.moment(args.at), opd=ask.opd(args.opd), params={"note": words(args.note, "note")}
    )
    return ask.recorded("reviewed", said)


def means(ask: Asking, conn: Connection) -> Decided:
    """Means were seen to be there."""
    args: ProveMeans = ask.args
    code = ask.opd(args.opd)
    one = next((one for one in ask.inventory.opds[code].means if one.id == args.means), None)
    if one is None:
        raise NotFound(
            N_("{opd} has no means {id}."),
            N_("Its means: {names}."),
            opd=code,
            id=args.means or "?",
            names=", ".join(one.id for one in ask.inventory.opds[code].means) or "-",
        )
    if one.proven_by:
        raise Conflict(N_("{id} is shown by the probes of {row}."), id=one.id, row=one.proven_by)
    said = Recorded(
        kind=MEANS,
        at=ask.moment(args.at),
        until=ask.midnight(ask.day(args.valid_until), end=True) if args.valid_until else None,
        opd=code,
        source=args.source,
        variant=one.id,
        params=note_of(args.note),
    )
    return ask.recorded("means_proven", said)


def remind(ask: Asking, conn: Connection) -> Decided:
    """A step of the chain was taken."""
    args: SendReminder = ask.args
    said = Recorded(
        kind=REMINDER, at=utc(ask.at), opd=ask.opd(args.opd), variant=args.step, params=note_of(args.note)
    )
    return ask.recorded("reminded", said)


def void(ask: Asking, conn: Connection) -> Decided:
    """Take a recording back: a row, or all of the caller's last one."""
    args: VoidEvidence = ask.args
    if args.number:
        found = conn.exec_driver_sql(
            "SELECT id, person, opd, voided_by, seq FROM evidence WHERE id = ?", (args.number,)
        ).all()
        if not found:
            raise NotFound(N_("There is no recording {number}."), number=args.number)
        if found[0].voided_by is not None:
            raise Conflict(
                N_("Recording {number} is taken back already."),
                N_("Take {by} back, and it holds again."),
                number=args.number,
                by=found[0].voided_by,
            )
        undone = found[0].seq
    else:
        seq = conn.exec_driver_sql(_LAST, {"uid": ask.uid}).scalar()
        if seq is None:
            raise NotFound(N_("You have recorded nothing that could be taken back."))
        found = conn.exec_driver_sql(
            "SELECT id, person, opd, voided_by, seq FROM evidence WHERE seq = ? AND voided_by IS NULL", (seq,)
        ).all()
        undone = seq
    people = [ask.inventory.people[row.person] for row in found if row.person in ask.inventory.people]
    body = {
        "rows": [row.id for row in found],
        "undone": undone,
        "reason": words(args.reason),
        "at": utc(ask.at).isoformat(timespec="milliseconds"),
        "opd": found[0].opd if found else "",
        "variant": _kind_of(conn, undone),
    }
    subject = f"person:{people[0].id}" if len(people) == 1 else "readiness"
    result = {"kind": body["variant"], "people": [one.id for one in people], "opd": body["opd"]}
    return Decided((ask.event(PREFIX + "voided", subject, body),), result)


def _kind_of(conn: Connection, seq: int) -> str:
    kind = conn.exec_driver_sql("SELECT kind FROM event WHERE seq = ?", (seq,)).scalar_one()
    return str(kind).removeprefix(PREFIX)


DECISIONS: Mapping[str, Decision] = {
    "contact": contact,
    "decree": decree,
    "sop": sop,
    "login": login,
    "roster": roster,
    "bast": hand_over,
    "transfer": changes.transfer,
    "change": changes.change,
    "review": review,
    "means": means,
    "remind": remind,
    "undo": void,
}
"""By the name of their command."""

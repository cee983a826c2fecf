"""What was recorded of people: drills, Bimtek, decrees, levels. Their names stand here, and nowhere else.

How somebody is reached is in none of it, nor is what somebody noted of them.
"""

from collections.abc import Iterable, Iterator, Sequence

from opsconsole.base.text import N_, _, language
from opsconsole.cli.evidence.asking import Asking, Found, Piece
from opsconsole.client.readiness import AskBimtek, Evidence, OpdReadiness, RuleWords, Session
from opsconsole.client.yearly import AskPeopleYear, PeopleYear
from opsconsole.console.draw import readiness as words
from opsconsole.exports.sheet import Column, Value

DRILL, BIMTEK, DECREE = "UR", "BT", "SK"
# Needs of the levels, each a column of the list of OPD.
_NEEDS = ("named", "SK", "KT", "BT", "UR", "UR-outside", "LG", "CD", "SOP", "PK")
# Of what was recorded beside people; evidence itself has its words in readiness.toml.
_KINDS = {
    "CH": N_("a change took evidence away"), "MN": N_("means were shown"), "RM": N_("a reminder was sent"),
}  # fmt: skip


def drills(asking: Asking) -> Iterable[Found]:
    """Who was asked, and how fast they answered."""
    rows = _rows(asking, DRILL)
    if not rows:
        return [asking.nothing(_("Drills"))]
    columns = [
        *_about(), Column("hours", _("HOURS")), Column("result", _("RESULT")),
        Column("seconds", _("ANSWER (s)"), "number"), *_source(),
    ]  # fmt: skip
    made = [
        [*_whom(asking, one), one.variant or None, one.result, _number(one, "seconds"), *_told(one)]
        for one in rows
    ]
    shows = _("drills: who was asked, inside or outside working hours, and whether the answer came in time")
    return [Piece("drills", shows, columns, made, notes=_notes(asking, rows))]


def bimtek(asking: Asking) -> Iterable[Found]:
    """The sessions of the year, and who was there."""
    rows = _rows(asking, BIMTEK)
    codes = {one.variant for one in rows}
    sessions = [
        one
        for one in asking.ask(AskBimtek()).sessions
        if asking.in_year(one.at) and (one.code in codes or not asking.applications)
    ]
    found = [*_sessions(sessions), *_attendance(asking, rows)]
    return found or [asking.nothing(_("Bimtek"))]


def _sessions(held: Sequence[Session]) -> Iterator[Piece]:
    if held:
        columns = [
            Column("code", _("CODE")), Column("title", _("TITLE")), Column("at", _("AT"), "time"),
            Column("apps", _("ABOUT")), Column("people", _("PEOPLE"), "number"),
            Column("opds", _("OPD"), "number"),
        ]  # fmt: skip
        rows: list[list[Value]] = [
            [
                one.code, one.title, one.at, " ".join(one.applications) or _("all"), len(one.attended),
                len(one.opds),
            ]
            for one in held
        ]  # fmt: skip
        yield Piece("bimtek", _("sessions of Bimtek, with how many people of how many OPD"), columns, rows)


def _attendance(asking: Asking, rows: Sequence[Evidence]) -> Iterator[Piece]:
    if rows:
        columns = [*_about(), Column("session", _("SESSION")), Column("paper", _("CERTIFICATE")), *_source()]
        made = [
            [*_whom(asking, one), one.variant or None, _text(one, "certificate"), *_told(one)] for one in rows
        ]
        yield Piece("attendance", _("who was at which Bimtek"), columns, made, notes=_notes(asking, rows))


def decrees(asking: Asking) -> Iterable[Found]:
    """Who was appointed by which decree."""
    rows = _rows(asking, DECREE)
    if not rows:
        return [asking.nothing(_("Decrees"))]
    columns = [*_about(), Column("number", _("NUMBER")), Column("signer", _("SIGNED BY")), *_source()]
    made = [[*_whom(asking, one), _text(one, "number"), _text(one, "signer"), *_told(one)] for one in rows]
    shows = _("decrees that name who answers for an application, with number and end")
    return [Piece("decrees", shows, columns, made, notes=_notes(asking, rows))]


def readiness(asking: Asking) -> Iterable[Found]:
    """The level of each OPD on the last day, and what else was recorded in the year."""
    page = _page(asking)
    if not page.rows and not asking.span.running:
        return [asking.nothing(_("Readiness"))]
    rows = [one for one in _rows(asking) if one.kind not in {DRILL, BIMTEK, DECREE}]
    others = _others(asking, rows) if rows else asking.nothing(_("Other evidence of people"))
    return [*_levels(asking, page), others]


def _levels(asking: Asking, page: PeopleYear) -> Iterator[Piece]:
    rows = [_level(one, page) for one in page.opds if asking.about_opd(one.opd)]
    if rows:
        columns = [
            Column("opd", _("OPD")), Column("name", _("NAME")), Column("claimed", _("CLAIMED"), "number"),
            Column("proven", _("PROVEN"), "number"), Column("level", _("LEVEL")),
            Column("median", _("MEDIAN"), "number"), Column("falls", _("FALLS"), "time"),
            Column("apps", _("APPS"), "number"), Column("people", _("PEOPLE"), "number"),
            *(Column(need.lower(), _("ROLE") if need == "named" else need) for need in _NEEDS),
        ]  # fmt: skip
        shows = _("how ready the people of each OPD were: what it claims, what is proven, when that falls")
        notes = (
            _("Proven is the lowest of all that counts; a claim is no proof."),
            _("Judged by the rules and people of today's files, with the evidence there was on the day."),
            _("Of all who answer for what counts: ok, part (some have it), lacking; empty: not asked for."),
            _("The level of single people is not in it: it is for the office alone."),
        )
        yield Piece("levels", shows, columns, rows, as_of=True, notes=notes)


def _others(asking: Asking, rows: Sequence[Evidence]) -> Piece:
    columns = [
        Column("kind", _("KIND")), Column("what", _("WHAT")), *_about(), Column("detail", _("DETAIL")),
        Column("result", _("RESULT")), *_source(),
    ]  # fmt: skip
    rules = _page(asking).evidence
    made = [
        [
            one.kind, _word(one.kind, rules), *_whom(asking, one), one.variant or None, one.result or None,
            *_told(one),
        ]
        for one in rows
    ]  # fmt: skip
    shows = _("all else that was recorded of people and their means")
    return Piece("evidence", shows, columns, made, notes=_notes(asking, rows))


def _page(asking: Asking) -> PeopleYear:
    return asking.ask(AskPeopleYear(year=asking.span.year))


def _rows(asking: Asking, *kinds: str) -> list[Evidence]:
    """What was recorded in the year of these kinds, or of any."""
    return [
        one
        for one in _page(asking).rows
        if (not kinds or one.kind in kinds)
        and (asking.about(*one.application.split(",")) if one.application else asking.about_opd(one.opd))
    ]


def _about() -> list[Column]:
    return [
        Column("row", _("ROW"), "number"), Column("at", _("AT"), "time"), Column("person", _("PERSON")),
        Column("opd", _("OPD")), Column("app", _("APP")),
    ]  # fmt: skip


def _whom(asking: Asking, one: Evidence) -> list[Value]:
    name = _page(asking).names.get(one.person, one.person)
    return [one.number, one.at, name or None, one.opd, one.application or None]


def _source() -> list[Column]:
    return [
        Column("until", _("UNTIL"), "time"), Column("source", _("SOURCE")),
        Column("recorded", _("RECORDED"), "time"), Column("voided", _("TAKEN AWAY BY")),
    ]  # fmt: skip


def _told(one: Evidence) -> Iterator[Value]:
    return iter((one.until, one.source, one.recorded_at, one.why_void or None))


def _level(one: OpdReadiness, page: PeopleYear) -> Sequence[Value]:
    return [
        one.opd, one.name, one.claimed, one.proven, words.level_word(page.levels, one.proven), one.median,
        one.falls_on, one.applications, one.people, *(one.cells.get(need) for need in _NEEDS),
    ]  # fmt: skip


def _word(kind: str, rules: Sequence[RuleWords]) -> str:
    own = {one.code: one.id if language() == "id" else one.en for one in rules}
    return own.get(kind) or (_(_KINDS[kind]) if kind in _KINDS else kind)


def _text(one: Evidence, name: str) -> str | None:
    value = one.params.get(name)
    return None if value is None else str(value)


def _number(one: Evidence, name: str) -> int | float | None:
    value = one.params.get(name)
    return value if isinstance(value, int | float) else None


def _notes(asking: Asking, rows: Sequence[Evidence]) -> tuple[str, ...]:
    found = {one.kind for one in rows}
    valid = [(one.code, one.valid) for one in _page(asking).evidence if one.code in found]
    kinds = ", ".join(f"{code} {time}" for code, time in valid if time[:1].isdigit())
    return (
        _("Holds names, for it is about these people: not for publication."),
        _("SOURCE: seen by this office, stated by the OPD, or imported."),
        *(
            [_("Counts from its day for: {kinds}, unless UNTIL says otherwise.").format(kinds=kinds)]
            * bool(kinds)
        ),
    )

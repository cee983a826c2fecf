"""Everything looked over once: proofs that begin and stop, stages and OPD that are reached and fall."""

from datetime import date, timedelta

from opsconsole.integration.evaluate import Counted, Evaluation, Known, Seen, Under, evaluate
from opsconsole.integration.rules import PROOFS, Standing
from tests.integration.roads import V1, opd, register

DAY = date(2026, 11, 24)
AUTOMATIC = frozenset(proof for proof, (_stage, automatic) in PROOFS.items() if automatic)
PAPERS = {
    p: Standing(True, date(2026, 1, 1), "doc") for p, (_s, automatic) in PROOFS.items() if not automatic
}
SIGNED = Known({"app": PAPERS}, {}, {})
OFFICE = register(opd("A"), opd("B", parent="A"))
NOTHING = Known({}, {}, {})


def seen(*proofs: str, **keys: object) -> Seen:
    one = Seen("app", "A", 1, True, frozenset(proofs), frozenset(), True, 3)
    return one._replace(**keys)


def look(*rows: Seen, known: Known = NOTHING, day: date = DAY) -> Evaluation:
    return evaluate(rows, known, Under(OFFICE, V1, 14), day)


def after(found: Evaluation, known: Known, day: date) -> Known:
    """What is known once an evaluation is recorded."""
    standings = {name: dict(proofs) for name, proofs in known.standings.items()}
    for proven, turned in ((True, found.begun), (False, found.stopped)):
        for application, proofs in turned.items():
            for proof in proofs:
                standings.setdefault(application, {})[proof] = Standing(proven, day)
    stages = {**known.stages, **{one.application: one.after for one in found.stages}}
    opds = dict(known.opds)
    for move in found.opds:
        if move.gained:
            opds[move.opd, move.measure] = Counted(day)
        else:
            del opds[move.opd, move.measure]
    for stopped, turned_opds in ((day, found.opds_stopped), (None, found.opds_back)):
        for code, measures in turned_opds.items():
            for measure in measures:
                opds[code, measure] = opds[code, measure]._replace(stopped=stopped)
    return Known(standings, stages, opds)


def test_proofs_that_are_given_begin_and_lift_the_stage_as_far_as_papers_allow():
    found = look(seen(*AUTOMATIC))
    assert set(found.begun["app"]) == AUTOMATIC
    assert found.stages == []
    [move] = look(seen(*AUTOMATIC), known=SIGNED).stages
    assert (move.application, move.before, move.after, move.missing) == ("app", 0, 6, ())


def test_a_second_look_at_the_same_finds_nothing_new():
    known = SIGNED
    first = look(seen(*AUTOMATIC), known=known)
    again = look(seen(*AUTOMATIC), known=after(first, known, DAY))
    assert again == Evaluation()


def test_a_proof_that_stops_is_told_at_once_and_the_stage_falls_after_fourteen_days():
    known = after(look(seen(*AUTOMATIC), known=SIGNED), SIGNED, DAY)
    without = seen(*(AUTOMATIC - {"reachable"}))
    found = look(without, known=known, day=DAY + timedelta(days=1))
    assert found.stopped == {"app": ["reachable"]}
    assert found.stages == []
    known = after(found, known, DAY + timedelta(days=1))
    assert look(without, known=known, day=DAY + timedelta(days=14)) == Evaluation()
    fallen = look(without, known=known, day=DAY + timedelta(days=15))
    assert [(one.before, one.after, one.missing) for one in fallen.stages] == [(6, 1, ("reachable",))]


def test_a_proof_that_is_back_in_time_leaves_no_mark():
    known = after(look(seen(*AUTOMATIC), known=SIGNED), SIGNED, DAY)
    known = after(look(seen(), known=known), known, DAY)
    back = look(seen(*AUTOMATIC), known=known, day=DAY + timedelta(days=3))
    assert set(back.begun["app"]) == AUTOMATIC
    assert back.stages == []


def test_a_paper_that_is_over_lowers_the_stage_that_day():
    papers = {**PAPERS, "agreement": Standing(True, date(2026, 1, 1), "PKS", DAY)}
    known = after(
        look(seen(*AUTOMATIC), known=Known({"app": papers}, {}, {})), Known({"app": papers}, {}, {}), DAY
    )
    [move] = look(seen(*AUTOMATIC), known=known, day=DAY + timedelta(days=1)).stages
    assert (move.before, move.after, move.missing) == (6, 4, ("agreement",))


def test_opd_are_gained_and_are_lost_after_as_long():
    known = SIGNED
    found = look(seen(*AUTOMATIC), known=known)
    assert [(one.opd, one.measure, one.gained, one.why) for one in found.opds] == [
        ("A", "integrated", True, "proven"),
    ]
    known = after(found, known, DAY)
    nobody_ready = seen(*AUTOMATIC, level=1)
    stopped = look(nobody_ready, known=known, day=DAY + timedelta(days=1))
    assert stopped.opds_stopped == {"A": ["integrated"]}
    known = after(stopped, known, DAY + timedelta(days=1))
    assert look(nobody_ready, known=known, day=DAY + timedelta(days=14)).opds == []
    lost = look(nobody_ready, known=known, day=DAY + timedelta(days=15)).opds
    assert [(one.measure, one.gained, one.why) for one in lost] == [
        ("integrated", False, "proof_stopped"),
    ]
    assert look(seen(*AUTOMATIC), known=known, day=DAY + timedelta(days=2)).opds_back == {"A": ["integrated"]}


def test_an_application_of_a_part_counts_for_the_whole():
    one = look(seen(*AUTOMATIC, opd="B"), known=SIGNED)
    assert {move.opd for move in one.opds} == {"A", "B"}


def test_an_opd_that_is_no_more_is_lost():
    known = Known({}, {}, {("GONE", "integrated"): Counted(DAY)})
    [move] = look(known=known).opds
    assert (move.opd, move.measure, move.gained, move.why) == ("GONE", "integrated", False, "ended")


def test_who_is_no_longer_integrated_is_still_connected():
    known = Known({}, {}, {("A", "integrated"): Counted(DAY, DAY - timedelta(days=14))})
    found = look(seen(*AUTOMATIC, level=2), known=Known({"app": PAPERS}, {}, known.opds))
    assert [(one.measure, one.gained) for one in found.opds] == [("integrated", False), ("connected", True)]

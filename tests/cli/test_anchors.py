"""Anchors: found in whatever kept them, and held against a chain."""

import json

import pytest

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.cli.anchors import Anchor, Verdict, judge, read_anchors

STORE = "5f0c8a52-70a8-4c1f-9c1e-6f9a1d3f2b77"
HASH = "9f" * 32
OTHER = "ab" * 32

KEPT = {
    "the side file of an export": json.dumps({"store": STORE, "seq": 5123, "hash": HASH, "rows": 12}),
    "a hand-over as JSON": json.dumps({"head_seq": 5123, "head_hash": HASH, "open": [{"number": 3}]}),
    "inside another document": json.dumps({"audit": {"store": STORE, "seq": 5123, "hash": HASH}}),
    "a line of the engine's log": '{"level": "info"}\n'
    + json.dumps({"event": "audit.head", "store": STORE, "seq": 5123, "hash": HASH}) + "\n",
    "a line of the journal": f"Nov 24 21:00:02 host opsconsole[812]: audit head: store={STORE} seq=5123"
    f" hash={HASH} at=2026-11-24T14:00:02Z\n",
    "the footer of a Markdown table": f"| #412 | simrs |\n\n- Audit: store: {STORE}\n- Audit: event: 5123\n"
    f"- Audit: hash: `{HASH}`\n- Audit: read: 2026-11-24 21:00\n",
    "a hand-over as text": f"Serah terima 13:00-21:00\nkepala rantai: 5123 {HASH}\n",
    "a hash of which sixteen digits are told": f"audit head 5123 {HASH[:16]}",
}  # fmt: skip


@pytest.mark.parametrize("kind", KEPT)
def test_an_anchor_is_found_in(tmp_path, kind):
    path = tmp_path / "kept"
    path.write_text(KEPT[kind])
    [found] = read_anchors([str(path)])
    assert (found.source, found.seq) == ("kept", 5123)
    assert HASH.startswith(found.hash)
    assert found.store == (STORE if STORE in KEPT[kind] else "")


def test_every_line_of_a_journal_is_one_and_each_counts_once(tmp_path):
    path = tmp_path / "journal"
    lines = [f"audit head: store={STORE} seq={seq} hash={seq:064x}" for seq in (7, 8, 7)]
    path.write_text("\n".join(lines))
    assert [one.seq for one in read_anchors([str(path), str(path)])] == [7, 8]


def test_one_may_be_typed_from_paper():
    assert read_anchors([f"5123:{HASH.upper()}"]) == [Anchor(f"5123:{HASH.upper()}", 5123, HASH)]


@pytest.mark.parametrize(
    "text",
    ["", "nothing", f"| 412 | {OTHER} |", f"sha256 {OTHER}", "audit head 5123 9f9f", '{"seq": 5}', "\0\xff{"],
)
def test_what_only_looks_like_one_is_none(tmp_path, text):
    path = tmp_path / "kept"
    path.write_text(text)
    with pytest.raises(Invalid, match="holds no number"):
        read_anchors([str(path)])


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFound):
        read_anchors([str(tmp_path / "none")])


JUDGED = {
    Verdict.HOLDS: (Anchor("f", 7, HASH, STORE), False),
    Verdict.REWRITTEN: (Anchor("f", 7, OTHER), False),
    Verdict.CUT_OFF: (Anchor("f", 10, HASH), False),
    Verdict.BEHIND_BREAK: (Anchor("f", 10, HASH), True),
    Verdict.OTHER_STORE: (Anchor("f", 7, HASH, "another"), False),
}


@pytest.mark.parametrize("verdict", JUDGED)
def test_an_anchor_is_held_against_the_chain(verdict):
    anchor, broken = JUDGED[verdict]
    [found] = judge([anchor], store=STORE, seq=9, broken=broken, marks={7: HASH})
    assert found == (anchor, verdict)


def test_the_beginning_of_a_chain_holds_and_a_few_digits_are_enough():
    anchors = [Anchor("f", 0, "0" * 64), Anchor("f", 7, HASH[:16])]
    found = judge(anchors, store=STORE, seq=9, broken=False, marks={7: HASH})
    assert {one.verdict for one in found} == {Verdict.HOLDS}

"""What is typed, cut into pieces by the line: no piece of a sequence is read as a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.console.terminal.incoming import PASTE_S, REST_S, Incoming, Unit

ESCAPE_S = 0.1
# Keys, mice of three kinds, answers of terminals, pastes; what a terminal may send and nobody typed.
SEQUENCES = (
    "\x1b[A", "\x1b[B", "\x1bOA", "\x1b[6~", "\x1b[1;5C", "\x1b[[A", "\x1b[3$", "\x1b[I",
    "\x1b[200~rm -rf [A\x1b[201~",
    "\x1b[<0;10;10M", "\x1b[<35;80;24m", "\x1b[M !!", "\x1b[M\x7f\x7f\x7f", "\x1b[32;10;10M",
    "\x1b[24;80R", "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[0n", "\x1b[?2026;2$y", "\x1b[8;24;80t",
    "\x1b[97;5u", "\x1b[?0u", "\x1b[27;5;9~", "\x1b[106;1:3u",
    "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]52;c;cXF1aXQ=\x07",
    "\x1bP1+r544e=787465\x1b\\", "\x1bP>|tmux 3.3a\x1b\\", "\x1b_Gi=1;OK\x1b\\",
)  # fmt: skip


def typed(units: list[Unit]) -> str:
    """The characters among them, which is what can be a command."""
    return "".join(unit.text for unit in units if unit.kind == "key")


def taken(pieces: list[str], gap: float, escape_s: float = ESCAPE_S) -> list[Unit]:
    """What comes of pieces that arrive so many seconds apart, with silence after them."""
    incoming, units, now = Incoming(escape_s), [], 10.0
    for piece in pieces:
        units += incoming.feed(piece, now)
        end = now + gap
        while (now := now + 0.05) < end:
            units += incoming.tick(now)
    for _ in range(60):
        units += incoming.tick(now := now + 0.05)
    return units


@pytest.mark.parametrize("sequence", SEQUENCES, ids=repr)
@pytest.mark.parametrize("gap", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("escape_s", [0.1, 0.4])
def test_a_sequence_cut_anywhere_types_nothing(sequence: str, gap: float, escape_s: float) -> None:
    whole = taken([sequence], 0.0)
    assert typed(whole) == ""
    for cut in range(1, len(sequence)):
        units = taken([sequence[:cut], sequence[cut:]], gap, escape_s)
        # Who waits less than the line does takes a lone escape for one; never what follows it for letters.
        assert typed(units) in ("", "\x1b") if gap > escape_s else typed(units) == "", cut
        assert [unit for unit in units if unit.kind != "key"] == whole
    assert typed(taken(list(sequence), gap, 0.4)) == "", "every byte alone"


@pytest.mark.parametrize("sequence", SEQUENCES, ids=repr)
def test_of_a_sequence_without_its_end_nothing_is_left_and_typing_goes_on(sequence: str) -> None:
    for cut in range(2, len(sequence)):
        gap = max(REST_S, PASTE_S) + 0.1
        assert typed(taken([sequence[:cut], "jq"], gap)) == "jq", sequence[:cut]


def test_what_is_typed_arrives() -> None:
    assert typed(taken(list("j[]OP:k"), 0.05)) == "j[]OP:k"
    assert typed(taken(["\x1b"], 0.0)) == "\x1b"
    assert typed(taken(["\x1b", "q"], 0.02)) == "\x1bq", "escape, then a letter, before the wait was over"
    assert typed(taken(["\x1b\x1b"], 0.0)) == "\x1b\x1b"
    assert typed(taken(["\x1b", "["], 0.3)) == "\x1b[", "a bracket some time after escape"
    assert typed(taken(["\x1b", "]", "j"], 1.2)) == "\x1b]j"
    assert taken(["\x1bf"], 0.0) == [Unit("sequence", "\x1bf")], "alt with an arrow, as some send it"


def test_a_paste_is_one_text_whatever_is_in_it() -> None:
    assert taken(["\x1b[200~a\x1b[Ab\rc\x1b[201~"], 0.0) == [Unit("paste", "a\x1b[Ab\rc")]
    assert taken(["\x1b[200~lost its end"], 0.0) == [Unit("paste", "lost its end")]


@given(st.lists(st.sampled_from(SEQUENCES), min_size=1, max_size=6), st.randoms())
def test_many_of_them_cut_at_random_type_nothing(sequences: list[str], chance: object) -> None:
    text = "".join(sequences)
    pieces, place = [], 0
    while place < len(text):
        size = chance.randrange(1, 9)  # type: ignore[attr-defined]
        pieces.append(text[place : place + size])
        place += size
    assert typed(taken(pieces, 0.3, escape_s=0.4)) == ""


@given(st.text(max_size=60))
def test_nothing_is_held_for_ever(text: str) -> None:
    assert typed(taken([text, "\r"], 3.0)).endswith("\r")

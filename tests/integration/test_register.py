"""The OPD register by day: mergers, splits, and who counts."""

from datetime import date

from tests.integration.roads import V1, opd, register

NEW_YEAR = date(2020, 1, 1)


def test_an_opd_counts_from_its_first_to_its_last_day():
    known = register(opd("A", "2017-01-01", "2019-12-31"), opd("B", "2020-01-01"))
    assert [one.code for one in known.on(date(2019, 12, 31))] == ["A"]
    assert [one.code for one in known.on(NEW_YEAR)] == ["B"]


def test_a_definition_counts_the_kinds_it_names():
    known = register(opd("A"), opd("K", kind="kelurahan"))
    assert [one.code for one in known.scope(V1, NEW_YEAR)] == ["A"]


def test_one_that_went_into_two_is_found_from_both_sides():
    known = register(
        opd("EDU", "2017-01-01", "2019-12-31"),
        opd("CULT", "2017-01-01", "2019-12-31"),
        opd("SPORT", "2017-01-01", "2019-12-31"),
        opd("EDUCULT", "2020-01-01", "", "EDU", "CULT"),
        opd("TOUR", "2020-01-01", "", "SPORT", "CULT"),
    )
    assert known.successors("CULT") == ("EDUCULT", "TOUR")
    [change] = known.changes(V1.kinds, date(2019, 1, 1), NEW_YEAR)
    assert (change.day, change.kind) == (NEW_YEAR, "rearranged")
    assert (change.before, change.after) == (("CULT", "EDU", "SPORT"), ("EDUCULT", "TOUR"))


def test_each_kind_of_change_has_its_name():
    def kinds(*entries):
        return [one.kind for one in register(*entries).changes(V1.kinds, date(2019, 1, 1), NEW_YEAR)]

    ended = ("2017-01-01", "2019-12-31")
    assert kinds(opd("A", *ended), opd("B", *ended), opd("C", "2020-01-01", "", "A", "B")) == ["merged"]
    assert kinds(opd("A", *ended), opd("B", "2020-01-01", "", "A")) == ["renamed"]
    assert kinds(opd("A", *ended), opd("B", "2020-01-01", "", "A"), opd("C", "2020-01-01", "", "A")) == [
        "split"
    ]
    # A part leaves one that stays.
    assert kinds(opd("A"), opd("B", "2020-01-01", "", "A")) == ["split"]
    assert kinds(opd("B", "2020-01-01")) == ["founded"]
    assert kinds(opd("A", *ended)) == ["ended"]


def test_changes_before_and_after_the_window_are_left_out():
    known = register(opd("A", "2018-01-01"), opd("B", "2020-01-01"))
    assert [one.after for one in known.changes(V1.kinds, date(2019, 1, 1), date(2019, 12, 31))] == []
    assert known.last_change(V1.kinds, date(2019, 6, 1)) == date(2018, 1, 1)
    assert known.last_change(V1.kinds, date(2017, 6, 1)) is None


def test_a_family_is_an_opd_with_all_below_it():
    known = register(opd("A"), opd("B", parent="A"), opd("C", parent="B"), opd("D"))
    assert known.family("A") == {"A", "B", "C"}


def test_a_code_is_found_however_it_is_typed():
    assert register(opd("KEC-A")).code("kec-a") == "KEC-A"
    assert register().code("x") == "x"

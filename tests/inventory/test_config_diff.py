"""What two sets of files differ in."""

from pathlib import Path

from opsconsole.client.shapes import Difference
from opsconsole.inventory.diff import diff
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory
from tests.inventory.offices import OPD, SETTINGS, MakeOffice, opd

PROBE = '[[applications.probes]]\nkind = "tcp"\nhost = "127.20.2.1"\nport = 5432\n'


def changed(inventory: Inventory, folder: Path, **files: str) -> list[Difference]:
    named = {f"{name.replace('__', '/')}.toml": text.encode() for name, text in files.items()}
    return diff(inventory, parse({**inventory.files, **named}, folder))


def test_comments_blanks_and_order_are_no_difference(make_office: MakeOffice):
    folder = make_office()
    inventory = load(folder)
    head, _, rest = OPD.partition("\n")
    assert diff(inventory, inventory) == []
    assert changed(inventory, folder, opd__dinkes=rest.replace("\n\n", f"\n# why\n{head}\n\n", 1)) == []


def test_an_application_added_removed_and_changed(make_office: MakeOffice):
    folder = make_office(opd__x=opd("X", applications=('id = "old"', 'id = "kept"')))
    inventory = load(folder)
    differences = changed(
        inventory, folder, opd__x=opd("X", applications=('id = "kept"\ntier = 1', 'id = "new"'))
    )
    assert differences == [
        Difference(change="changed", subject="kept", keys=("tier",), was=("",), now=("1",)),
        Difference(change="added", subject="new"),
        Difference(change="removed", subject="old"),
    ]


def test_probes_are_told_apart_by_their_names(make_office: MakeOffice):
    folder = make_office(opd__dinkes=OPD + 'every = "60s"\n\n' + PROBE)
    inventory = load(folder)
    (difference,) = changed(
        inventory,
        folder,
        opd__dinkes=OPD + 'every = "30s"\n\n' + PROBE.replace("tcp", "tcp", 1) + 'id = "db"\n',
    )
    assert difference.subject == "simpus"
    assert difference.keys == ("probes.http.every", "probes.tcp", "probes.db")
    assert difference.was == ('"60s"', "a table", "")
    assert difference.now == ('"30s"', "", "a table")


def test_an_application_that_moved_to_another_agency(make_office: MakeOffice):
    folder = make_office(opd__x=opd("X", applications=('id = "a"',)), opd__y=opd("Y"))
    inventory = load(folder)
    (difference,) = changed(inventory, folder, opd__x=opd("X"), opd__y=opd("Y", applications=('id = "a"',)))
    assert (difference.subject, difference.keys) == ("a", ("file",))
    assert (difference.was, difference.now) == (('"opd/x.toml"',), ('"opd/y.toml"',))


def test_settings_people_calendar_and_agencies_are_their_files(make_office: MakeOffice):
    person = '[[people]]\nid = "{}"\nname = "A"\nphone = "{}"\n'
    calendar = '[[hours]]\nname = "loket"\nweek = [{{ days = "fri", open = ["08:00-{}"] }}]\n'
    folder = make_office(
        people__dinkes=person.format("a", "0812-0000-0000"), calendar=calendar.format("12:00")
    )
    inventory = load(folder)
    differences = changed(
        inventory,
        folder,
        settings=SETTINGS + '[access]\nviewer = ["budi", 7]\n',
        people__dinkes=person.format("a", "0812-0000-0001") + person.format("b", ""),
        calendar=calendar.format("11:30"),
        opd__dinkes=OPD.replace("Dinas Kesehatan", "Dinas Sehat"),
        services='[[services]]\nid = "bsre"\nname = "B"\nowner = "O"\n',
    )
    assert [(one.change, one.subject, one.keys) for one in differences] == [
        ("added", "service:bsre", ()),
        ("changed", "calendar.toml", ("hours.loket.week",)),
        ("changed", "opd/dinkes.toml", ("name",)),
        ("changed", "people/dinkes.toml", ("people.a.phone", "people.b")),
        ("added", "services.toml", ()),
        ("changed", "settings.toml", ("access",)),
    ]
    assert differences[3].was == ('"0812-0000-0000"', "")
    assert differences[3].now == ('"0812-0000-0001"', "a table")


def test_a_value_that_may_be_a_secret_is_not_repeated(make_office: MakeOffice):
    folder = make_office()
    inventory = load(folder)
    headers = OPD + 'headers = { X-Authenticated-By = "geheim" }\n'
    address = OPD.replace(":8080/", ":8080/?token=geheim")
    for text in (headers, address):
        (difference,) = changed(inventory, folder, opd__dinkes=text)
        assert "geheim" not in repr(difference)
    with_headers = load(make_office(opd__dinkes=headers))
    (difference,) = changed(with_headers, folder, opd__dinkes=headers.replace("geheim", "rahasia"))
    assert difference.keys == ("probes.http.headers.X-Authenticated-By",)
    assert difference.was == difference.now == ("a value that is not shown",)


def test_another_reference_to_a_secret_is_told(make_office: MakeOffice):
    auth = OPD + 'auth = {{ bearer = "{}" }}\n'
    inventory = load(make_office(opd__dinkes=auth.format("env:OLD_TOKEN")))
    (difference,) = changed(inventory, make_office(), opd__dinkes=auth.format("cred:token"))
    assert difference.keys == ("probes.http.auth.bearer",)
    assert (difference.was, difference.now) == (('"env:OLD_TOKEN"',), ('"cred:token"',))

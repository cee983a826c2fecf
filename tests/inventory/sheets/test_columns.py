"""Which register a sheet is and what its columns hold, from titles as offices write them."""

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.text import LANGUAGES, choose_language, translate
from opsconsole.client.importing import Register
from opsconsole.inventory.sheets.columns import guess
from opsconsole.inventory.sheets.fields import FIELDS


def keys(*titles: str, what: Register | None = None, **given: str) -> dict[str, str]:
    """The key that each title was taken for."""
    columns = guess([list(titles)], what, given)
    return {one.title: one.key for one in columns.found}


@pytest.mark.parametrize(
    ("titles", "what", "found"),
    [
        (("Kode OPD", "Nama OPD", "Singkatan", "Jenis"), "opd", "code name short kind"),
        (
            ("No", "Nama Aplikasi", "OPD Pengelola", "Alamat URL", "Tingkat Kritikalitas"),
            "applications",
            "name opd address tier",
        ),
        (("NAMA LENGKAP", "Instansi", "Jabatan", "No. HP", "Surel"), "people", "name opd duty phone email"),
        (("Name", "Agency", "Role", "Phone number", "E-mail"), "people", "name opd duty phone email"),
        (("Nama Aplikasi / Sistem", "Link", "Tier"), "applications", "name address tier"),
        (("Nama Petugass", "Nomor WhatsAp", "Telepon"), "people", "name phone whatsapp"),
    ],
)
def test_titles_in_both_languages_are_known_also_when_they_are_only_nearly_so(
    titles: tuple[str, ...], what: str, found: str
) -> None:
    columns = guess([list(titles)], None, {})
    assert columns.what == what
    assert {one.key for one in columns.found} == set(found.split())


def test_titles_may_stand_below_the_name_of_the_list() -> None:
    rows = [["Daftar aplikasi 2026"], [], ["No", "Nama Aplikasi", "Alamat URL"], ["1", "SIMRS", "x"]]
    assert guess(rows, None, {}).header == 2


def test_what_is_not_used_is_told() -> None:
    assert guess([["Nama", "No HP", "Foto", ""]], None, {}).unused == ("Foto",)


def test_columns_can_be_corrected_by_title_by_number_and_taken_away() -> None:
    titles = ("Nama", "No HP", "Isi", "Keterangan")
    corrected = keys(*titles, what="people", whatsapp="isi", note="-", phone="4")
    assert corrected == {"Nama": "name", "Isi": "whatsapp", "Keterangan": "phone"}


@pytest.mark.parametrize(
    ("titles", "what", "given"),
    [
        (("Nama", "Keterangan"), None, {}),
        (("Nama", "No HP"), "people", {"bogus": "1"}),
        (("Nama", "No HP"), "people", {"name": "9"}),
        (("Foto", "No HP"), "people", {}),
        ((), None, {}),
    ],
)
def test_what_can_not_be_known_is_asked_for(
    titles: tuple[str, ...], what: Register | None, given: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        guess([list(titles)], what, given)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_title_of_an_export_is_the_name_of_its_own_column(lang: str) -> None:
    choose_language(lang)
    try:
        for what, fields in FIELDS.items():
            titles = {translate(field.title): field.key for field in fields}
            columns = guess([list(titles)], what, {})
            assert {one.title: one.key for one in columns.found} == titles
            assert {one.how for one in columns.found} == {"exact"}
    finally:
        choose_language("en")

"""The columns of a register: the key each stands for, what people call it, and what its cells hold.

Titles are as they read without case, blanks and signs; an exact one decides, else the nearest.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from opsconsole.base.text import N_
from opsconsole.client.importing import Register
from opsconsole.inventory.model import Application, Audience, Dimension, Duty, Hosting, OpdFile, Person
from probes.spec import Strict

Kind = Literal[
    "text", "id", "whole", "truth", "day", "choice", "choices", "names", "needs", "phone", "address"
]
"""What a cell holds: ``choices`` and ``names`` are several, ``needs`` ids with ``a|b`` for a redundancy
group, ``address`` a URL or tcp://HOST:PORT, which is the first probe's."""
Reference = Literal["", "opd", "row", "application", "person", "hours"]


class Field(NamedTuple):
    """A column. ``names`` are titles it may have, ``refers`` what its values must be ids of.

    ``needed``: an empty cell leaves it as it is. ``allowed`` maps what people write to what files hold.
    """

    key: str
    title: str
    names: tuple[str, ...]
    kind: Kind = "text"
    refers: Reference = ""
    needed: bool = False
    allowed: Mapping[str, str] = {}


ADDRESS = "address"
OPD = "opd"
_AUDIENCE = dict.fromkeys(get_args(Audience)) | {"publik": "public", "umum": "public", "masyarakat": "public"}
_AUDIENCE |= {"nasional": "national", "dalam": "internal", "pegawai": "internal", "asn": "internal"}
_DIMENSION = dict.fromkeys(get_args(Dimension)) | {
    "smartgovernance": "governance", "smartgovernment": "governance", "government": "governance",
    "tatakelola": "governance", "pemerintahan": "governance", "smartbranding": "branding",
    "smarteconomy": "economy", "ekonomi": "economy", "smartliving": "living", "kehidupan": "living",
    "smartsociety": "society", "masyarakat": "society", "sosial": "society",
    "smartenvironment": "environment", "lingkungan": "environment",
}  # fmt: skip
_HOSTING = dict.fromkeys(get_args(Hosting)) | {
    "diskominfo": "kominfo", "pusatdatakota": "kominfo", "dinas": "opd", "skpd": "opd", "sendiri": "opd",
    "pusat": "national", "nasional": "national", "pdn": "national", "kementerian": "national",
    "komersial": "commercial", "swasta": "commercial", "cloud": "commercial", "sewa": "commercial",
}  # fmt: skip
_DUTY = dict.fromkeys(get_args(Duty)) | {
    "administrator": "admin", "adminaplikasi": "admin", "cadangan": "backup", "pengganti": "backup",
    "petugas": "operator", "penanggungjawab": "pic", "pj": "pic", "penyedia": "vendor", "rekanan": "vendor",
    "pengembang": "developer", "programmer": "developer", "pemilik": "owner", "siber": "cyber",
    "keamanan": "cyber", "csirt": "cyber", "ttis": "cyber", "walidata": "data", "kepala": "head",
    "pimpinan": "head", "kepaladinas": "head", "kadis": "head",
}  # fmt: skip
_CHOICES: Mapping[str, Mapping[str, str | None]] = {
    "audience": _AUDIENCE, "dimension": _DIMENSION, "hosting": _HOSTING, "duty": _DUTY, "also": _DUTY,
}  # fmt: skip


def _field(
    key: str,
    title: str,
    names: str,
    kind: Kind = "text",
    refers: Reference = "",
    *,
    needed: bool = False,
) -> Field:
    allowed = {word: value or word for word, value in _CHOICES.get(key, {}).items() if word}
    return Field(key, title, (key.replace("_", ""), *names.split()), kind, refers, needed, allowed)


_OPD_NAMES = (
    "pd skpd kodeopd kodeskpd kodepd instansi perangkatdaerah unitkerja dinas agency "
    "opdpengelola pengelolaopd opdpemilik pemilik pengelola pengampu opdpengampu organisasi"
)
_NOTE = _field("note", N_("Note"), "catatan keterangan ket notes remarks uraian")
_CLAIMED = _field(
    "claimed", N_("Claimed level"), "claimedlevel klaim tingkatklaim levelklaim diakui", "whole"
)

FIELDS: Mapping[Register, tuple[Field, ...]] = {
    "opd": (
        _field("code", N_("Code"), "kode kodeopd kodeskpd kodepd opdcode id", needed=True),
        _field("name", N_("Name"), "nama namaopd namaskpd namapd namaperangkatdaerah nomenklatur opd skpd "
               "perangkatdaerah fullname agencyname", needed=True),
        _field("short", N_("Short name"), "singkatan namasingkat namapendek shortname abbreviation akronim",
               needed=True),
        _field("kind", N_("Kind"), "jenis bentuk tipe jenisopd jenisperangkatdaerah type", needed=True),
        _field("parent", N_("Parent"), "induk opdinduk atasan parentopd", refers="opd"),
        _field("valid_from", N_("Valid from"), "berlakusejak sejak mulai mulaiberlaku berlakumulai since "
               "tanggalmulai tmt berdiri startdate", "day"),
        _field("valid_to", N_("Valid to"), "berlakusampai sampai berakhir hingga until berlakuhingga "
               "tanggalberakhir enddate", "day"),
        _field("predecessors", N_("Predecessors"), "pendahulu opdpendahulu asal opdasal sebelumnya",
               "names", "opd"),
        _CLAIMED,
    ),
    "applications": (
        _field("id", "ID", "kode kodeaplikasi idaplikasi applicationid appid", "id", needed=True),
        _field("name", N_("Name"), "nama namaaplikasi aplikasi namasistem sistem namalayanan layanan "
               "application applicationname app service", needed=True),
        _field(OPD, "OPD", _OPD_NAMES, refers="opd", needed=True),
        _field(ADDRESS, N_("Address"), "alamat url alamaturl alamatweb tautan link domain alamatsitus situs "
               "website subdomain laman", "address", needed=True),
        _field("tier", "Tier", "tingkat kritikalitas tingkatkritikalitas prioritas kelas criticality",
               "whole"),
        _field("active", N_("Active"), "aktif status statusaktif enabled digunakan", "truth"),
        _field("audience", N_("Audience"), "pengguna sasaran khalayak sasaranpengguna users", "choice"),
        _field("dimension", N_("Dimension"), "dimensi dimensismartcity smartcity pilar", "choice"),
        _field("hosting", "Hosting", "lokasiserver server hostingdi penempatan lokasihosting", "choice"),
        _field("handed_over", N_("Handed over"), "serahterima sudahserahterima diserahkan diserahterimakan",
               "truth"),
        _field("live_since", N_("Live since"), "golive tanggalgolive tayang tayangsejak sejaktayang "
               "tanggaltayang mulaitayang mulaidigunakan online", "day"),
        _field("personal_data", N_("Personal data"), "datapribadi memuatdatapribadi pdp", "truth"),
        _field("iiv", "IIV", "infrastrukturinformasivital vital", "truth"),
        _CLAIMED,
        _field("depends_on", N_("Depends on"), "bergantungpada bergantung ketergantungan dependensi "
               "dependencies", "needs", "row"),
        _field("service_hours", N_("Service hours"), "jamlayanan jampelayanan waktulayanan hours",
               refers="hours"),
        _field("runbook", "Runbook", "panduan prosedur sop dokumen"),
        _NOTE,
    ),
    "people": (
        _field("id", "ID", "idpetugas personid idorang kode", "id", needed=True),
        _field("name", N_("Name"), "nama namalengkap namapetugas petugas fullname person namapegawai",
               needed=True),
        _field(OPD, "OPD", _OPD_NAMES, refers="opd", needed=True),
        _field("duty", N_("Duty"), "tugas peran jabatan role sebagai fungsi", "choice"),
        _field("also", N_("Other duties"), "otherduties juga tugaslain perantambahan", "choices"),
        _field("backup_of", N_("Backup of"), "penggantidari cadangandari menggantikan", "names", "person"),
        _field("phone", N_("Phone"), "hp nohp telepon telp notelp nomorhp notelepon nomortelepon handphone "
               "kontak mobile telephone phonenumber", "phone"),
        _field("whatsapp", "WhatsApp", "wa nowa nomorwa nowhatsapp nomorwhatsapp", "phone"),
        _field("email", N_("E-mail"), "surel mail alamatemail emaildinas alamatsurel"),
        _field("applications", N_("Applications"), "aplikasi aplikasiyangdikelola sistem mengelola "
               "aplikasidikelola", "names", "row"),
        _NOTE,
    ),
}  # fmt: skip

MODELS: Mapping[Register, type[Strict]] = {"opd": OpdFile, "applications": Application, "people": Person}
"""What an entry is checked against, key by key."""


def field_of(what: Register, key: str) -> Field | None:
    """The field of a key, None where the register has none."""
    return next((one for one in FIELDS[what] if one.key == key), None)

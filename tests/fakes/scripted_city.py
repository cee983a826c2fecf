"""A canned city: 42 OPD and 115 applications, some in trouble, every name and contact invented."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from opsconsole.client.shapes import Application, Contact, Opd, State

# code | short | name | kind | applications as id=Name:tier
_OPDS = """
SETDA|Setda|Sekretariat Daerah|sekretariat|surat-setda=Surat Setda:2 agenda=Agenda Pimpinan:3 ppid=PPID:3
SETWAN|Setwan|Sekretariat DPRD|sekretariat|dprd=Situs DPRD:3 risalah=Risalah Sidang:4
INSPEKTORAT|Inspektorat|Inspektorat Daerah|inspektorat|e-audit=e-Audit:3 wbs=Aduan Internal:2
DISDIK|Disdik|Dinas Pendidikan|dinas|spmb=SPMB:1 rapor=e-Rapor:3 dapo=Data Pokok:2 pip=Beasiswa:3
DINKES|Dinkes|Dinas Kesehatan|dinas|epus=e-Puskesmas:1 sisrute=Rujukan:1 gizi=Gizi Balita:3 labkes=Labkes:3
DPUPR|DPUPR|Dinas Pekerjaan Umum|dinas|tata-ruang=Tata Ruang:2 pju=Lampu Jalan:3 drainase=Drainase:3
PERKIM|Perkim|Dinas Perumahan|dinas|rusun=Rusunawa:3 rtlh=Rumah Layak:3
DINSOS|Dinsos|Dinas Sosial|dinas|bansos=Bantuan Sosial:2 dtks=Data Terpadu:2 panti=Panti:4
DP3A|DP3A|Dinas Pemberdayaan Perempuan|dinas|aduan-anak=Aduan Anak:2 kb=Keluarga Berencana:3
DISNAKER|Disnaker|Dinas Tenaga Kerja|dinas|bursa-kerja=Bursa Kerja:3 ak1=Kartu AK1:2 hub-kerja=Mediasi:3
DPMPTSP|DPMPTSP|Dinas Penanaman Modal|dinas|izin=Izin Online:1 sicantik=Izin Cantik:2 peta-usaha=Peta Usaha:4
DISKOP|Diskop|Dinas Koperasi dan UMKM|dinas|umkm=Etalase UMKM:3 koperasi=Koperasi:3
DISDAG|Disdag|Dinas Perindustrian|dinas|harga=Harga Pasar:2 tera=Tera Ulang:3 pasar=Retribusi Pasar:2
DISHUB|Dishub|Dinas Perhubungan|dinas|atcs=ATCS:1 kir=Uji KIR:2 parkir=e-Parkir:2 terminal=Terminal:4
KOMINFO|Kominfo|Dinas Komunikasi dan Informatika|dinas|gw-satu=Gerbang Satu:1 sso=Akun Satu:1 \
lapor=Lapor Warga:1 portal=Portal Kota:1 mail=Surel Dinas:2 cctv=CCTV:2
DLH|DLH|Dinas Lingkungan Hidup|dinas|ispu=Mutu Udara:2 bank-sampah=Bank Sampah:3
DISPANGTAN|Dispangtan|Dinas Ketahanan Pangan|dinas|stok=Stok Pangan:3 tani=Kartu Tani:3
DISPUSIP|Dispusip|Dinas Perpustakaan dan Arsip|dinas|opac=Katalog Buku:4 arsip=Arsip Digital:3
DISPORAPAR|Disporapar|Dinas Olahraga dan Pariwisata|dinas|wisata=Wisata Kota:3 gor=Sewa GOR:4 event=Acara:4
DISDUKCAPIL|Disdukcapil|Dinas Kependudukan|dinas|ws-nik=Layanan web NIK:1 siak=SIAK Web:1 antre=Antrean:2 \
akta=Akta Daring:2 kia=KIA:3
SATPOLPP|Satpol PP|Satuan Polisi Pamong Praja|satuan|patroli=Patroli:3 perda=Perda:4
DAMKAR|Damkar|Dinas Pemadam Kebakaran|dinas|siaga=Siaga 113:1 hidran=Peta Hidran:3
BAPPEDA|Bappeda|Badan Perencanaan|badan|e-plan=e-Planning:2 satudata=Satu Data:2 sipd=SIPD:1
BKPSDM|BKPSDM|Badan Kepegawaian|badan|simpeg=SIMPEG:2 presensi=Presensi:1 kinerja=e-Kinerja:2 cat=Ujian CAT:3
BKAD|BKAD|Badan Keuangan dan Aset|badan|simda=SIMDA Keuangan:1 aset=Aset Daerah:3 gaji=Gaji:2 sp2d=SP2D:1
BAPENDA|Bapenda|Badan Pendapatan|badan|e-sppt=e-SPPT:1 bphtb=BPHTB:1 e-retribusi=e-Retribusi:2 pajak=Pajak:1
KESBANGPOL|Kesbangpol|Badan Kesatuan Bangsa|badan|ormas=Data Ormas:4 izin-riset=Izin Riset:3
BPBD|BPBD|Badan Penanggulangan Bencana|badan|siaga-banjir=Siaga Banjir:1 posko=Posko:2
RSUD|RSUD|Rumah Sakit Umum Daerah|uobk|simrs=SIMRS:1 rs-antre=Antrean RS:2 rekam=Rekam Medis:1 apotek=Apotek:2
PUSKESMAS|Puskesmas|UPT Puskesmas|upt|pcare=Layanan Primer:1 imunisasi=Imunisasi:3
MPP|MPP|Mal Pelayanan Publik|unit|mpp-antre=Antrean MPP:2 survei=Survei Kepuasan:4
NCC|NCC|Pusat Kendali 112|unit|panggil-112=Panggilan 112:1 peta-112=Peta 112:1 dispatch=Penugasan:1
BPBJ|BPBJ|Bagian Pengadaan|bagian|lpse=LPSE:1 katalog=Katalog Lokal:3
HUKUM|Bag. Hukum|Bagian Hukum|bagian|jdih=JDIH:2 bantuan-hukum=Bantuan Hukum:4
ORGANISASI|Bag. Organisasi|Bagian Organisasi|bagian|sakip=e-SAKIP:3 anjab=Anjab:4
UMUM|Bag. Umum|Bagian Umum|bagian|kendaraan=Kendaraan Dinas:4 rapat=Ruang Rapat:4
KEC-UTARA|Kec. Utara|Kecamatan Utara|kecamatan|kec-utara=Situs Kec. Utara:3 loket-utara=Loket Utara:3
KEC-TIMUR|Kec. Timur|Kecamatan Timur|kecamatan|kec-timur=Situs Kec. Timur:3 loket-timur=Loket Timur:3
KEC-SELATAN|Kec. Selatan|Kecamatan Selatan|kecamatan|kec-selatan=Situs Kec. Selatan:3 loket-selatan=Loket:3
KEC-BARAT|Kec. Barat|Kecamatan Barat|kecamatan|kec-barat=Situs Kec. Barat:3 loket-barat=Loket Barat:3
KEC-TENGAH|Kec. Tengah|Kecamatan Tengah|kecamatan|kec-tengah=Situs Kec. Tengah:3 loket-tengah=Loket Tengah:3
KELURAHAN|Kelurahan|Kelurahan Kota|kelurahan|kelurahan=Situs Kelurahan:3 rw-net=Internet RW:4 e-rt=Buku RT:4
"""
_SERVICES = (
    ("service:dukcapil-pusat", "Dukcapil pusat"),
    ("service:bsre", "Sertifikat BSrE"),
    ("service:pdn", "Pusat Data Nasional"),
    ("service:inet-utama", "Tautan internet utama"),
)
# What stands on the shared gateway, and so is cut off when it is down.
SHARED = ("portal", "lapor", "umkm", "wisata", "harga", "kelurahan")
PARENTS = MappingProxyType(
    {
        **dict.fromkeys(SHARED, ("gw-satu",)),
        "ws-nik": ("service:dukcapil-pusat",),
        "akta": ("ws-nik",),
    }
)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one application, and for how many minutes."""

    state: State
    reason: str
    minutes: float
    params: dict[str, str | int] | None = None
    status: int = 0
    latency_ms: float = 0.0
    extra: dict[str, Any] | None = None


_BAD = State.DOWN
_CUT = Trouble(State.UNREACHABLE, "unreachable", 6, {"via": "gw-satu"}, extra={"parent": "gw-satu"})
TROUBLES: dict[str, Trouble] = {
    "ws-nik": Trouble(_BAD, "status_unexpected", 12, {"seen": 503, "want": "200-299"}, 503, 812.3),
    "simrs": Trouble(_BAD, "connect_timeout", 11, {"address": "127.20.29.1:8443", "want": "5 s"}),
    "simda": Trouble(_BAD, "dns_nxdomain", 100, {"name": "simda.contoh.invalid"}),
    "gw-satu": Trouble(_BAD, "connect_refused", 6, {"address": "127.20.15.1:443"}),
    "arsip": Trouble(_BAD, "tls_expired", 2000, {"seen": "2026-11-22"}),
    "e-sppt": Trouble(State.WARN, "slow", 6, {"seen": "4.8 s", "want": "3 s"}, 200, 4810.0),
    "opac": Trouble(State.WARN, "cert_expiring", 4000, {"seen": 9, "want": 14}, 200, 240.0),
    "presensi": Trouble(
        State.WARN, "slow", 2, {"seen": "3.2 s", "want": "3 s"}, 200, 3201.0, {"flapping": True}
    ),
    "atcs": Trouble(State.STALE, "stale", 31, {"since": "01:43"}),
    "kir": Trouble(State.MAINT, "ok", 90, None, 200, 90.0),
    "loket-utara": Trouble(State.CLOSED, "closed", 600, {"hours": "jam-loket"}),
    "kendaraan": Trouble(State.OFF, "off", 50000),
    "spmb": Trouble(
        State.UP, "status_unexpected", 8000, {"seen": 502, "want": "200-299"}, 502, 771.0,
        {"hard": False, "attempt": 1},
    ),
    **dict.fromkeys(SHARED, _CUT),
}  # fmt: skip


@dataclass(frozen=True)
class City:
    """The rows of a board."""

    applications: dict[str, Application]
    opds: dict[str, Opd]


def build_city(now: datetime) -> City:
    """The city as it stands at ``now``: most of it well, the applications of `TROUBLES` not."""
    applications: dict[str, Application] = {}
    opds: dict[str, Opd] = {}
    for line in filter(None, _OPDS.splitlines()):
        code, short, name, kind, listed = line.split("|")
        opds[code] = Opd(code=code, name=name, short=short, kind=kind, since=now)
        for row_id, label, tier in _split(listed):
            applications[row_id] = _application(opds[code], row_id, label, int(tier), now)
    for row_id, label in _SERVICES:
        applications[row_id] = Application(
            id=row_id, name=label, kind="service", tier=1, state=State.UP, reason="ok", attempts=3,
            since=now - timedelta(days=9), latency_ms=22.0, last_at=now - timedelta(seconds=3), probe="tcp",
        )  # fmt: skip
    return City(applications, {code: opd_row(opd, applications.values()) for code, opd in opds.items()})


def opd_row(opd: Opd, rows: Iterable[Application]) -> Opd:
    """An OPD's row, counted afresh from its applications."""
    own = [row for row in rows if row.opd == opd.code]
    worst = min(own, key=lambda row: row.state.severity)
    up = sum(row.state is State.UP for row in own)
    return msgspec.structs.replace(opd, state=worst.state, since=worst.since, up=up, total=len(own))


def contacts_of(row: Application) -> tuple[Contact, ...]:
    """Invented people, the same for an application each time."""
    number = sum(map(ord, row.id)) % 10000
    return (
        Contact(
            name=f"Rina S. ({row.opd_short or 'pusat'})", duty="admin", phone=f"0800-0000-{number:04}",
            whatsapp=f"+62 800 0000 {number:04}", email=f"admin.{row.id.replace(':', '-')}@contoh.invalid",
        ),
        Contact(name="PT Contoh Sistem", duty="vendor", phone="0800-1111-0000", note="24x7"),
    )  # fmt: skip


def trouble_row(row: Application, trouble: Trouble, now: datetime) -> Application:
    """The row of an application in trouble."""
    down = trouble.state in (State.DOWN, State.WARN)
    fields = {"attempt": row.attempts if down else 0, **(trouble.extra or {})}
    return msgspec.structs.replace(
        row,
        state=trouble.state,
        reason=trouble.reason,
        params=dict(trouble.params or {}),
        status=trouble.status,
        latency_ms=trouble.latency_ms,
        since=now - timedelta(minutes=trouble.minutes),
        **fields,
    )


def _application(opd: Opd, row_id: str, label: str, tier: int, now: datetime) -> Application:
    spread = sum(map(ord, row_id))
    row = Application(
        id=row_id, name=label, opd=opd.code, opd_short=opd.short, tier=tier, state=State.UP, reason="ok",
        since=now - timedelta(hours=spread % 400 + 1), attempts=3, probe="http", status=200,
        latency_ms=float(spread % 300 + 12), last_at=now - timedelta(seconds=spread % 60),
    )  # fmt: skip
    trouble = TROUBLES.get(row_id)
    return trouble_row(row, trouble, now) if trouble else row


def _split(listed: str) -> list[tuple[str, str, str]]:
    """``id=Name with blanks:tier`` items, separated by a blank before the next id."""
    items: list[tuple[str, str, str]] = []
    rest = listed
    while rest:
        row_id, _, rest = rest.partition("=")
        label, _, rest = rest.partition(":")
        tier, _, rest = rest.partition(" ")
        items.append((row_id, label, tier))
    return items

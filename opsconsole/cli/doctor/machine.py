"""Checks of the machine: its clock, its resolver, whether it lets us ping, and its keyring."""

import ctypes
import os
import re
from datetime import UTC, datetime

from opsconsole.base.clock import Clock, SystemClock
from opsconsole.base.secrets.keyrings import read_keyring
from opsconsole.base.text import N_, _
from opsconsole.cli.doctor.check import Check, Finding, Patient, fail, ok, warn
from probes.secrets import SecretFault

# Before this was written, and long after it may be in use.
_FIRST_YEAR, _LAST_YEAR = 2026, 2100
_DRIFT_SECONDS = 0.5
_UNSYNCHRONISED, _CLOCK_ERROR = 0x40, 5  # STA_UNSYNC, TIME_ERROR of adjtimex(2)
_NET_RAW = 13  # CAP_NET_RAW of capabilities(7)
_KEYRING_REF = re.compile(r"""["']keyring:""")
_PROBE_REF = "keyring:opsconsole/doctor"


class _Timex(ctypes.Structure):
    """The head of struct timex; the kernel fills more, into ``rest``."""

    _fields_ = [
        ("modes", ctypes.c_int),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    ]


def clock(patient: Patient) -> Finding:
    """The wall clock: a sane year, no jumps against the steady clock, kept in step by NTP."""
    wall = SystemClock()
    before = wall.now() - wall.monotonic()
    synchronised = _is_synchronised()
    return clock_verdict(wall, before, synchronised)


def clock_verdict(wall: Clock, before: float, synchronised: bool | None) -> Finding:
    """What the clocks say. ``before``: wall minus steady time a moment ago; ``synchronised``: if known."""
    now = datetime.fromtimestamp(wall.now(), UTC)
    found = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    set_it = _("Set it: timedatectl set-ntp true, or apt install systemd-timesyncd.")
    if not _FIRST_YEAR <= now.year < _LAST_YEAR:
        return fail(found, set_it)
    if abs(wall.now() - wall.monotonic() - before) > _DRIFT_SECONDS:
        return fail(_("{found}; it jumped while we looked").format(found=found), set_it)
    if synchronised is False:
        return warn(_("{found}; nothing keeps it in step").format(found=found), set_it)
    told = _("in step") if synchronised else _("whether it is in step is not known here")
    return ok(f"{found}, {told}")


def _is_synchronised() -> bool | None:
    """What the kernel knows of NTP; None where it does not tell."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        timex = _Timex()
        state = libc.adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    if state < 0:
        return None
    return state != _CLOCK_ERROR and not timex.status & _UNSYNCHRONISED


def resolver(patient: Patient) -> Finding:
    """The file that says who resolves names; nobody is asked anything."""
    text = patient.text("etc/resolv.conf")
    servers = [
        parts[1] for line in text.splitlines() if (parts := line.split())[:1] == ["nameserver"] and parts[1:]
    ]
    if not servers:
        todo = _("Write `nameserver ADDRESS` into it; until then only addresses and /etc/hosts work.")
        return warn(_("/etc/resolv.conf names no server"), todo)
    return ok(", ".join(servers[:4]))


def ping(patient: Patient) -> Finding:
    """Whether this account may send echo requests: the group range of the kernel, or CAP_NET_RAW."""
    effective = re.search(r"^CapEff:\s*([0-9a-f]+)", patient.text("proc/self/status"), re.MULTILINE)
    if effective and int(effective[1], 16) >> _NET_RAW & 1:
        return ok("CAP_NET_RAW")
    bounds = patient.text("proc/sys/net/ipv4/ping_group_range").split()
    if len(bounds) == 2 and any(
        int(bounds[0]) <= gid <= int(bounds[1]) for gid in (os.getegid(), *os.getgroups())
    ):
        return ok(f"ping_group_range {bounds[0]} {bounds[1]}")
    return warn(
        _("this account may not ping (ping_group_range {range})").format(range=" ".join(bounds) or "?"),
        _("For probes of kind ping: sysctl -w net.ipv4.ping_group_range='0 2147483647'."),
    )


def keyring(patient: Patient) -> Finding:
    """Whether a desktop keyring can be read, which matters where the files refer to one."""
    try:
        read_keyring(_PROBE_REF, "opsconsole", "doctor")
        state = "keyring_missing"
    except SecretFault as fault:
        state = fault.why
    return keyring_verdict(state, wanted=_refers_to_keyring(patient))


def keyring_verdict(state: str, *, wanted: bool) -> Finding:
    """What the state of the keyring means; ``wanted``: the configuration refers to it."""
    if state == "keyring_missing":  # it was asked, and knows nothing of ours
        return ok(_("Secret Service, unlocked"))
    locked = state == "keyring_locked"
    found = _("Secret Service, locked") if locked else _("none (no Secret Service on D-Bus)")
    if not wanted:
        return ok(_("{found}; no file refers to it").format(found=found))
    return fail(
        found,
        _("Unlock it (log in to the desktop, or gnome-keyring-daemon --unlock), or use file: or cred:.")
        if locked
        else _("Use file:/path or, with systemd, cred:NAME in the configuration; a server has no keyring."),
    )


def _refers_to_keyring(patient: Patient) -> bool:
    if patient.place is None or not patient.place.config.is_dir():
        return False
    for path in sorted(patient.place.config.glob("*/*.toml")) + sorted(patient.place.config.glob("*.toml")):
        try:
            if _KEYRING_REF.search(path.read_text("utf-8", "replace")):
                return True
        except OSError:
            continue
    return False


CHECKS = (
    Check("clock", N_("clock"), clock),
    Check("resolver", N_("name servers"), resolver),
    Check("ping", N_("ping"), ping),
    Check("keyring", N_("keyring"), keyring),
)

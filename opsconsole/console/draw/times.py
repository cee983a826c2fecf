"""Times as people of the office read them. Ages are shown as the time since when, so nothing ticks."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opsconsole.base.text import N_, _

# Indonesia's three zones by their own names (Keppres 41/1987); other zones say their abbreviation.
_ZONE_WORDS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
# Above this age a time of day could be taken for today's.
_AS_CLOCK = timedelta(hours=20)
SINCE_WIDTH = 6


class Times:
    """Times in one zone; an unknown zone is shown as UTC."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        try:
            self._zone: tzinfo = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.zone = "UTC"
            self._zone = ZoneInfo("UTC")

    def local(self, moment: datetime) -> datetime:
        """The moment in the office's zone."""
        return moment.astimezone(self._zone)

    @property
    def tzinfo(self) -> tzinfo:
        """The zone itself."""
        return self._zone

    def day(self, moment: datetime) -> str:
        """``24 Nov``."""
        return self._date(self.local(moment))

    def calendar_day(self, day: date, now: datetime) -> str:
        """``30 Nov``, with its year where it is not this one."""
        year = "" if day.year == self.local(now).year else f" {day.year}"
        return f"{day.day} {_(_MONTHS[day.month - 1])}{year}"

    def clock(self, now: datetime) -> str:
        """``Tue 24 Nov 02:14 WIB``."""
        local = self.local(now)
        return f"{_(_DAYS[local.weekday()])} {self._date(local)} {local:%H:%M} {self.zone_word(now)}"

    def short_clock(self, now: datetime) -> str:
        """``02:14 WIB``."""
        local = self.local(now)
        return f"{local:%H:%M} {self.zone_word(now)}"

    def since(self, moment: datetime, now: datetime) -> str:
        """When something began, in at most six cells: ``02:02``, ``23 Nov`` or ``Nov'25``."""
        local = self.local(moment)
        if now - moment < _AS_CLOCK:
            return f"{local:%H:%M}"
        if local.year == self.local(now).year:
            return self._date(local)
        return f"{_(_MONTHS[local.month - 1])}'{local:%y}"

    def at(self, moment: datetime, now: datetime) -> str:
        """A moment to the minute, with its date when it is not close: ``02:02``, ``Mon 23 Nov 21:40``."""
        local = self.local(moment)
        if abs(now - moment) < _AS_CLOCK:
            return f"{local:%H:%M}"
        year = "" if local.year == self.local(now).year else f" {local.year}"
        return f"{_(_DAYS[local.weekday()])} {self._date(local)}{year} {local:%H:%M}"

    def exact(self, moment: datetime) -> str:
        """``02:13:58``."""
        return f"{self.local(moment):%H:%M:%S}"

    def look(self, moment: datetime, now: datetime) -> str:
        """When a look was made, in eight cells: ``02:13:58``, or the day of an old one."""
        return self.exact(moment) if now - moment < _AS_CLOCK else f"{self.since(moment, now):<8}"

    def _date(self, local: datetime) -> str:
        return f"{local.day} {_(_MONTHS[local.month - 1])}"

    def zone_word(self, moment: datetime) -> str:
        """``WIB``, ``WITA``, ``WIT``, or the zone's abbreviation."""
        return _ZONE_WORDS.get(self.zone) or self.local(moment).tzname() or "UTC"


def took(milliseconds: float) -> str:
    """A duration in at most five cells: ``<1ms``, ``812ms``, ``4.8s``, ``31s``, ``2m``; ``-`` for none."""
    if milliseconds <= 0:
        return "-"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f}ms" if round(milliseconds) else "<1ms"
    seconds = milliseconds / 1000
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    return f"{seconds:.0f}s" if seconds < 99.5 else f"{seconds / 60:.0f}m"


def every(seconds: float) -> str:
    """A rhythm: ``15s``, ``5m``, ``24h``."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"

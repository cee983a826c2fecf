"""What Gatus asks of an answer, ``[STATUS] == 200``, as keys of a probe."""

import re
from collections.abc import Callable
from typing import Any

from opsconsole.inventory.imports.probe import literally
from opsconsole.inventory.imports.source import Source
from opsconsole.inventory.imports.words import go_duration

_CONDITION = re.compile(r"\s*(?P<left>.+?)\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<right>.*?)\s*")
_BODY_PATH = re.compile(r"\[BODY\]\.(?P<path>[A-Za-z_][\w]*(?:(?:\.[A-Za-z_]\w*)|(?:\[\d+\]))*)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ANY, _PATTERN = re.compile(r"any\((.*)\)"), re.compile(r"pat\((.*)\)")
_DAY = 86_400


def take_condition(condition: str, path: str, probe: dict[str, Any], source: Source) -> None:
    """Put one condition into a probe, or report that it is lost."""
    parts = _CONDITION.fullmatch(condition)
    put = _PLACES.get(parts["left"].split(".")[0].split("[B")[0] or "[BODY]") if parts else None
    if parts is None or not (put or _body)(probe, parts["left"], parts["sign"], parts["right"]):
        source.lost(path, "unsupported", condition)


def _status(probe: dict[str, Any], _left: str, sign: str, right: str) -> bool:
    several = _ANY.fullmatch(right)
    if sign == "==" and several:
        wanted = [one.strip() for one in several[1].split(",")]
    elif not right.isdigit():
        return False
    else:
        number = int(right)
        ranges = {
            "==": (number, number), "<": (100, number - 1), "<=": (100, number), ">": (number + 1, 599),
            ">=": (number, 599),
        }  # fmt: skip
        if sign not in ranges:
            return False
        low, high = ranges[sign]
        wanted = [str(low) if low == high else f"{low}-{high}"]
    if probe["kind"] != "http":
        return False
    probe["status"] = _both(probe["status"], wanted)
    return True


def _both(before: list[str], wanted: list[str]) -> list[str]:
    """Of several conditions all hold: what the earlier ones let through, narrowed down."""
    if len(before) != 1 or len(wanted) != 1 or "-" not in before[0]:
        return wanted
    low, _, high = before[0].partition("-")
    first, _, last = wanted[0].partition("-")
    low, high = str(max(int(low), int(first))), str(min(int(high), int(last or first)))
    return [low if low == high else f"{low}-{high}"]


def _time(probe: dict[str, Any], _left: str, sign: str, right: str) -> bool:
    if sign not in ("<", "<=") or not right.isdigit() or int(right) == 0:
        return False
    probe["slow_over"] = f"{int(right)}ms"
    return True


def _certificate(probe: dict[str, Any], _left: str, sign: str, right: str) -> bool:
    lasts = go_duration(right)
    if sign not in (">", ">=") or lasts is None:
        return False
    days = max(1, round(lasts / _DAY))
    if probe["kind"] == "tls":
        probe["min_days"] = days
    else:
        probe["tls"] = {**probe.get("tls", {}), "min_days": days}
    return True


def _connected(_probe: dict[str, Any], _left: str, sign: str, right: str) -> bool:
    # That it connects is what every probe asks.
    return (sign, right) == ("==", "true")


def _rcode(probe: dict[str, Any], _left: str, sign: str, right: str) -> bool:
    if sign != "==" or probe["kind"] != "dns":
        return False
    probe["rcodes"] = [right]
    return True


def _body(probe: dict[str, Any], left: str, sign: str, right: str) -> bool:
    if probe["kind"] == "dns" and left == "[BODY]" and sign == "==":
        probe.setdefault("answer_must_match", []).append(_glob(right))
        return True
    if probe["kind"] != "http":
        return False
    if left == "[BODY]":
        return _text(probe, sign, right)
    expression = _json(left, sign, right)
    if expression:
        probe.setdefault("json", []).append(expression)
    return bool(expression)


def _text(probe: dict[str, Any], sign: str, right: str) -> bool:
    keys = {"==": "body_must_match", "!=": "body_must_not_match"}
    if sign not in keys:
        return False
    probe.setdefault(keys[sign], []).append(_glob(right))
    return True


def _glob(text: str) -> str:
    """``pat(*ok*)`` or a plain value as a pattern over the whole text."""
    globbed = _PATTERN.fullmatch(text)
    if globbed is None:
        return f"(?s)^\\s*{literally(text)}\\s*$"
    inner = ".*".join(literally(part) for part in globbed[1].split("*"))
    return f"(?s)^{inner}$"


def _json(left: str, sign: str, right: str) -> str:
    """A JMESPath expression for a comparison over the body; empty where there is none."""
    function = re.fullmatch(r"(len|has)\((.*)\)", left)
    path = _BODY_PATH.fullmatch(function[2] if function else left)
    if path is None or _PATTERN.fullmatch(right) or _ANY.fullmatch(right):
        return ""
    if function and function[1] == "has":
        wanted = right == "true" if sign == "==" else right != "true"
        return f"{path['path']} {'!=' if wanted else '=='} `null`"
    subject = f"length({path['path']})" if function else path["path"]
    if _NUMBER.fullmatch(right):
        return f"{subject} {sign} `{right}`"
    if right in ("true", "false", "null"):
        return f"{subject} {sign} `{right}`"
    escaped = right.replace("\\", "\\\\").replace("'", "\\'")
    return f"{subject} {sign} '{escaped}'" if sign in ("==", "!=") else ""


_PLACES: dict[str, Callable[[dict[str, Any], str, str, str], bool]] = {
    "[STATUS]": _status,
    "[RESPONSE_TIME]": _time,
    "[CERTIFICATE_EXPIRATION]": _certificate,
    "[CONNECTED]": _connected,
    "[DNS_RCODE]": _rcode,
    "[DOMAIN_EXPIRATION]": lambda *_: False,
    "[IP]": lambda *_: False,
}

"""The JSON Schema that editors are given, and the reference that people read."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from opsconsole.base.paths import example_office
from opsconsole.inventory import indices, model, notify, policy, readiness, references, road_model
from opsconsole.inventory.load import parse
from opsconsole.inventory.schema import schema
from probes.auth import AuthSpec
from probes.dns_spec import DnsSpec
from probes.http import HttpSpec
from probes.http_spec import HeaderRule
from probes.ping import PingSpec
from probes.script_spec import Step
from probes.spec import ProbeSpec, Strict
from probes.tcp import TcpSpec
from probes.tls_port import TlsPortSpec
from probes.tls_spec import TlsSpec

REFERENCE = Path(__file__).parents[2] / "docs" / "config.md"
SCHEMA = schema()
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": (str, date),
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def wrong(value: Any, node: dict[str, Any], at: str = "") -> list[str]:
    """Where ``value`` is not as the part of the schema says: enough of the standard for what we use."""
    if "$ref" in node:
        return wrong(value, SCHEMA["$defs"][node["$ref"].removeprefix("#/$defs/")], at)
    if "anyOf" in node:
        arms = [wrong(value, arm, at) for arm in node["anyOf"]]
        return min(arms, key=len)
    found = []
    if "type" in node and not isinstance(value, TYPES[node["type"]]):
        return [f"{at}: {value!r} is no {node['type']}"]
    if node.get("type") == "integer" and isinstance(value, bool):
        found.append(f"{at}: a boolean")
    if "enum" in node and value not in node["enum"]:
        found.append(f"{at}: {value!r}")
    if "const" in node and value != node["const"]:
        found.append(f"{at}: {value!r}")
    if isinstance(value, str) and not re.search(node.get("pattern", ""), value):
        found.append(f"{at}: {value!r} does not match")
    if isinstance(value, int) and not node.get("minimum", value) <= value <= node.get("maximum", value):
        found.append(f"{at}: {value!r} is out of range")
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += wrong(one, node.get("items", {}), f"{at}[{number}]")
    if isinstance(value, dict):
        known, others = node.get("properties", {}), node.get("additionalProperties", True)
        found += [f"{at}: lacks {key}" for key in node.get("required", []) if key not in value]
        for key, one in value.items():
            if key in known or isinstance(others, dict):
                found += wrong(one, known.get(key, others), f"{at}.{key}")
            elif others is False:
                found.append(f"{at}: knows no {key}")
    return found


def entry(name: str) -> dict[str, Any]:
    return {"$ref": "#/$defs/" + name.split("/", maxsplit=1)[0].removesuffix(".toml")}


def test_the_schema_is_one_json_document_without_anything_toml_has_not():
    text = json.dumps(SCHEMA)
    assert "null" not in text
    assert SCHEMA["$schema"].startswith("https://json-schema.org/")
    references = set(re.findall(r'"#/\$defs/(\w+)"', text))
    assert references <= set(SCHEMA["$defs"])
    assert {"settings", "calendar", "services", "opd", "people"} <= set(SCHEMA["$defs"])


@pytest.mark.parametrize("path", sorted(example_office().rglob("*.toml")), ids=lambda path: path.name)
def test_the_example_office_is_valid_under_the_schema(path: Path):
    name = path.relative_to(example_office()).as_posix()
    assert wrong(tomllib.loads(path.read_text("utf-8")), entry(name)) == []


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ('code = "A"\nname = "A"\nshort = "A"\nknid = "x"', "knows no knid"),
        ('code = "A"\nname = "A"', "lacks short"),
        (
            'code = "A"\nname = "A"\nshort = "A"\napplications = [{ id = "a", name = "A", tier = 7 }]',
            "out of range",
        ),
        (
            'code = "A"\nname = "A"\nshort = "A"\n'
            'applications = [{ id = "a", name = "A", probes = [{ kind = "tcp", host = "h" }] }]',
            "lacks port",
        ),
    ],
)
def test_the_schema_refuses_what_is_refused(text: str, lacks: str):
    (found,) = wrong(tomllib.loads(text), entry("opd/a.toml"))
    assert lacks in found


def test_every_default_of_the_schema_is_a_value_of_its_own_key():
    for name, definition in SCHEMA["$defs"].items():
        for key, node in definition.get("properties", {}).items():
            if "default" in node:
                assert wrong(node["default"], node, f"{name}.{key}") == []


SECTIONS: dict[str, type[Strict]] = {
    "[office]": model.Office,
    "[access]": model.Access,
    "[engine]": model.EngineSettings,
    "[self_check]": model.SelfCheckSettings,
    "[backup]": model.BackupSettings,
    "calendar.toml": model.CalendarFile,
    "[[hours]]": model.NamedHours,
    "A row of week or ramadan": model.Row,
    "[[shifts]]": model.ShiftRow,
    "[[seasons]]": model.Season,
    "[[maintenance]]": model.RecurringMaintenance,
    "[[ramadan]]": model.Period,
    "incidents.toml": policy.IncidentsFile,
    "[[severity]]": policy.SeverityRow,
    "[[suggest]]": policy.SuggestRow,
    "[[law]]": policy.LawRow,
    "[[references]]": references.Reference,
    "indices/<code>.toml": indices.IndexFile,
    "[[indicators]]": indices.Indicator,
    "notify.toml": notify.NotifyFile,
    '[[channels]] with kind = "webhook"': notify.Webhook,
    '[[channels]] with kind = "smtp"': notify.Smtp,
    "[[rules]]": notify.Rule,
    "[digest]": notify.Digest,
    "[outbox]": notify.Kept,
    "[heartbeat]": notify.Heartbeat,
    "readiness.toml": readiness.ReadinessFile,
    "[[evidence]]": readiness.EvidenceRule,
    "words = { … }": readiness.Words,
    "[[levels]]": readiness.LevelRule,
    "What a level needs": readiness.LevelNeed,
    "[[roles]]": readiness.RoleRule,
    "[[drills]]": readiness.DrillTarget,
    "[[quiet]]": readiness.QuietTime,
    "[[reminders]]": readiness.ReminderRule,
    "[[means]] of readiness.toml": readiness.MeansRule,
    "[behaviour]": readiness.Behaviour,
    "road.toml": road_model.RoadFile,
    "[rules]": road_model.StageRules,
    "[forecast]": road_model.ForecastRules,
    "[gate]": road_model.Gate,
    "[[definitions]]": road_model.Definition,
    "[[milestones]]": road_model.Milestone,
    "[[exemptions]]": road_model.Exemption,
    "[[proofs]]": road_model.Proof,
    "[[history]]": road_model.Past,
    "[[paper]]": road_model.PaperService,
    "[[problems]]": road_model.KnownProblem,
    "opd/<code>.toml": model.OpdFile,
    "[[means]]": model.Means,
    "[[applications]]": model.Application,
    "services.toml": model.ServicesFile,
    "[[services]]": model.Service,
    "people/<code>.toml": model.PeopleFile,
    "[[people]]": model.Person,
    "Every kind": ProbeSpec,
    'kind = "http"': HttpSpec,
    'kind = "tcp"': TcpSpec,
    "A step of script": Step,
    'kind = "tls"': TlsPortSpec,
    'kind = "ping"': PingSpec,
    'kind = "dns"': DnsSpec,
    "A rule of header_must_match or header_must_not_match": HeaderRule,
    "auth = { … }": AuthSpec,
    "tls = { … }": TlsSpec,
}


def documented() -> dict[str, dict[str, str]]:
    """Of each section of the reference its keys, with what is said to be their default."""
    sections: dict[str, dict[str, str]] = {}
    for part in re.split(r"^#{2,3} ", REFERENCE.read_text("utf-8"), flags=re.MULTILINE):
        title, _, text = part.partition("\n")
        title = title.replace("`", "").replace("&lt;", "<").replace("&gt;", ">")
        rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", text, re.MULTILINE)
        if rows:
            sections[title] = dict(rows)
    return sections


def keys_of(section: type[Strict]) -> dict[str, FieldInfo]:
    shared = ProbeSpec.model_fields if issubclass(section, ProbeSpec) and section is not ProbeSpec else {}
    return {field.alias or name: field for name, field in section.model_fields.items() if name not in shared}


def test_the_reference_has_every_section():
    assert set(documented()) == set(SECTIONS)


@pytest.mark.parametrize("title", SECTIONS)
def test_the_reference_lists_the_keys_that_there_are(title: str):
    assert set(documented()[title]) == set(keys_of(SECTIONS[title]))


@pytest.mark.parametrize("title", SECTIONS)
def test_the_reference_tells_the_defaults(title: str):
    node = SCHEMA["$defs"].get(SECTIONS[title].__name__) or SCHEMA["$defs"]["HttpSpec"]
    for key, said in documented()[title].items():
        if said == "–":
            assert key in node["required"]
        elif said.startswith("`") and said != "`{}`":
            assert tomllib.loads(f"x = {said.strip('`')}")["x"] == node["properties"][key]["default"], key
        else:
            assert key not in node.get("required", [])


def test_the_examples_of_the_reference_are_an_office():
    blocks = re.findall(r"```toml\n# (\S+)\n(.*?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 9
    files = {name: text.encode() for name, text in blocks}
    assert set(parse(files, REFERENCE.parent).applications) == {"ws-nik", "gerbang-1", "gerbang-2"}

"""The backup of Uptime Kuma (``version`` 1.x, ``monitorList``) as applications."""

import json
from collections.abc import Mapping
from typing import Any

from opsconsole.inventory.imports.probe import literally, lost_whole, put_headers, reference, sound
from opsconsole.inventory.imports.source import Imported, Loss, Names, Source, rhythm

# What a monitor may have and we have no twin for; notifications and the like belong to the whole office.
_KNOWN = frozenset(
    """
    id parent childrenIDs pathName weight forceInactive resendInterval notificationIDList tags
    maintenance proxyId upsideDown packetSize expiryNotification docker_container docker_host mqttTopic
    mqttSuccessMessage mqttUsername mqttPassword mqttCheckType mqttWebsocketPath databaseQuery
    databaseConnectionString authMethod grpcUrl grpcProtobuf grpcMethod grpcServiceName grpcEnableTls
    grpcBody grpcMetadata radiusUsername radiusPassword radiusSecret radiusCalledStationId
    radiusCallingStationId game gamedigGivenPortOnly httpBodyEncoding kafkaProducerTopic
    kafkaProducerBrokers kafkaProducerSsl kafkaProducerAllowAutoTopicCreation kafkaProducerMessage
    kafkaProducerSaslOptions screenshot remote_browser rabbitmqNodes rabbitmqUsername rabbitmqPassword
    snmpOid snmpVersion jsonPathOperator cacheBust conditions ipFamily includeSensitiveData
    authWorkstation authDomain dns_last_result oauth_client_id oauth_token_url oauth_scopes
    oauth_auth_method timeout retryInterval invertKeyword maxredirects dns_resolve_type
    dns_resolve_server hostname port url method body headers keyword jsonPath expectedValue
    accepted_statuscodes ignoreTls basic_auth_user
    """.split()  # noqa: SIM905 - a list of forty strings is no easier to read
)
_SECRETS = (
    "basic_auth_pass", "pushToken", "oauth_client_secret", "tlsKey", "tlsCert", "tlsCa", "mqttPassword",
    "radiusPassword", "radiusSecret", "databaseConnectionString", "rabbitmqPassword",
    "kafkaProducerSaslOptions",
)  # fmt: skip
_WEB = ("http", "keyword", "json-query")


def from_kuma(text: str, taken: Names) -> Imported:
    """Read a backup. Raises ValueError for what is no JSON or has no monitors."""
    document = json.loads(text)
    if not isinstance(document, Mapping) or not isinstance(document.get("monitorList"), list):
        raise ValueError("no monitorList")
    losses: list[Loss] = []
    source = Source(document, "", losses, ("notificationList", "proxyList", "statusPageList"))
    source.take("version")
    found = [
        one for monitor in source.each("monitorList", _KNOWN) if (one := _monitor(monitor, taken, losses))
    ]
    source.finish()
    return Imported(tuple(found), tuple(losses))


def _monitor(source: Source, taken: Names, losses: list[Loss]) -> dict[str, Any] | None:
    kind = source.text("type")
    convert = {**dict.fromkeys(_WEB, _web), "port": _port, "ping": _ping, "dns": _dns}.get(kind)
    if convert is None:
        lost_whole(source, kind, losses)
        return None
    name = source.text("name") or kind
    application: dict[str, Any] = {"id": taken.give(name), "name": name}
    if source.take("active", default=True) in (False, 0):
        application["active"] = False
    if note := source.text("description"):
        application["note"] = " ".join(note.split())[:500]
    for secret in _SECRETS:
        source.lose(secret, "secret", reference(application["id"]))
    probe = convert(source, application["id"], kind)
    every = source.number("interval")
    rhythm(probe, every=every, timeout=source.number("timeout"))
    retries = source.number("maxretries")
    if retries is not None:
        probe["attempts"] = min(max(int(retries), 0) + 1, 20)
    again = source.number("retryInterval")
    if again and again > 0:
        rhythm_of_retry = min(again, every) if every else again
        probe["retry"] = f"{rhythm_of_retry:g}s"
    whole = sound(probe, source)
    source.finish()
    return {**application, "probes": [whole]} if whole else None


def _web(source: Source, id_: str, kind: str) -> dict[str, Any]:
    probe: dict[str, Any] = {"kind": "http", "url": source.text("url")}
    if (method := source.text("method").upper()) not in ("", "GET"):
        probe["method"] = method
    if body := source.text("body"):
        probe["body"] = body
    if statuses := [status for _path, status in source.strings("accepted_statuscodes")]:
        probe["status"] = statuses
    if (hops := source.number("maxredirects")) is not None:
        probe |= {"max_redirects": int(hops)} if hops else {"follow_redirects": False}
    if source.take("ignoreTls", default=False) in (True, 1):
        probe["tls"] = {"verify": False}
    _credentials(source, probe, id_)
    _headers(source, probe, id_)
    if kind == "keyword":
        unwanted = source.take("invertKeyword", default=False) in (True, 1)
        key = "body_must_not_match" if unwanted else "body_must_match"
        probe[key] = [literally(source.text("keyword"))]
    if kind == "json-query":
        _json_query(source, probe)
    return probe


def _credentials(source: Source, probe: dict[str, Any], id_: str) -> None:
    if source.text("authMethod") == "basic" or "basic_auth_user" in source:
        user = source.text("basic_auth_user")
        if user:
            probe["auth"] = {"basic": reference(id_)}
            source.lost(source.at("basic_auth_user"), "secret", reference(id_))


def _headers(source: Source, probe: dict[str, Any], id_: str) -> None:
    written = source.text("headers")
    try:
        headers = json.loads(written or "{}")
    except ValueError:
        headers = None
    if isinstance(headers, dict):
        put_headers(probe, headers, source, source.at("headers"), id_)
    else:
        source.lost(source.at("headers"), "unsupported")


def _json_query(source: Source, probe: dict[str, Any]) -> None:
    """A plain path can be said here; a JSONata expression can not."""
    path, expected = source.text("jsonPath").removeprefix("$."), source.text("expectedValue")
    if all(part.isidentifier() for part in path.split(".")):
        escaped = expected.replace("\\", "\\\\").replace("'", "\\'")
        probe["json"] = [f"to_string({path}) == '{escaped}'"]
    else:
        source.lost(source.at("jsonPath"), "unsupported", path)
        source.lost(source.at("expectedValue"), "unsupported")


def _port(source: Source, _id: str, _kind: str) -> dict[str, Any]:
    return {"kind": "tcp", "host": source.text("hostname"), "port": int(source.number("port") or 0)}


def _ping(source: Source, _id: str, _kind: str) -> dict[str, Any]:
    return {"kind": "ping", "host": source.text("hostname")}


def _dns(source: Source, _id: str, _kind: str) -> dict[str, Any]:
    servers = [one.strip() for one in source.text("dns_resolve_server").split(",")]
    for other in servers[1:]:
        source.lost(source.at("dns_resolve_server"), "unsupported", other)
    return {
        "kind": "dns",
        "server": f"{servers[0]}:{int(source.number('port') or 53)}",
        "name": source.text("hostname"),
        "type": source.text("dns_resolve_type") or "A",
    }

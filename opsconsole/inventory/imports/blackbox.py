"""Modules of blackbox_exporter, and the targets that Prometheus gives them, as applications."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from opsconsole.inventory.imports.document import read_yaml
from opsconsole.inventory.imports.probe import lost_whole, pattern, put_headers, reference, sound
from opsconsole.inventory.imports.source import Imported, Loss, Names, Source, rhythm
from opsconsole.inventory.imports.words import go_duration

_HTTP = (
    "valid_http_versions", "compression", "fail_if_ssl", "fail_if_body_json_matches_cel",
    "fail_if_body_json_not_matches_cel", "proxy_url", "no_proxy", "proxy_from_environment",
    "proxy_connect_header", "skip_resolve_phase_with_proxy", "oauth2", "enable_http2", "enable_http3",
    "ip_protocol_fallback", "body_file", "http_headers",
)  # fmt: skip
_TLS = ("max_version", "cert", "key", "ca")
_TCP = ("ip_protocol_fallback", "source_ip_address")
_DNS = ("ip_protocol_fallback", "source_ip_address", "dns_over_tls", "tls_config", "query_class")
_ICMP = ("ip_protocol_fallback", "source_ip_address", "dont_fragment", "payload_size", "ttl", "max_hops")
_RECORDS = {
    "validate_answer_rrs": "answer",
    "validate_authority_rrs": "authority",
    "validate_additional_rrs": "additional",
}
_FAMILY = {"ip4": "4", "ip6": "6"}


def from_blackbox(text: str, taken: Names, targets: Mapping[str, list[str]] | None = None) -> Imported:
    """Read modules; ``targets`` are the addresses of each, as `prometheus_targets` finds them.

    A module without a target becomes an application that is switched off, for its address to be filled in.
    Raises ValueError for what is no YAML or has no modules.
    """
    document = _document(text, "modules")
    losses: list[Loss] = []
    source = Source(document, "", losses)
    names = list(document["modules"])
    modules = source.take("modules")
    found: list[dict[str, Any]] = []
    for name in names:
        for target in (targets or {}).get(name, []) or [""]:
            module = Source(modules[name], f"modules.{name}", losses)
            if one := _module(module, str(name), target, taken, losses):
                found.append(one)
    source.finish()
    # Of a module with several targets each loss is one loss.
    return Imported(tuple(found), tuple(dict.fromkeys(losses)))


def prometheus_targets(text: str) -> dict[str, list[str]]:
    """The targets by module of the ``scrape_configs`` of a Prometheus. Raises ValueError."""
    found: dict[str, list[str]] = {}
    for job in _document(text, "scrape_configs")["scrape_configs"] or []:
        modules = (job.get("params") or {}).get("module") or [] if isinstance(job, Mapping) else []
        for group in job.get("static_configs") or [] if modules else []:
            for module in modules:
                found.setdefault(str(module), []).extend(str(one) for one in group.get("targets") or [])
    return found


def _document(text: str, key: str) -> Mapping[str, Any]:
    document = read_yaml(text)
    if not document.get(key):
        raise ValueError(f"no {key}")
    return document


def _module(
    source: Source, name: str, target: str, taken: Names, losses: list[Loss]
) -> dict[str, Any] | None:
    prober = source.text("prober")
    convert = {"http": _http, "tcp": _tcp, "dns": _dns, "icmp": _icmp}.get(prober)
    if convert is None:
        lost_whole(source, prober, losses)
        return None
    id_ = taken.give(f"{name} {urlsplit(target).hostname or target}" if target else name)
    application: dict[str, Any] = {"id": id_, "name": target or name}
    if not target:
        application["active"] = False
        source.lost(f"{source.path} -> target", "unsupported")
    probe = convert(source, target, id_)
    rhythm(probe, every=None, timeout=go_duration(source.text("timeout")))
    whole = sound(probe, source)
    source.finish()
    return {**application, "probes": [whole]} if whole else None


def _http(source: Source, target: str, id_: str) -> dict[str, Any]:
    http = source.below("http", _HTTP)
    url = target if "://" in target else f"http://{target or '127.0.0.1/'}"
    probe: dict[str, Any] = {"kind": "http", "url": url}
    _family(http, probe)
    if (method := http.text("method").upper()) not in ("", "GET"):
        probe["method"] = method
    if body := http.text("body"):
        probe["body"] = body
    if statuses := [one for _path, one in http.strings("valid_status_codes")]:
        probe["status"] = statuses
    if http.take("follow_redirects", default=True) is False:
        probe["follow_redirects"] = False
    if http.take("fail_if_not_ssl", default=False) is True:
        probe["require_tls"] = True
    if limit := http.text("body_size_limit"):
        probe["body_limit"] = limit.replace("MB", "MiB").replace("KB", "KiB").replace("kB", "KiB")
    for key, ours in (
        ("fail_if_body_matches_regexp", "body_must_not_match"),
        ("fail_if_body_not_matches_regexp", "body_must_match"),
    ):
        if found := [one for path, text in http.strings(key) for one in pattern(text, source, path)]:
            probe[ours] = found
    for key, ours in (
        ("fail_if_header_matches", "header_must_not_match"),
        ("fail_if_header_not_matches", "header_must_match"),
    ):
        if rules := [one for rule in http.each(key) if (one := _header_rule(rule))]:
            probe[ours] = rules
    headers = http.take("headers", {})
    if isinstance(headers, Mapping):
        put_headers(probe, headers, source, http.at("headers"), id_)
    _credentials(http, probe, id_)
    _tls(http.below("tls_config", _TLS), probe)
    http.finish()
    return probe


def _header_rule(rule: Source) -> dict[str, Any] | None:
    found = pattern(rule.text("regexp"), rule, rule.at("regexp"))
    wanted: dict[str, Any] = {"name": rule.text("header"), "pattern": found[0] if found else ""}
    if rule.take("allow_missing", default=False) is True:
        wanted["allow_missing"] = True
    rule.finish()
    return wanted if found else None


def _credentials(http: Source, probe: dict[str, Any], id_: str) -> None:
    basic = http.below("basic_auth")
    authorization = http.below("authorization")
    for part, keys, form in (
        (basic, ("username", "password", "username_file", "password_file"), "basic"),
        (authorization, ("credentials", "credentials_file"), "bearer"),
        (http, ("bearer_token", "bearer_token_file"), "bearer"),
    ):
        for key in keys:
            if key in part:
                probe.setdefault("auth", {form: reference(id_)})
                part.lose(key, "secret", reference(id_))
    authorization.take("type")
    basic.finish()
    authorization.finish()


def _tls(tls: Source, probe: dict[str, Any]) -> None:
    ours: dict[str, Any] = {}
    if tls.take("insecure_skip_verify", default=False) is True:
        ours["verify"] = False
    for key, name in (("ca_file", "ca_file"), ("server_name", "server_name")):
        if text := tls.text(key):
            ours[name] = text
    if text := tls.text("min_version"):
        ours["min_version"] = text.removeprefix("TLS").replace("1", "1.", 1).rstrip(".") if text else ""
    for key in ("cert_file", "key_file"):
        tls.lose(key, "secret", "client_cert")
    if ours:
        probe["tls"] = ours
    tls.finish()


def _tcp(source: Source, target: str, _id: str) -> dict[str, Any]:
    tcp = source.below("tcp", _TCP)
    host, _, port = target.rpartition(":")
    probe: dict[str, Any] = {
        "kind": "tcp", "host": host.strip("[]") or "127.0.0.1", "port": int(port) if port.isdigit() else 1,
    }  # fmt: skip
    _family(tcp, probe)
    if tcp.take("tls", default=False) is True:
        probe["tls"] = {}
    _tls(tcp.below("tls_config", _TLS), probe)
    steps: list[dict[str, Any]] = []
    for step in tcp.each("query_response", ("labels", "expect_bytes")):
        if text := step.text("expect"):
            steps += [{"expect": one} for one in pattern(text, step, step.at("expect"))]
        if text := step.text("send"):
            steps.append({"send": text})
        if step.take("starttls", default=False) is True:
            steps.append({"starttls": True})
        step.finish()
    if steps:
        probe["script"] = steps
    tcp.finish()
    return probe


def _dns(source: Source, target: str, _id: str) -> dict[str, Any]:
    dns = source.below("dns", _DNS)
    host = target or "127.0.0.1"
    probe: dict[str, Any] = {
        "kind": "dns",
        "server": host if host.rpartition(":")[2].isdigit() and ":" in host else f"{host}:53",
        "name": dns.text("query_name"),
        "type": dns.text("query_type") or "ANY",
    }
    _family(dns, probe)
    if transport := dns.text("transport_protocol"):
        probe["transport"] = transport
    if dns.take("recursion_desired", default=True) is False:
        probe["recursion"] = False
    if rcodes := [one for _path, one in dns.strings("valid_rcodes")]:
        probe["rcodes"] = rcodes
    for key, section in _RECORDS.items():
        rules = dns.below(key)
        must_not = _patterns(rules, "fail_if_matches_regexp")
        must = _patterns(rules, "fail_if_none_matches_regexp")
        # That all of several records match, or none of them may, is not said by one pattern here.
        rules.lose("fail_if_all_match_regexp", "unsupported")
        rules.lose("fail_if_not_matches_regexp", "unsupported")
        rules.finish()
        probe |= {f"{section}_must_match": must} if must else {}
        probe |= {f"{section}_must_not_match": must_not} if must_not else {}
    dns.finish()
    return probe


def _patterns(rules: Source, key: str) -> list[str]:
    return [one for path, text in rules.strings(key) for one in pattern(text, rules, path)]


def _icmp(source: Source, target: str, _id: str) -> dict[str, Any]:
    icmp = source.below("icmp", _ICMP)
    probe: dict[str, Any] = {"kind": "ping", "host": target or "127.0.0.1"}
    _family(icmp, probe)
    icmp.finish()
    return probe


def _family(part: Source, probe: dict[str, Any]) -> None:
    if family := _FAMILY.get(part.text("preferred_ip_protocol")):
        probe["ip_family"] = family

"""Each role against each route and command; what a request may look like; errors as they are sent."""

import json
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from opsconsole.api.app import Api
from opsconsole.api.requests import BODY_BYTES
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.queries import QUERIES, QueryShape
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER, VIA_HEADER, ProblemBody, Role

ARGS: dict[str, dict[str, object]] = {
    "decree": {"people": "rina", "number": "188.4/1", "day": "2026-11-24"},
    "notify-test": {"channel": "hook"},
    "notify-retry": {"message": 1},
    "notify-dismiss": {"message": 1},
    "recheck": {"application": "portal"},
    "pause": {"application": "portal", "until": "2h", "reason": "uji"},
    "resume": {"application": "portal"},
    "maintenance": {"application": "portal", "until": "2h", "reason": "uji"},
    "maintenance-end": {"application": "portal"},
    "add": {"id": "new", "name": "New", "url": "http://127.0.0.1/"},
}
# What a query needs to be asked, where its arguments have no defaults.
QUESTIONS: dict[str, dict[str, object]] = {
    "history": {"application": "portal"},
    "opd": {"code": "RSUD"},
    "explain": {"application": "portal"},
    "replay": {"since": "2026-11-23T00:00:00Z"},
}
READS = {
    "/v1/hello": Role.NONE,
    "/v1/board": Role.VIEWER,
    "/v1/applications/{id}": Role.VIEWER,
    "/v1/applications/{id}/looks": Role.VIEWER,
    "/v1/changes": Role.VIEWER,
}


def some(shape: CommandShape | QueryShape) -> dict[str, object]:
    """Something of the right type for each field that must be there."""
    fields = [field for field in msgspec.structs.fields(shape.args) if field.required]
    return {field.name: _KNOWN.get(field.name) or _value(field.type) for field in fields}


_KNOWN: dict[str, object] = {"incident": 412, "number": 412, "into": 413}


def _value(kind: Any) -> object:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if get_origin(kind) is tuple:
        return []
    return {int: 1, bool: True}.get(kind, "x")


def body(name: str, **changed: object) -> dict[str, object]:
    args = ARGS.get(name) or (some(COMMANDS[name]) if name in COMMANDS else {})
    return {"command_id": "a1b2c3d4", "args": args} | changed


def problem(response) -> ProblemBody:
    return msgspec.json.decode(response.content, type=ProblemBody)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", READS)
def test_each_role_reads_what_it_may_and_no_more(raw, engine, role, path):
    engine.role = role
    with raw.stream("GET", path.replace("{id}", "portal")) as response:
        wanted = 200 if role.covers(READS[path]) else 403
        assert response.status_code == wanted


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", QUERIES)
def test_each_role_asks_what_it_may_and_no_more(raw, engine, role, name):
    engine.role, engine.answers[name] = role, None
    response = raw.get(
        f"/v1/queries/{name}", params={"args": json.dumps(QUESTIONS.get(name) or some(QUERIES[name]))}
    )
    allowed = role.covers(QUERIES[name].role)
    assert response.status_code == (200 if allowed else 403)
    assert [f"query {name}"] * allowed == [one for one in engine.requests if one.startswith("query")]


def test_a_query_that_is_not_known_or_not_json_is_refused(raw):
    assert raw.get("/v1/queries/nothing").status_code == 404
    for name in QUERIES:
        for args in ("[", "[]", '{"no_such_field": 1}'):
            assert raw.get(f"/v1/queries/{name}", params={"args": args}).status_code == 422


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", COMMANDS)
def test_each_role_runs_what_it_may_and_no_more(raw, engine, role, name):
    engine.role = role
    response = raw.post(f"/v1/commands/{name}", json=body(name))
    allowed = role.covers(COMMANDS[name].role)
    assert response.status_code == (200 if allowed else 403)
    assert [done for done, _, _ in engine.commands] == ([name] if allowed else [])


def test_a_command_never_asks_for_less_than_operator():
    assert all(shape.role.covers(Role.OPERATOR) for shape in COMMANDS.values() if shape.writes)


def test_no_route_but_the_commands_takes_anything_but_get(engine):
    app = Api(engine).app()
    methods = {route.path: route.methods for route in app.routes}
    assert methods == {path: {"GET"} for path in (*READS, "/v1/queries/{name}")} | {
        "/v1/commands/{name}": {"POST"}
    }


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "POST"])
def test_other_methods_are_refused(raw, method):
    assert raw.request(method, "/v1/changes").status_code == 405


def test_a_refusal_says_who_has_which_role_and_what_is_needed(raw, engine):
    engine.role = Role.VIEWER
    refused = problem(raw.post("/v1/commands/stop", json=body("stop")))
    assert refused.code == "refused"
    assert (refused.params["role"], refused.params["least"]) == ("viewer", "admin")


def test_hello_tells_anybody_who_they_are_taken_for(raw, engine):
    engine.role = Role.NONE
    hello = raw.get("/v1/hello").json()
    assert hello["caller"]["role"] == "none"
    assert hello["protocol"] == PROTOCOL


def test_a_caller_without_a_role_does_not_learn_which_commands_there_are(raw, engine):
    engine.role = Role.NONE
    assert raw.post("/v1/commands/nonsense", json=body("nonsense")).status_code == 403


def test_an_unknown_command_is_not_found(raw):
    response = raw.post("/v1/commands/nonsense", json=body("nonsense"))
    assert (response.status_code, problem(response).code) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/board", "/v1/board/", "/v1/applications/a/b/c"])
def test_an_unknown_path_is_not_found_in_our_own_words(raw, path):
    response = raw.get(path)
    assert (response.status_code, problem(response).code) == (404, "not_found")


def test_an_unknown_application_is_not_found(raw):
    for path in ("/v1/applications/none", "/v1/applications/none/looks"):
        response = raw.get(path)
        assert (response.status_code, problem(response).code) == (404, "not_found")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{not json", "body"),
        (b"\xff\xfe", "body"),
        (b'{"args": {}}', "command_id"),
        (json.dumps(body("recheck", command_id="short")).encode(), "command_id"),
        (json.dumps(body("recheck", command_id="no blanks here")).encode(), "command_id"),
        (json.dumps(body("recheck", command_id=17)).encode(), "command_id"),
        (json.dumps(body("recheck", args={})).encode(), "application"),
        (json.dumps(body("recheck", args={"application": 5})).encode(), "application"),
        (json.dumps(body("recheck", args={"application": "a", "aplication": "b"})).encode(), "aplication"),
        (json.dumps(body("recheck", args={"application": "a", "wait": "yes"})).encode(), "wait"),
        (json.dumps(body("recheck", version="new")).encode(), "version"),
        (b'{"command_id": "a1b2c3d4", "args": {"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}", "body"),
    ],
)
def test_a_command_that_is_put_wrongly_names_the_field_and_runs_nothing(raw, engine, sent, field):
    response = raw.post("/v1/commands/recheck", content=sent)
    assert (response.status_code, problem(response).code) == (422, "invalid")
    assert problem(response).lines[0].startswith(f"{field}: ")
    assert engine.commands == []


def test_arguments_nested_deeper_than_this_python_reads_are_refused_too(raw, engine):
    # How deep that is differs between Pythons; where it is read, the field is still not one of ours.
    sent = b'{"command_id": "a1b2c3d4", "args": {"a": ' + b"[" * 700 + b"]" * 700 + b"}}"
    response = raw.post("/v1/commands/recheck", content=sent)
    assert (response.status_code, problem(response).code) == (422, "invalid")
    assert problem(response).lines[0].startswith(("args: ", "a: "))
    assert engine.commands == []


def test_a_body_that_is_too_large_is_refused(raw, engine):
    sent = json.dumps(body("recheck", args={"application": "a" * BODY_BYTES})).encode()
    response = raw.post("/v1/commands/recheck", content=sent)
    assert response.status_code == 422
    assert str(BODY_BYTES) in problem(response).lines[0]
    assert engine.commands == []


def test_text_of_a_command_is_made_safe_before_anybody_sees_it(raw, engine):
    evil = "x\x1b]52;c;aGk=\x07\u202ey\nz"
    raw.post("/v1/commands/add", json=body("add", args=ARGS["add"] | {"name": evil}))
    ((_, args, _),) = engine.commands
    assert not set("\x1b\x07\u202e") & set(args.name)
    assert args.name.endswith("y\nz")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("limit=-1", "limit"),
        ("before=yesterday", "before"),
        ("before=2026-11-24T02:14:00", "before"),
    ],
)
def test_a_query_that_is_put_wrongly_names_the_field(raw, query, field):
    response = raw.get(f"/v1/applications/portal/looks?{query}")
    assert response.status_code == 422
    assert problem(response).lines[0].startswith(f"{field}: ")


@pytest.mark.parametrize("query", ["after=x", "run=1.5", "after=99999999999999999999"])
def test_a_stream_from_nowhere_is_refused(raw, query):
    assert raw.get(f"/v1/changes?{query}").status_code == 422


def test_looks_are_chosen_by_the_query(raw, engine):
    looks = raw.get("/v1/applications/ws-nik/looks", params={"limit": 3, "failures": "1"}).json()
    assert [look["verdict"] for look in looks] == ["down"] * 3
    older = raw.get("/v1/applications/ws-nik/looks", params={"limit": 1, "before": looks[-1]["at"]}).json()
    assert older[0]["at"] < looks[-1]["at"]
    assert raw.get("/v1/applications/ws-nik/looks", params={"probe": "other"}).json() == []


@pytest.mark.parametrize(("theirs", "who"), [("0", "Leave this older"), ("999", "The engine is older")])
def test_another_protocol_is_told_which_side_is_older(raw, theirs, who):
    response = raw.get("/v1/board", headers={PROTOCOL_HEADER: theirs})
    assert response.status_code == 426
    assert problem(response).next.startswith(who)
    assert raw.get("/v1/hello", headers={PROTOCOL_HEADER: theirs}).status_code == 200


def test_a_caller_that_says_no_protocol_is_served(raw):
    del raw.headers[PROTOCOL_HEADER]
    assert raw.get("/v1/board").status_code == 200


@pytest.mark.parametrize(
    ("said", "via"),
    [("console", "console"), ("command", "command"), ("\\x1b[31m", "socket"), ("root", "socket")],
)
def test_how_the_caller_came_is_one_of_three_words(raw, said, via):
    assert raw.get("/v1/hello", headers={VIA_HEADER: said}).json()["caller"]["via"] == via


def test_our_own_failure_is_a_500_without_its_inside(raw, engine, caplog):
    engine.looks_of["portal"] = None  # type: ignore[assignment]
    response = raw.get("/v1/applications/portal/looks")
    assert response.status_code == 500
    assert "NoneType" not in response.text
    assert "NoneType" in caplog.text

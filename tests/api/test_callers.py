"""Who a caller is taken for: the kernel's credential, the account behind it, the lists of [access]."""

import grp
import json
import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from opsconsole.api.peers import ACCOUNT_SECONDS, Accounts, Peer
from opsconsole.api.roles import RoleTable
from opsconsole.base.paths import home_place
from opsconsole.client.calls import Client
from opsconsole.client.commands import Reload
from opsconsole.client.shapes import Role
from tests.fakes.scripted_engine import ScriptedEngine

OWN = 1_000_000
NO_ACCOUNT = 3_999_999_999
NOBODY = 65534
OPS_GID = 3_999_999


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def table(viewer=(), operator=(), admin=()) -> RoleTable:
    return RoleTable.from_lists(viewer, operator, admin, own_uid=OWN)


def test_the_kernel_says_who_calls(engine):
    with Client(engine.place) as client:
        client.command(Reload())
        caller = client.hello().caller
    assert (caller.uid, caller.person) == (os.getuid(), pwd.getpwuid(os.getuid()).pw_name)
    assert engine.commands[0][2].uid == os.getuid()


def test_no_header_changes_who_calls(raw):
    claims = {"x-forwarded-for": "10.0.0.1", "x-forwarded-user": "sari", "authorization": "Basic c2FyaQ=="}
    assert raw.get("/v1/hello", headers=claims).json()["caller"]["uid"] == os.getuid()


def test_an_account_has_its_name_and_groups():
    account = Accounts().look_up(os.getuid())
    assert account.name == pwd.getpwuid(os.getuid()).pw_name
    assert set(account.gids) >= {pwd.getpwuid(os.getuid()).pw_gid}


def test_a_uid_without_an_account_has_a_number_and_no_group():
    assert Accounts().look_up(NO_ACCOUNT) == (f"uid {NO_ACCOUNT}", ())


def test_an_account_is_asked_for_again_after_a_minute():
    clock = Clock()
    accounts = Accounts(clock)
    assert accounts.remembered(NO_ACCOUNT) is None
    accounts.look_up(NO_ACCOUNT)
    clock.seconds = ACCOUNT_SECONDS
    assert accounts.remembered(NO_ACCOUNT) is not None
    clock.seconds += 1
    assert accounts.remembered(NO_ACCOUNT) is None


def test_whoever_is_in_no_list_has_no_role():
    assert table().role_of(1234, [1, 2, 3]) is Role.NONE
    assert table().role_of(0, [0]) is Role.NONE


def test_the_engines_own_account_is_admin_whatever_the_lists_say():
    assert table(viewer=[OWN]).role_of(OWN, []) is Role.ADMIN


def test_a_role_is_given_by_uid_by_name_and_by_group():
    root = pwd.getpwuid(0).pw_name
    group = grp.getgrgid(0).gr_name
    assert table(operator=[1234]).role_of(1234, []) is Role.OPERATOR
    assert table(operator=[root]).role_of(0, []) is Role.OPERATOR
    assert table(operator=[f"@{group}"]).role_of(1234, [7, 0]) is Role.OPERATOR
    assert table(operator=[f"@{group}"]).role_of(1234, [7]) is Role.NONE


def test_the_highest_of_several_roles_holds():
    group = grp.getgrgid(0).gr_name
    mixed = table(viewer=[f"@{group}", 1234], operator=[1234], admin=[99])
    assert mixed.role_of(1234, [0]) is Role.OPERATOR
    assert mixed.role_of(99, [0]) is Role.ADMIN
    assert mixed.role_of(5, [0]) is Role.VIEWER


def test_a_name_nobody_knows_gives_nobody_anything_and_is_told():
    odd = table(admin=["no such person", "@no such group", "@", "\x00"])
    assert odd.role_of(1234, [0]) is Role.NONE
    assert odd.unknown == ("no such person", "@no such group", "@", "\x00")


def test_a_number_in_quotes_is_a_name_and_no_gid():
    assert table(viewer=["0"]).role_of(1234, [0]) is Role.NONE


class Listed(ScriptedEngine):
    """A scripted engine that gives roles by uid, as a real one does."""

    roles = table(viewer=[10], operator=[20], admin=[30])

    def role_of(self, uid, gids):
        return self.roles.role_of(uid, gids)


@pytest.mark.parametrize(
    ("uid", "role"),
    [(10, "viewer"), (20, "operator"), (30, "admin"), (40, "none"), (OWN, "admin"), (0, "none")],
)
def test_the_role_follows_the_uid_of_the_connection(place, uid, role):
    with Listed(place, peercred=lambda _: Peer(uid, uid, 1)):
        transport = httpx.HTTPTransport(uds=str(place.socket), verify=False)
        with httpx.Client(transport=transport, base_url="http://engine", trust_env=False) as client:
            assert client.get("/v1/hello").json()["caller"]["role"] == role
            assert client.get("/v1/board").status_code == (403 if role == "none" else 200)


def test_a_caller_that_left_before_it_was_asked_who_it_is_disturbs_nobody(place):
    left = [True]

    def read(_):
        if left.pop() if left else False:
            raise OSError
        return Peer(10, 10, 1)

    with Listed(place, peercred=read):
        transport = httpx.HTTPTransport(uds=str(place.socket), verify=False)
        with httpx.Client(transport=transport, base_url="http://engine", trust_env=False) as client:
            with pytest.raises(httpx.TransportError):
                client.get("/v1/hello")
            assert client.get("/v1/hello").status_code == 200


# What the other account runs: nothing may be imported once the account has changed.
AS_ANOTHER = """
import json, os, socket, sys
from pathlib import Path
from opsconsole.base.errors import Problem
from opsconsole.base.paths import home_place
from opsconsole.client.wire import check_reachable
home, uid, gid = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.setgroups([]); os.setgid(gid); os.setuid(uid)
place = home_place(Path(home))
try:
    check_reachable(place)
except Problem as problem:
    print(json.dumps({"problem": problem.code})); raise SystemExit
with socket.socket(socket.AF_UNIX) as s:
    s.connect(str(place.socket))
    s.sendall(b"GET /v1/hello HTTP/1.0\\r\\nHost: engine\\r\\n\\r\\n")
    said = b""
    while piece := s.recv(65536):
        said += piece
print(said.partition(b"\\r\\n\\r\\n")[2].decode())
"""


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="changes accounts")
@pytest.mark.parametrize("in_group", [True, False])
def test_another_account_reaches_the_socket_only_through_its_group(in_group):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        place = home_place(Path(folder))
        with Listed(place):
            for path in (place.run, place.socket):
                os.chown(path, -1, OPS_GID)
            gid = OPS_GID if in_group else NOBODY
            command = [sys.executable, "-c", AS_ANOTHER, folder, str(NOBODY), str(gid)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    if in_group:
        assert (said["caller"]["uid"], said["caller"]["role"]) == (NOBODY, "none")
    else:
        assert said == {"problem": "refused"}

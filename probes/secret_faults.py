"""Why a secret can not be used, and what to do about it: a closed list.

A code is what is stored; ``what`` and ``remedy`` are English templates, filled with the parameters of the
observation (``name`` is the reference).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from probes.text import N_


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong with a secret, and the next step of whoever is to mend it."""

    what: str
    remedy: str


_OTHERWISE = N_("Use cred: (systemd) or file: (mode 0600) instead; docs/install.md says how")
_STORE_IT = N_("Store it as the account of the engine: `opsconsole secrets set {name}`")

FAULTS: Mapping[str, Fault] = {
    "keyring_none": Fault(N_("{name}: no desktop keyring can be reached here"), _OTHERWISE),
    "keyring_locked": Fault(
        N_("{name}: the keyring is locked"),
        N_("Unlock it in the session that the engine was started from, or use cred: or file: instead"),
    ),
    "keyring_missing": Fault(N_("{name} is not in the keyring"), _STORE_IT),
    "keyring_failed": Fault(N_("{name}: the keyring failed ({seen})"), _OTHERWISE),
    "cred_none": Fault(
        N_("{name}: systemd gave this process no credentials"),
        N_("Add LoadCredentialEncrypted= to the unit of the engine; docs/install.md says how"),
    ),
    "cred_missing": Fault(
        N_("{name}: systemd gave no credential of that name"),
        N_("Add LoadCredentialEncrypted= to the unit of the engine; docs/install.md says how"),
    ),
    "file_missing": Fault(N_("{name}: there is no such file"), _STORE_IT),
    "file_link": Fault(N_("{name} is a symbolic link"), N_("Name the file that it leads to")),
    "file_kind": Fault(N_("{name} is no regular file"), N_("Name a file that holds nothing but the secret")),
    "file_owner": Fault(
        N_("{name} belongs to {seen}, not to {want}"), N_("Give it to the account of the engine with chown")
    ),
    "file_mode": Fault(N_("{name} has mode {seen}, want 0600 or 0400"), N_("Run `chmod 0600 {path}`")),
    "file_unreadable": Fault(
        N_("{name} can not be read ({seen})"), N_("Look at the owner and mode of the file and of its folders")
    ),
    "file_unwritable": Fault(
        N_("{name} can not be written ({seen})"), N_("Look at the owner and mode of its folder")
    ),
    "env_missing": Fault(
        N_("{name} is not set"),
        N_("Set it where the engine is started, then start the engine again"),
    ),
    "empty": Fault(N_("{name} is empty"), _STORE_IT),
    "too_long": Fault(N_("{name} is longer than {want}"), N_("Store nothing but the secret there")),
    "not_text": Fault(N_("{name} is not UTF-8 text"), N_("Store nothing but the secret there")),
    "timeout": Fault(
        N_("{name} was not read in {want}"), N_("See what keeps the keyring or its disk from answering")
    ),
    "failed": Fault(
        N_("{name} can not be read ({seen})"), N_("Try `opsconsole secrets test {name}`, and report it")
    ),
    "header_characters": Fault(
        N_("{name} holds characters that no header may carry"),
        N_("Store it again, as one line of Latin-1 text"),
    ),
    "basic_form": Fault(N_("{name} is not USER:PASSWORD"), N_("Store it again as USER:PASSWORD")),
    "pem_form": Fault(
        N_("{name} is not one PEM of a certificate and its key"),
        N_("Store both, one after the other, as one PEM"),
    ),
    "pem_encrypted": Fault(
        N_("the key in {name} is encrypted"), N_("Store it without a passphrase: `openssl pkey` takes it off")
    ),
    "pem_mismatch": Fault(
        N_("the key in {name} is not that of its certificate"), N_("Store the two that belong together")
    ),
    "unresolved": Fault(N_("{name}: nothing here resolves secrets"), N_("Look through the engine")),
}

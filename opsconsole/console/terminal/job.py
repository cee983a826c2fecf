"""Whether somebody would wake us: a shell with job control that started us as a job of its own."""

import os


def has_shell() -> bool:
    """Whether our parent is in our session but not in our process group.

    A session that sshd opened for the console alone has no such parent, nor has a console that a script or
    make started: stopped, they would stay so.
    """
    parent = os.getppid()
    try:
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except (ProcessLookupError, PermissionError):
        return False

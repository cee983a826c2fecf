"""Problems as they cross the socket: the same class comes out that went in."""

from opsconsole.base.errors import Conflict, Invalid, NotFound, Problem, Refused, Unreachable
from opsconsole.base.text import N_, safe_text
from opsconsole.client.shapes import ProblemBody
from probes.observation import Param

# The HTTP status of each code; a code that is not here is a plain `Problem`.
STATUS: dict[str, int] = {
    Problem.code: 400,
    Refused.code: 403,
    NotFound.code: 404,
    Conflict.code: 409,
    Invalid.code: 422,
    Unreachable.code: 503,
}
_CLASSES: dict[str, type[Problem]] = {
    kind.code: kind for kind in (Problem, Refused, NotFound, Conflict, Invalid, Unreachable)
}


def body_of(problem: Problem) -> ProblemBody:
    """What is sent for a problem; a parameter that JSON does not know is sent as its text."""
    return ProblemBody(
        code=problem.code,
        what=problem.what,
        next=problem.next_step,
        params={name: _param(value) for name, value in problem.params.items()},
        lines=problem.lines if isinstance(problem, Invalid) else (),
    )


def problem_of(body: ProblemBody) -> Problem:
    """The problem that was sent, of the class that its code names."""
    kind = _CLASSES.get(body.code, Problem)
    if issubclass(kind, Invalid):
        return kind(body.what, body.next, lines=body.lines, **body.params)
    return kind(body.what, body.next, **body.params)


def protocol_problem(client: int, engine: int) -> Problem:
    """Says which side is older and what to do about it."""
    return Problem(
        N_("This opsconsole speaks protocol {client}, the engine speaks {engine}."),
        N_("Leave this older opsconsole and start it again.")
        if client < engine
        else N_("The engine is older: restart it with `opsconsole engine --replace`."),
        client=client,
        engine=engine,
    )


def _param(value: object) -> Param:
    return value if isinstance(value, str | int | float | bool) or value is None else safe_text(str(value))

"""Projections of the events of this room: proofs and stages, OPD that are counted, problems, instructions.

Times are milliseconds since the epoch, UTC; days are written ``2026-11-24``, in the office's zone.
"""

from sqlmodel import Field, SQLModel


class ProofRow(SQLModel, table=True):
    """How a proof of an application stands: it holds since a day, or it stopped or was voided on it."""

    __tablename__ = "integration_proof"

    application: str = Field(primary_key=True)
    proof: str = Field(primary_key=True)
    proven: bool
    since: str
    document: str
    until: str


class StageRow(SQLModel, table=True):
    """The stage of an application since a day."""

    __tablename__ = "integration_stage"

    application: str = Field(primary_key=True)
    stage: int
    since: str


class CountedOpdRow(SQLModel, table=True):
    """Since when an OPD has a measure, or has it no longer; ``stopped`` is when its proof was gone."""

    __tablename__ = "integration_opd"

    opd: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    counted: bool
    since: str
    stopped: str


class UsageRow(SQLModel, table=True):
    """How many log-ins an application had in a quarter (``2026-Q3``), and who says so."""

    __tablename__ = "integration_usage"

    application: str = Field(primary_key=True)
    quarter: str = Field(primary_key=True)
    count: int
    source: str
    how: str


class EvaluationRow(SQLModel, table=True):
    """When everything was looked over last; one row."""

    __tablename__ = "integration_evaluation"

    id: int = Field(primary_key=True)
    at: int
    day: str


class ProblemRow(SQLModel, table=True):
    """One entry of the problem register: JSON of `client.problem_register.KnownProblem`.

    ``key`` is its id in road.toml, empty for one that was added by command.
    """

    __tablename__ = "problem"

    number: int = Field(primary_key=True)
    key: str
    status: str
    opd: str
    body: bytes


class InstructionRow(SQLModel, table=True):
    """One instruction: JSON of `client.instructions.Instruction`. ``opd`` is also that of a person's."""

    __tablename__ = "instruction"

    number: int = Field(primary_key=True)
    status: str
    opd: str
    due: str
    body: bytes

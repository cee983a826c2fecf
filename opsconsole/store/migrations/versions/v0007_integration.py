"""Stages, problems and instructions."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "integration_proof",
        *_keys("application", "proof"),
        sa.Column("proven", sa.Boolean(), nullable=False),
        *_texts("since", "document", "until"),
    )
    op.create_table("integration_stage", *_keys("application"), *_numbers("stage"), *_texts("since"))
    op.create_table(
        "integration_opd",
        *_keys("opd", "measure"),
        sa.Column("counted", sa.Boolean(), nullable=False),
        *_texts("since", "stopped"),
    )
    op.create_table("integration_evaluation", _number_key("id"), *_numbers("at"), *_texts("day"))
    op.create_table(
        "integration_usage", *_keys("application", "quarter"), *_numbers("count"), *_texts("source", "how")
    )
    op.create_table("problem", _number_key("number"), *_texts("key", "status", "opd"), _body())
    op.create_table("instruction", _number_key("number"), *_texts("status", "opd", "due"), _body())


def _keys(*names: str) -> Iterable["sa.Column[Any]"]:
    return [sa.Column(name, sa.String(), primary_key=True) for name in names]


def _body() -> "sa.Column[Any]":
    return sa.Column("body", sa.LargeBinary(), nullable=False)


def _number_key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Integer(), primary_key=True)


def _texts(*names: str) -> Iterable["sa.Column[Any]"]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _numbers(*names: str) -> Iterable["sa.Column[Any]"]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]

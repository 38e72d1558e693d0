"""What sort of thing somebody asks for."""

from enum import StrEnum


class Kind(StrEnum):
    RERUN = "rerun"
    ACCESS = "access"
    QUESTION = "question"
    INCIDENT = "incident"
    OTHER = "other"

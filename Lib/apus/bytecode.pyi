from collections.abc import Iterable
from types import CodeType
from typing import Any

__all__ = ["Body", "Instruction", "Label"]

_Positions = tuple[int | None, int | None, int | None, int | None]

class Label: ...

class Instruction:
    name: str
    arg: Any
    positions: _Positions | None
    def __init__(
        self, name: str, arg: Any = None, line: int | None = None, positions: _Positions | None = None
    ) -> None: ...
    @property
    def opcode(self) -> int: ...
    @property
    def is_jump(self) -> bool: ...
    @property
    def line(self) -> int | None: ...
    @line.setter
    def line(self, value: int | None) -> None: ...
    def __eq__(self, other: object) -> bool: ...
    __hash__: None  # type: ignore[assignment]

class Body(list[Instruction | Label]):
    template: CodeType
    consts: list[Any]
    names: list[str]
    varnames: list[str]
    cellvars: list[str]
    freevars: list[str]
    name: str
    filename: str
    firstlineno: int
    flags: int
    def __init__(self, items: Iterable[Instruction | Label] = (), *, template: CodeType | None = None) -> None: ...
    @classmethod
    def from_code(cls, code: CodeType) -> Body: ...
    def to_code(self) -> CodeType: ...

from collections.abc import Iterable
from types import CodeType
from typing import Any

class Label: ...

class Instruction:
    name: str
    arg: Any
    line: int | None
    positions: Any
    def __init__(self, name: str, arg: Any = None, line: int | None = None, positions: Any = None) -> None: ...
    @property
    def opcode(self) -> int: ...
    @property
    def is_jump(self) -> bool: ...

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

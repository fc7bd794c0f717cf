from collections.abc import Callable
from types import CodeType
from typing import Any, Literal, NamedTuple

__all__ = ["Count", "Profile", "profile"]

class Count(NamedTuple):
    runs: int
    time: int
    allocations: int
    def plus(self, runs: int, time: int, allocations: int) -> Count: ...

class Profile:
    unit: Literal["cycles", "ns"]
    counts_allocations: bool
    result: Any
    opcodes: dict[str, Count]
    pairs: dict[tuple[str, str], int]
    lines: dict[tuple[str, int | None], Count]
    instructions: dict[CodeType, dict[int, Count]]
    def __init__(self, counts: tuple[Any, ...], result: Any = None) -> None: ...
    @property
    def total(self) -> Count: ...
    def as_dict(self) -> dict[str, Any]: ...
    def report(self, most: int = 20) -> str: ...

def profile(function: Callable[..., object], /, *args: Any, **keywords: Any) -> Profile: ...

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_T = TypeVar('_T')

class Step:
    frame: int
    function: str
    line: int | None
    offset: int
    name: str
    argument: str
    before: list[tuple[str, int | None]]
    after: list[tuple[str, int | None]]
    blocks: list[tuple[str, int, int]]
    time: int
    @property
    def depth(self) -> int: ...
    def as_dict(self) -> dict[str, Any]: ...

def trace(function: Callable[..., _T], *args: Any, report: Callable[[Step], object] | None = None,
          limit: int | None = None, **keywords: Any) -> tuple[_T, list[Step]]: ...
def profile(function: Callable[..., object], *args: Any, **keywords: Any) -> dict[str, tuple[int, int]]: ...
def run(path: str, arguments: Sequence[str] = (), *, report: Callable[[Step], object], limit: int | None = None,
        everything: bool = False) -> None: ...

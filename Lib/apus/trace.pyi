from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Literal, Protocol, TypeVar

__all__ = ["Step", "Tracer", "Writer", "run", "trace"]

_T = TypeVar("_T")
_Stack = list[tuple[str, int | None]]

class _Stream(Protocol):
    def write(self, text: str, /) -> object: ...

class Step:
    thread: int
    frame: int
    function: str
    file: str
    line: int | None
    offset: int
    opcode: int
    name: str
    arg: int | None
    argument: str
    before: _Stack
    after: _Stack | None
    blocks: list[tuple[str, int, int]]
    stamp: int
    time: int
    def __init__(self, **values: Any) -> None: ...
    @property
    def depth(self) -> int | None: ...
    def as_dict(self) -> dict[str, Any]: ...

class Tracer:
    report: Callable[[Step], object]
    wanted: Callable[[FrameType], bool]
    limit: int | None
    count: int
    def __init__(
        self, report: Callable[[Step], object], wanted: Callable[[FrameType], bool], limit: int | None = None
    ) -> None: ...
    @property
    def is_exhausted(self) -> bool: ...
    def __call__(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None: ...
    def finish(self) -> None: ...

class Writer:
    stream: _Stream
    format: Literal["text", "json"]
    stamps: bool
    def __init__(
        self, stream: _Stream, format: Literal["text", "json"] = "text", stamps: bool = False
    ) -> None: ...
    def __call__(self, step: Step) -> None: ...

def trace(
    function: Callable[..., _T],
    /,
    *args: Any,
    report: Callable[[Step], object] | None = None,
    limit: int | None = None,
    everything: bool = False,
    **keywords: Any,
) -> tuple[_T, list[Step]]: ...
def run(
    path: str,
    arguments: Sequence[str] = (),
    *,
    report: Callable[[Step], object],
    limit: int | None = None,
    everything: bool = False,
) -> None: ...

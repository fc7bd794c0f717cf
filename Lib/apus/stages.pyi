from collections.abc import Callable
from types import CodeType
from typing import Any, Literal

__all__ = ["STAGES", "quickened", "show", "symbols", "tokens", "tree", "wordcode"]

_Source = str | bytes
_Code = CodeType | Callable[..., object]

STAGES: tuple[str, ...]

def tokens(source: _Source) -> list[dict[str, Any]]: ...
def tree(source: _Source, filename: str = "<string>") -> dict[str, Any]: ...
def symbols(source: _Source, filename: str = "<string>") -> dict[str, Any]: ...
def wordcode(source: _Source | _Code, filename: str = "<string>") -> dict[str, Any]: ...
def quickened(source: _Source | _Code, filename: str = "<string>") -> dict[str, Any]: ...
def show(
    stage: Literal["tokens", "ast", "symtable", "wordcode", "quickened"],
    source: _Source | _Code,
    filename: str = "<string>",
    *,
    format: Literal["text", "json"] = "text",
) -> str: ...

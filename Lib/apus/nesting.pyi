from typing import TypedDict

__all__ = ["runtime"]

class _Frame(TypedDict):
    function: str
    file: str
    line: int | None
    offset: int
    instruction: str | None
    loop: int

class _Thread(TypedDict):
    id: int
    native_id: int
    number: int
    name: str | None
    holds_lock: bool
    traced: bool
    frames: list[_Frame]

class _Interpreter(TypedDict):
    id: int
    modules: int
    threads: list[_Thread]

class _Runtime(TypedDict):
    name: str
    version: str
    switch_interval: float
    interpreters: list[_Interpreter]

class _Nesting(TypedDict):
    runtime: _Runtime

def runtime() -> _Nesting: ...

from typing import Any

from .trace import Step as Step, profile as profile, trace as trace

def runtime() -> dict[str, Any]: ...

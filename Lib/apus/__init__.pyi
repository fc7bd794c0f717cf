from .counts import Count as Count, Profile as Profile, profile as profile
from .memory import layers as layers
from .nesting import runtime as runtime
from .stages import STAGES as STAGES, show as show
from .trace import Step as Step, trace as trace

__all__ = ["Count", "Profile", "STAGES", "Step", "layers", "profile", "runtime", "show", "trace"]

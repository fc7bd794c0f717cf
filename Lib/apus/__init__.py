"""The machine made visible: what the compiler makes of a program, and what the interpreter does with it.

    show(stage, source)      tokens, ast, symtable, wordcode, quickened: `apus --show STAGE PROGRAM`
    trace(function, ...)     each instruction with the value stack: `apus --trace PROGRAM`
    profile(function, ...)   counts of instructions, pairs, time, memory: `apus --profile-opcodes PROGRAM`
    runtime()                the nesting of interpreters, threads and frames
    layers()                 the layers of memory and their bytes
    bytecode                 code objects as lists of instructions, and back
"""
from .counts import Count, Profile, profile
from .memory import layers
from .nesting import runtime
from .stages import STAGES, show
from .trace import Step, trace

__all__ = ['Count', 'Profile', 'STAGES', 'Step', 'layers', 'profile', 'runtime', 'show', 'trace']

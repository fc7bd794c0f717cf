# command: -W default end_gc_garbage.py
"""gc.garbage at the end is reported as a ResourceWarning."""
import gc
gc.set_debug(gc.DEBUG_SAVEALL)
class A: pass
a = A(); a.me = a; del a
gc.collect()
gc.set_debug(0)

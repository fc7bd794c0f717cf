"""tracemalloc: traces of blocks, sizes, limits, filters."""
import tracemalloc


def describe(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def make():
    return bytes(100_000)


for count in (0, -1, 70_000):
    print(describe(lambda: tracemalloc.start(count)))
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(make()))
tracemalloc.start(3)
kept = [make() for _ in range(4)]
trace = tracemalloc.get_object_traceback(kept[0])
print([frame.lineno for frame in trace], tracemalloc.get_traceback_limit())
now, peak = tracemalloc.get_traced_memory()
print(now >= 400_000, peak >= now, tracemalloc.get_tracemalloc_memory() > 0)
first = tracemalloc.take_snapshot()
top = first.statistics("lineno")[0]
print(top.count, top.size >= 400_000, top.traceback[0].lineno)
del kept[1:]
second = tracemalloc.take_snapshot()
difference = second.compare_to(first, "lineno")[0]
print(difference.count_diff, difference.size_diff < -290_000)
print(tracemalloc.get_traced_memory()[0] < now)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < peak)
tracemalloc.clear_traces()
print(tracemalloc.get_object_traceback(kept[0]))
tracemalloc.stop()
print(tracemalloc.is_tracing(), describe(tracemalloc.take_snapshot))

"""_queue.SimpleQueue: order, blocking, errors."""
import _queue
import queue
import threading
import time


def describe(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__module__}.{type(error).__name__}: {error}"


q = queue.SimpleQueue()
print(type(q), q.empty(), q.qsize(), queue.Empty is _queue.Empty)
for i in range(100):
    q.put(i)
print([q.get() for _ in range(100)] == list(range(100)), q.empty())
for call in (
    lambda: q.get(timeout=-1), lambda: q.get(block=False), q.get_nowait, lambda: q.get(True, "x"),
    lambda: q.get(True, 0), lambda: q.get(True, 1e20), lambda: queue.SimpleQueue(1),
    lambda: q.get(timeout=0.01), lambda: q.put(), lambda: q.put(1, timeout="anything"),
):
    print(describe(call))
print(q.get())


def produce():
    for i in range(5):
        time.sleep(0.001)
        q.put(i)


thread = threading.Thread(target=produce)
thread.start()
print([q.get() for _ in range(5)], [q.get(timeout=1) for _ in range(0)])
thread.join()
print(queue.SimpleQueue[int])

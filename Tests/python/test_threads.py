# Threads, locks and the GIL.
import _thread
import sys
import threading
import time
from _run import error, main



def test_threads_run():
    out = []
    t = threading.Thread(target=out.append, args=(1,))
    t.start()
    t.join()
    assert repr((out, t.is_alive())) == "([1], False)"
    assert error(lambda: t.start()) == "RuntimeError: threads can only be started once"


def test_many_threads_add_up():
    total = 0
    lock = threading.Lock()
    def work():
        global total
        for _ in range(1000):
            with lock: total += 1
    def run():
        global total
        total = 0
        ts = [threading.Thread(target=work) for _ in range(4)]
        for t in ts: t.start()
        for t in ts: t.join()
        return total
    assert run() == 4000


def test_lock():
    l = _thread.allocate_lock()
    assert ((l.acquire(), l.locked(), l.acquire(False), l.acquire(timeout=0.01), l.release(), l.locked())
            == (True, True, False, False, None, False))
    assert error(lambda: l.release()) == "RuntimeError: release unlocked lock"
    assert (error(lambda: l.acquire(True, -2))
            == "ValueError: timeout value must be a non-negative number")
    assert (error(lambda: l.acquire(False, 1))
            == "ValueError: can't specify a timeout for a non-blocking call")
    with l: r = l.locked()
    assert r is True


def test_reentrant_lock():
    l = threading.RLock()
    assert (l.acquire(), l.acquire(), l.release(), l.release()) == (True, True, None, None)
    assert error(lambda: l.release()) == "RuntimeError: cannot release un-acquired lock"


def test_condition_and_semaphore():
    c = threading.Condition()
    items = []
    def consumer():
        with c:
            while not items: c.wait()
            got.append(items.pop())
    got = []
    t = threading.Thread(target=consumer)
    t.start()
    with c:
        items.append('x')
        c.notify()
    t.join()
    assert got == ["x"]
    s = threading.Semaphore(1)
    assert ((s.acquire(), s.acquire(blocking=False), s.release(), s.acquire())
            == (True, False, None, True))


def test_events_and_barriers():
    e = threading.Event()
    threading.Thread(target=e.set).start()
    assert (e.wait(5), e.is_set()) == (True, True)
    b = threading.Barrier(2)
    r = []
    t = threading.Thread(target=lambda: r.append(b.wait(5)))
    t.start()
    r.append(b.wait(5))
    t.join()
    assert sorted(r) == [0, 1]


def test_thread_local():
    l = threading.local()
    l.v = 'main'
    seen = []
    def f():
        seen.append(hasattr(l, 'v'))
        l.v = 'thread'
    t = threading.Thread(target=f)
    t.start()
    t.join()
    assert repr((seen, l.v)) == "([False], 'main')"


def test_exception_in_thread():
    caught = []
    old = threading.excepthook
    threading.excepthook = lambda a: caught.append((a.exc_type.__name__, str(a.exc_value)))
    t = threading.Thread(target=lambda: 1 / 0)
    t.start()
    t.join()
    threading.excepthook = old
    assert caught == [("ZeroDivisionError", "division by zero")]


def test_start_new_thread():
    done = []
    l = _thread.allocate_lock()
    l.acquire()
    def f(a, b=0):
        done.append((a, b))
        l.release()
    i = _thread.start_new_thread(f, (1,), {'b': 2})
    l.acquire()
    assert (done, type(i).__name__) == ([(1, 2)], "int")
    assert error(lambda: _thread.start_new_thread(5, ())) == "TypeError: first arg must be callable"
    assert error(lambda: _thread.start_new_thread(f, 5)) == "TypeError: 2nd arg must be a tuple"


def test_identities():
    assert (threading.current_thread() is threading.main_thread()) is True
    assert (threading.get_ident() == _thread.get_ident()) is True
    ids = []
    t = threading.Thread(target=lambda: ids.append(threading.get_ident()))
    t.start()
    t.join()
    assert threading.active_count() == 1


def test_two_busy_threads_alternate():
    def run():
        ts = [threading.Thread(target=g, args=(n,)) for n in (1, 2)]
        for t in ts: t.start()
        limit = time.monotonic() + 5
        while len(mine) < 10 and time.monotonic() < limit: time.sleep(0.01)
        flag.append(1)
        for t in ts: t.join()
        return len(mine) >= 10
    mine, flag = [], []
    def g(n):
        while not flag:
            if not mine or mine[-1] != n: mine.append(n)
    assert run() is True


def test_the_switch_interval_decides_how_often_threads_alternate():
    def seconds_for_turns(interval, count):
        sys.setswitchinterval(interval)
        order = []
        def work(number):
            while len(order) < count:
                if not order or order[-1] != number:
                    order.append(number)
        threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - start
    usual = sys.getswitchinterval()
    try:
        # Who waits asks for the lock after the interval, so a turn takes that long at least.
        seldom = seconds_for_turns(0.2, 5)
        often = min(seconds_for_turns(0.001, 5) for _ in range(3))
    finally:
        sys.setswitchinterval(usual)
    assert seldom > 0.6 and often < seldom, (often, seldom)


def test_threads_share_the_modules():
    seen = []
    def look():
        import test_threads_marker
        seen.append((sys.modules is modules, test_threads_marker is marker, sys.path is path))
    modules, path, marker = sys.modules, sys.path, type(sys)('test_threads_marker')
    sys.modules['test_threads_marker'] = marker
    try:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    finally:
        del sys.modules['test_threads_marker']
    assert seen == [(True, True, True)]


def test_interrupt_main():
    def run():
        thread = threading.Thread(target=_thread.interrupt_main)
        try:
            thread.start()
            limit = time.monotonic() + 5
            while time.monotonic() < limit: pass
        except KeyboardInterrupt:
            return True
        finally:
            thread.join()
    assert run() is True


def test_daemon_and_names():
    t = threading.Thread(name='worker', daemon=True, target=lambda: None)
    assert (t.name, t.daemon, t.ident) == ("worker", True, None)
    t.start()
    t.join()
    assert (t.ident is not None) is True


def test_generators_shared_by_threads():
    def g():
        for i in range(3): yield i
    it = g()
    out = []
    def f(): out.append(next(it))
    for _ in range(3):
        t = threading.Thread(target=f)
        t.start()
        t.join()
    assert out == [0, 1, 2]


def test_timers():
    r = []
    t = threading.Timer(0.01, r.append, ('fired',))
    t.start()
    t.join()
    assert r == ["fired"]
    t = threading.Timer(10, r.append, ('never',))
    t.start()
    t.cancel()
    t.join()
    assert r == ["fired"]


main(globals())

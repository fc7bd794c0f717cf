# Tracing of all threads at once.
import sys
import threading
from _run import error, main


def test_trace_and_profile_all_threads():
    started, done = threading.Event(), threading.Event()
    seen = set()

    def called():
        pass

    def work():
        started.set()
        while not done.wait(0.001):
            called()
        called()

    def tracer(frame, event, argument):
        seen.add((threading.get_ident(), frame.f_code.co_name))

    for switch in (threading.settrace_all_threads, threading.setprofile_all_threads):
        started.clear(), done.clear(), seen.clear()
        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        ident = thread.ident
        switch(tracer)
        try:
            for _ in range(2000):
                if (ident, "called") in seen:
                    break
                done.wait(0.001)
            assert (ident, "called") in seen
        finally:
            switch(None)
            done.set()
            thread.join()
        assert sys.gettrace() is None and sys.getprofile() is None


main(globals())

"""Threads that are no daemons are waited for before the exit functions run, last one first."""
import atexit, sys, threading, time
atexit.register(print, "registered first")
def again(): atexit.register(print, "registered at the end"); print("registered second")
atexit.register(again)
def fails(): raise ValueError("in an exit function")
atexit.register(fails)
def leaves(): sys.exit(5)
atexit.register(leaves)
def work():
    time.sleep(0.1)
    print("thread is done")
    atexit.register(print, "registered by the thread")
threading.Thread(target=work).start()
threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
class Late:
    def __del__(self): print("finaliser", sys is not None)
late = Late()
print("end of the program")

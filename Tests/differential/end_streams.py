"""Output that is written late, and streams that are replaced or closed."""
import sys, atexit, io
class Tee:
    def __init__(self, stream): self.stream = stream
    def write(self, text): return self.stream.write("[%s]" % text)
    def flush(self): self.stream.write("<flush>"); self.stream.flush()
sys.stdout = Tee(sys.stdout)
class Late:
    def __del__(self): print("late")
late = Late()
sys.late = Late()
atexit.register(print, "atexit")
f = open("/dev/null", "w"); f.write("x")
sys.stderr.write("error text\n")

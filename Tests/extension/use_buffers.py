# Memory shared with C.
import array
import buffers
from buffers import Grid, contiguous, describe, fill, gather, item, view_of_memory, view_of_object


def show(function, *args):
    try:
        return repr(function(*args))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


flags = {name: value for name, value in vars(buffers).items() if name.startswith("PyBUF_")}
print(flags, buffers.sizes())
class Exporter:
    def __init__(self):
        self.log = []
    def __buffer__(self, flags):
        self.log.append(flags)
        return memoryview(b"from Python")
    def __release_buffer__(self, view):
        self.log.append("released")
exporter = Exporter()
objects = [b"bytes", bytearray(b"ab"), array.array("d", [1, 2]), memoryview(b"abcdef")[::2], memoryview(b"abcdef").cast("h"),
           memoryview(bytearray(12)).cast("B", (3, 4)), Grid(2, 3), Grid(2, 3, 1), Grid(3, 1, 2), "text", 5, exporter]
for value in objects:
    for name, flag in flags.items():
        print(type(value).__name__, name, show(describe, value, flag))
print(exporter.log)
for order in "CFA":
    for value in objects[:9]:
        print(order, type(value).__name__, show(gather, value, order))

grid = Grid(2, 3)
view = memoryview(grid)
print(view.shape, view.strides, view.format, view.tolist(), view.readonly, view.obj is grid, grid.exports)
view[1, 2] = 50
print(item(grid, 1, 2), item(grid, 1, 2), view[1, 2], grid.exports, view == view, view.c_contiguous)
other = view.cast("B")
print(bytes(other[:4]), grid.exports)
other.release()
view.release()
print(grid.exports, show(view.tolist))
grid.locked = True
print(show(memoryview, grid), show(bytes, grid), show(describe, grid, 0))
grid.locked = False
print(bytes(grid)[:8], bytes(Grid(2, 2, 1)), bytearray(Grid(1, 2)), b"".join([Grid(1, 1), b"x"]))
print(show(Grid, 5, 6), show(setattr, grid, "exports", 1), show(lambda: grid.locked), Grid.__text_signature__, Grid.__doc__)
class Wide(Grid):
    def __buffer__(self, flags):
        return super().__buffer__(flags)
wide = Wide(1, 2)
print(describe(wide, buffers.PyBUF_FULL), memoryview(wide).tolist(), wide.exports)

target = bytearray(4)
fill(target, 65)
print(target, show(fill, b"fixed", 65), show(fill, 5, 65))
fill(grid, 1)
print(memoryview(grid).tolist())
with view_of_memory(True) as memory:
    memory[0:6] = b"MEMORY"
print(bytes(view_of_memory(False)), view_of_memory(False).readonly, show(view_of_memory(False).__setitem__, 0, 1))
print(bytes(view_of_object(b"xyz")), show(view_of_object, "text"))
for value in Grid(2, 2), Grid(2, 2, 1), b"abc", memoryview(b"abcdef")[::2]:
    print(show(lambda: contiguous(value, "C").tolist()), show(lambda: contiguous(value, "F").tolist()))

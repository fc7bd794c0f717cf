# command: -X no_debug_ranges option_no_debug_ranges.py
def positions():
    return set((line == end, column, end_column)
               for line, end, column, end_column in positions.__code__.co_positions() if line is not None)


print(positions())
namespace = {}
exec(compile("def inner(a):\n    return (a.b +\n            1)\n", "<x>", "exec"), namespace)
print(sorted({place[2:] for place in namespace["inner"].__code__.co_positions()}))
namespace["inner"](0)

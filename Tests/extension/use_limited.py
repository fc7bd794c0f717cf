# A module of the stable ABI.
import gc
import limited
import weakref
from limited import Registry, total

print(limited.__file__.rpartition("limited")[2], limited.__doc__, limited.version())
names = Registry()
names["a"] = 1
names["b"] = names
print(len(names), names["a"], list(names), names["b"] is names)
del names["a"]
for action in lambda: names["a"], lambda: names.__delitem__("z"), lambda: total(5), lambda: total(["x"]), lambda: Registry.missing:
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
class Own(Registry):
    pass
own = Own()
own["self"] = own
watch = weakref.ref(own)
del own, names
gc.collect()
print(watch(), total([1, 2.5, 3]), total(()), total(range(5)))

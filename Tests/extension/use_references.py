# Reference counts as C sees them.
import sys
import references

print(references.KIND, references.METH_O, references.__doc__)
print(references.changes.__doc__, references.changes.__text_signature__)
print(references.__name__, references.__spec__.loader.__class__.__name__)

class Thing:
    pass

for statement, change in references.changes(Thing(), Thing()):
    print("%-45s %+d" % (statement, change))
print(references.immortals())

thing = Thing()
for value in thing, [], "some text of its own".upper(), 10**20, 1.5 * len("ab"):
    before = sys.getrefcount(value)
    others = [value] * 5
    print(type(value).__name__, sys.getrefcount(value) - before, references.count(value) == sys.getrefcount(value))

# Py_CLEAR and Py_SETREF take the old object out before they let go of it.
class Last:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("end of", self.name, "while holding", getattr(references.peek(), "name", None))

references.hold(Last("first"))
references.hold(Last("second"))
references.clear()
references.clear()

print(references.identities(None), references.identities(True), references.identities(False), references.identities(3))
print(references.constants())
try:
    references.unknown_constant()
except SystemError as error:
    print(type(error).__name__, str(error).rpartition(": ")[2])
for value in None, 1, 2**70, "a", [], print, Thing, thing, sys:
    kept, kind = references.head(value)
    print(kept, kind is type(value))

# "Did you mean": for names, attributes, imports and keyword arguments; where there is none, too.
import collections, enum, re, traceback, types

class Plain:
    first, second_value, _private, üben = 1, 2, 3, 4
    def method(self): return metod
    def attribute(self): return second
    def class_name(self): return Plan
    @property
    def broken(self): return self.frist
    @classmethod
    def made(cls): return cls.frst
    @staticmethod
    def loose(): return metho

class Slots: __slots__ = ("alpha", "beta")
class Dynamic:
    def __getattr__(self, name): raise AttributeError(name)
class Wrong:
    def __dir__(self): raise ValueError("dir")
class Mixed:
    def __dir__(self): return ["abc", 1, None, "abd"]
class Same:
    aaaa = aaab = aaac = 1
class Colour(enum.Enum): RED = 1
Point = collections.namedtuple("Point", "abscissa ordinate")

def local_name():
    variable_name = 1
    return variabel_name
def closure():
    outer_name = 1
    def inner(): return outer_name, outr_name
    return inner()
def deleted():
    value = 1
    del value
    return value
def keyword(first_argument, *, second_argument=1): pass
def by_import(text): exec(text, {})

CASES = [
    lambda: Plain().frist, lambda: Plain().secondvalue, lambda: Plain().private, lambda: Plain()._privat, lambda: Plain().method(),
    lambda: Plain().attribute(), lambda: Plain().class_name(), lambda: Plain().broken, lambda: Plain.made(), lambda: Plain.loose(),
    lambda: Plain().uben, lambda: Plain().x, lambda: Plain().firstfirstfirst, lambda: Plain().FIRST, lambda: Plain.__nam__, lambda: Plain().__clas__,
    lambda: Slots().alfa, lambda: setattr(Slots(), "alhpa", 1), lambda: Slots().beta, lambda: delattr(Plain(), "frst"), lambda: Dynamic().anything,
    lambda: Wrong().abc, lambda: Mixed().abe, lambda: Same().aaad, lambda: Colour.REDD, lambda: Point(1, 2).absissa, lambda: Point(absissa=1, ordinate=2),
    local_name, closure, deleted, lambda: keyword(frist_argument=1), lambda: keyword(1, second_argumnt=2), lambda: keyword(1, completely_other=2),
    lambda: pritn(1), lambda: lenn, lambda: Tru, lambda: Noen, lambda: rnage(3), lambda: sys, lambda: jsn, lambda: math.pi, lambda: foo_bar_baz, lambda: _,
    lambda: collections.OrderedDcit, lambda: types.FunctonType, lambda: traceback.prnt_exc, lambda: [].appnd(1), lambda: "".startwith("a"), lambda: (1).bit_lenght(),
    lambda: {}.itmes(), lambda: None.foo, lambda: (lambda: 0).__cod__, lambda: int.from_byte(b"a"), lambda: ValueError().ad_note("x"),
    lambda: by_import("from collections import OrderedDcit"), lambda: by_import("from os import pth"), lambda: by_import("import colections"),
    lambda: by_import("from collections.abd import Mapping"), lambda: by_import("from math import sinn, cos"), lambda: by_import("import os.pathh"),
    lambda: by_import("from . import x"), lambda: by_import("from json import nothing_like_it"), lambda: by_import("x = 1\nprint(y)"),
    lambda: by_import("class A:\n  alpha = 1\n  print(alhpa)"), lambda: by_import("def f():\n  global zeta_value\n  zeta_valeu\nf()"),
    lambda: int("a", bas=3), lambda: sorted([], revers=1), lambda: print(1, ende=""), lambda: open("x", encodin="a"), lambda: dict().get(key=1), lambda: max(1, 2, kee=1),
    lambda: "a b".split(seperator=" "), lambda: collections.deque(maxlenn=1), lambda: enumerate([], begin=1), lambda: Plain(frist=1), lambda: [x for x in rang(3)],
    lambda: eval("undefned", {"undefined": 1}), lambda: eval("pritn", {"__builtins__": {"print": 1}}), lambda: eval("x.abd", {"x": types.SimpleNamespace(abc=1)}),
]
for number, case in enumerate(CASES):
    try:
        case()
        print(number, "nothing")
    except Exception as error:
        print(number, re.sub(r" \(/[^)]*\)", " (file)", traceback.format_exception_only(error)[-1].strip()))

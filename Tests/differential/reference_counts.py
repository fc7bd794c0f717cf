"""sys.getrefcount at many program points."""
import sys
R = sys.getrefcount
IMMORTAL = 1 << 31
def show(label, *values):
    print(label, *("immortal" if isinstance(v, int) and v > IMMORTAL else v for v in values))
number = 0
def at(*values):
    global number
    number += 1
    show("%03d" % number, *values)

class Plain: pass
class Slots: __slots__ = ("a", "b")
class Methods:
    def method(self, *args): return args
    def me(self): return self
    def count(self): return R(self)
    @classmethod
    def klass(cls): return R(cls)
    @staticmethod
    def static(x): return R(x)
    @property
    def prop(self): return R(self)
    def __getitem__(self, k): return R(self), R(k)
    def __add__(self, o): return R(self), R(o)
    def __radd__(self, o): return R(self), R(o)
    def __call__(self, *a, **k): return R(self), R(a), R(k)
    def __contains__(self, x): return R(x) > 3
    def __len__(self): return 3
    def __iter__(self): yield R(self)
    def __enter__(self): return self
    def __exit__(self, *e): pass
    def __eq__(self, o): return (R(self), R(o))
    def __hash__(self): return 1
    def __getattr__(self, n): return R(n) > 0, R(self)
    def __neg__(self): return R(self)

# singletons and caches
at(R(None)); at(R(True)); at(R(False)); at(R(...)); at(R(NotImplemented)); at(R(())); at(R("")); at(R(b"")); at(R("a")); at(R(b"a"))
at(R(0)); at(R(256)); at(R(-5)); at(R(int)); at(R(object)); at(R(type)); at(R(Exception)); at(R(frozenset())>0)
# fresh temporaries
at(R(object())); at(R([])); at(R({})); at(R(set())); at(R([1, 2])); at(R(1.5 * len("ab"))); at(R(10 ** 20 + len("a"))); at(R("x" * len("abc")))
at(R(Plain())); at(R(Slots())); at(R(Methods())); at(R(lambda: 0)); at(R(range(3))); at(R(slice(1, 2))); at(R(iter([]))); at(R(x for x in ())); at(R(bytearray())); at(R(memoryview(b"ab")))
at(R(Methods().method)); at(R([].append)); at(R(Plain.__init__)); at(R(Methods.method)); at(R({}.keys())); at(R(type("T", (), {})) > 3)
at(R((len("a"), 2))); at(R([*range(3)])); at(R({**{}})); at(R({1: 2}.items())); at(R("a b".split())); at(R(str(12345))); at(R(complex(1, 2) * 2)); at(R(divmod(1000, 7)))
at(R(f"{len('abc')}xyz")); at(R("%s-%s" % (1, 2))); at(R(b"abc" + b"def"[:len("ab")])); at(R(int("12345678901234567890")))
# variables
a = object(); at(R(a)); b = a; at(R(a)); c = [a]; at(R(a)); d = (a, a); at(R(a)); e = {"k": a}; at(R(a)); f = {a}; at(R(a)); del b; at(R(a)); c.clear(); at(R(a)); del d; at(R(a)); e["k"] = None; at(R(a)); f.discard(a); at(R(a))
g = [a] * 5; at(R(a), R(g)); g2 = g[:]; at(R(a)); g3 = list(g); at(R(a)); g4 = tuple(g); at(R(a)); g.pop(); at(R(a)); del g[0]; at(R(a)); g.remove(a); at(R(a)); g.extend(g); at(R(a)); g += [a]; at(R(a)); g[0:2] = []; at(R(a)); del g, g2, g3, g4; at(R(a))
h = dict.fromkeys(range(5), a); at(R(a)); h2 = h.copy(); at(R(a)); h3 = {**h}; at(R(a)); h.popitem(); at(R(a)); h.pop(0); at(R(a)); h.update(h2); at(R(a)); h |= h3; at(R(a)); h.setdefault(99, a); at(R(a)); h.setdefault(99, a); at(R(a)); del h, h2, h3; at(R(a))
i = zip([a], [a]); at(R(a)); j = next(i); at(R(a)); del i, j; at(R(a)); k = enumerate([a]); at(R(a)); l = next(k); at(R(a)); del k, l; at(R(a))
m = iter([a, a]); at(R(a)); n = next(m); at(R(a)); list(m); at(R(a)); del m, n; at(R(a))
o = map(lambda x: R(x), [a]); at(next(o), R(a)); del o; at(R(a)); p = filter(lambda x: at(R(x)), [a]); at(next(p, 0), R(a)); del p
at([R(x) for x in [a]], R(a)); at(*(R(x) for x in [a])); at({R(x) for x in [a]}); at({1: R(x) for x in [a]})
at(sorted([a, a], key=lambda x: R(x))[0] is a, R(a)); at(max([a], key=lambda x: R(x)) is a); at(R(max([a], key=id)))
# attributes
q = Plain(); q.x = a; at(R(a), R(q)); q.y = a; at(R(a)); at(R(q.__dict__), R(a)); z = q.__dict__; at(R(z), R(q)); del q.x; at(R(a)); q.me = q; at(R(q)); del q.me; at(R(q)); q.__dict__ = {}; at(R(a), R(z)); del z, q; at(R(a))
s = Slots(); s.a = a; at(R(a), R(s)); s.b = s.a; at(R(a)); del s.a; at(R(a)); del s; at(R(a))
Plain.attr = a; at(R(a), R(Plain)); del Plain.attr; at(R(a), R(Plain)); pp = [Plain() for _ in range(3)]; at(R(Plain)); del pp; at(R(Plain))
# calls
def one(x): return R(x)
def two(x, y): return R(x), R(y)
def default(x=a): return R(x)
def star(*args): return R(args), R(args[0]) if args else None
def kwargs(**kw): return R(kw), [R(v) for v in kw.values()]
def mixed(x, /, y, *, z): return R(x), R(y), R(z)
def local():
    x = a
    y = x
    return R(x), R(y)
def nested():
    x = object()
    def inner(): return R(x)
    return R(x), inner(), R(inner)
def cellvar():
    x = object()
    fs = [lambda: x for _ in range(3)]
    return R(x), R(fs[0].__closure__[0])
at(one(a)); at(one(object())); at(two(a, a)); at(two(object(), [])); at(default(), R(a)); at(star(a)); at(star(a, a)); at(star(*[a])); at(star(*(a,))); at(kwargs(k=a)); at(kwargs(**{"k": a})); at(mixed(a, a, z=a)); at(mixed(a, z=object(), y=[])); at(local()); at(nested()); at(cellvar())
at(R(one)); at(R(one.__code__)); at(R(one.__globals__) > 5); at(R(default.__defaults__)); at(R(mixed.__kwdefaults__)); at(R(one.__name__) > 0); at(R(one.__dict__)); at(R(nested.__code__.co_consts) > 0)
fn = one; at(R(one)); del fn; at(R(one)); def_list = [one] * 3; at(R(one)); del def_list
def ret(x): return x
at(R(ret(a))); at(R(ret(ret(a)))); at(R(ret(object()))); at(R((lambda: a)())); at(R((lambda x: x)(object())))
def rec(x, n): return R(x) if n == 0 else rec(x, n - 1)
at(rec(a, 0), rec(a, 1), rec(a, 5), rec(object(), 3))
def gen(x):
    yield R(x)
    y = x
    yield R(x)
    yield x
gg = gen(a); at(R(gg), R(a)); at(next(gg), R(a)); at(next(gg), R(a)); at(R(next(gg))); at(next(gg, None), R(a)); del gg; at(R(a))
gg = gen(object()); at(next(gg), next(gg)); gg.close(); at(R(gg)); del gg
async def co(x): return R(x)
cc = co(a); at(R(cc), R(a))
try: cc.send(None)
except StopIteration as stop: at(stop.value, R(stop))
del cc; at(R(a))
def yf(x):
    r = yield from gen(x)
    yield R(x)
at(*[v if isinstance(v, int) else R(v) for v in yf(a)], R(a))
# methods
mm = Methods(); at(R(mm)); at(mm.count()); at(Methods.count(mm)); at(mm.prop); at(R(mm.me())); bm = mm.count; at(R(mm), R(bm)); at(bm()); del bm; at(R(mm))
at(Methods.klass() > 3, Methods.static(a)); at(mm[a]); at(mm + a); at(a + mm); at(mm(a)); at(a in mm); at(list(mm)); at(mm == a); at(mm.missing); at(-mm); at(R(mm))
with mm as w: at(R(mm), R(w))
at(R(mm)); del w; at(R(mm)); at(mm.method(a) and R(a)); at(R(Methods.method)); at(R(mm.method)); at(R(mm.method.__func__)); at(R(Methods.__dict__["method"]))
at(Methods().count()); at(Methods().prop); at(Methods()[object()]); at(Methods() + object()); at(Methods()(1, 2)); at(-Methods())
import functools, operator
pt = functools.partial(one, a); at(R(a), pt(), R(pt)); del pt; at(R(a)); at(operator.itemgetter(0)([a]) is a, R(operator.itemgetter(0)([a]))); at(functools.reduce(lambda x, y: at(R(x), R(y)) or x, [a, a, a]) is a); at(R(a))
# exceptions
err = ValueError(a); at(R(a), R(err), R(err.args))
try: raise err
except ValueError as caught: at(R(caught), R(err), R(err.__traceback__))
at(R(err), R(a)); err.__traceback__ = None; at(R(err)); del err; at(R(a))
def raises(x): raise KeyError(x)
try: raises(a)
except KeyError as error:
    at(R(a), R(error)); at(R(error.__traceback__), R(error.__traceback__.tb_frame) > 1)
at(R(a))
try:
    try: raises(a)
    except KeyError: raise ValueError(a)
except ValueError as error: at(R(error), R(error.__context__), R(a))
at(R(a))
def fin(x):
    try: return x
    finally: at(R(x))
at(R(fin(a)), R(a))
def handled(x):
    try: 1 / 0
    except ZeroDivisionError as error: return R(x), R(error)
at(handled(a), R(a))
# unpacking and operators
u, v = a, a; at(R(a)); u, v = v, u; at(R(a)); (u, *v) = [a, a, a]; at(R(a), R(v)); del u, v; at(R(a)); [u, [v]] = a, [a]; at(R(a)); u = v = None; at(R(a))
if (wal := a): at(R(a))
del wal; at(R(a)); x = a if a else None; at(R(a)); x = a and a; at(R(x)); x = None or a; at(R(x)); x = not a; at(R(a)); x = a is a; at(R(a)); x = [a][0]; at(R(a)); x = (a,)[0]; at(R(a)); x = {0: a}[0]; at(R(a)); del x; at(R(a))
match [a, a]:
    case [y, z]: at(R(y), R(z))
at(R(a)); del y, z
match {"k": a}:
    case {"k": y, **rest}: at(R(y), R(rest))
del y, rest; at(R(a))
for y in [a, a]: at(R(y))
at(R(a)); del y; at(R(a))
for y in (a,): at(R(y))
for y in {0: a}.values(): at(R(y))
for y in {a}: at(R(y))
for _, y in enumerate([a]): at(R(y))
for y, _ in zip([a], [a]): at(R(y))
for _, y in {1: a}.items(): at(R(y))
for y in gen(a):
    if y is a: at(R(y))
for y in iter([a].pop, None): at(R(y)); break
for y in reversed([a]): at(R(y))
for y in map(ret, [a]): at(R(y))
del y; at(R(a)); i = 0
while i < 2: i += 1; y = a; at(R(a))
del y
# classes
class Base: pass
at(R(Base)); class_list = [Base]; at(R(Base)); del class_list
class Derived(Base): pass
at(R(Base), R(Derived)); inst = Derived(); at(R(Derived)); at(R(Derived.__mro__), R(Derived.__bases__), R(Derived.__dict__)); del Derived, inst
import gc; gc.collect(); at(R(Base))
class Meta(type): pass
class WithMeta(metaclass=Meta): pass
at(R(Meta), R(WithMeta))
class Kw: x = a
at(R(a), R(Kw)); del Kw; gc.collect(); at(R(a))
def deco(c): at(R(c)); return c
@deco
class Decorated: pass
@deco
def decorated(): pass
at(R(Decorated), R(decorated))
# weakrefs, modules, misc
import weakref
wk = Plain(); r1 = weakref.ref(wk); at(R(wk), R(r1)); r2 = weakref.ref(wk); at(R(r1)); at(R(r1())); del r2; at(R(r1)); r3 = weakref.ref(wk, one); at(R(r3), R(wk), R(one)); del r3; at(R(one)); pr = weakref.proxy(wk); at(R(pr), R(wk)); del pr, r1, wk
at(R(sys.modules["weakref"]) > 1); import types; ns = types.SimpleNamespace(x=a); at(R(ns), R(a)); del ns; at(R(a)); md = types.ModuleType("m"); md.x = a; at(R(md), R(a), R(md.__dict__)); del md; at(R(a))
import collections, itertools
dq = collections.deque([a, a]); at(R(dq), R(a)); dq.append(a); at(R(a)); dq.popleft(); at(R(a)); dq.rotate(); at(R(a)); del dq; at(R(a))
dd = collections.defaultdict(lambda: a); at(R(dd), R(dd[0]), R(a)); del dd; od = collections.OrderedDict(k=a); at(R(od), R(a)); del od; at(R(a))
ch = itertools.chain([a], [a]); at(R(next(ch)), R(a)); del ch; rp = itertools.repeat(a, 3); at(R(a), R(next(rp))); del rp; cy = itertools.cycle([a]); at(R(next(cy)), R(a)); at(R(next(cy)), R(a)); del cy; tp = itertools.product([a], [a]); at(R(next(tp)), R(a)); del tp; cb = itertools.combinations([a, a], 2); at(R(next(cb)), R(a)); del cb; te = itertools.tee([a]); at(R(next(te[0])), R(a)); at(R(next(te[1])), R(a)); del te; isl = itertools.islice([a, a], 1); at(R(next(isl)), R(a)); del isl; gb = itertools.groupby([a]); at(R(next(gb)[0])); del gb; at(R(a))
frame = sys._getframe(); at(R(frame)); del frame
def frames(x):
    f = sys._getframe()
    at(R(x), R(f), R(f.f_code) > 1); l = f.f_locals; at(R(l)); return R(x)
at(frames(a), R(a)); at(R(globals()) > 1, R(locals()) > 1); ev = eval("R(a)"); at(ev); exec("at(R(a))"); cd = compile("R(a)", "<s>", "eval"); at(R(cd), eval(cd)); del cd
s1 = "".join(["spam", "eggs"]); at(R(s1)); s2 = sys.intern(s1); at(R(s1), s1 is s2); dct = {s1: 1}; at(R(s1)); setattr(Plain, "dyn_" + "x", 1); del dct, s2; at(R(s1)); s3 = s1 + "!"; at(R(s1), R(s3)); s4 = s1[:]; at(R(s1)); s5 = str(s1); at(R(s1)); s6 = s1.strip(); at(R(s1)); s7 = s1.replace("q", "r"); at(R(s1)); s8 = f"{s1}"; at(R(s1)); s9 = "%s" % s1; at(R(s1)); del s3, s4, s5, s6, s7, s8, s9; at(R(s1))
b1 = bytes(bytearray(b"spam")); at(R(b1)); b2 = bytes(b1); at(R(b1)); b3 = b1[:]; at(R(b1)); mv = memoryview(b1); at(R(b1), R(mv)); mv2 = mv[1:]; at(R(b1), R(mv)); mv.release(); at(R(b1)); del b2, b3, mv, mv2; at(R(b1))
t1 = tuple([1, [], a]); at(R(t1), R(a)); t2 = t1[:]; at(R(t1)); t3 = tuple(t1); at(R(t1)); t4 = t1 + (); at(R(t1)); t5 = t1 * 1; at(R(t1)); t6 = t1 + (1,); at(R(a)); del t2, t3, t4, t5, t6; at(R(t1), R(a)); del t1
fs = frozenset([a]); at(R(fs), R(a)); fs2 = frozenset(fs); at(R(fs)); fs3 = fs.copy(); at(R(fs)); fs4 = fs | fs; at(R(fs), R(a)); del fs, fs2, fs3, fs4; at(R(a))
big = 10 ** 30 + len("a"); at(R(big)); big2 = int(big); at(R(big)); big3 = +big; at(R(big)); big4 = big + 0; at(R(big)); fl = float(len("abc")) / 7; at(R(fl)); fl2 = float(fl); at(R(fl)); fl3 = +fl; at(R(fl)); cx = complex(fl, 1); cx2 = complex(cx); at(R(cx)); del big, big2, big3, big4, fl, fl2, fl3, cx, cx2
lst = [a, a]; it = iter(lst); at(R(lst)); next(it); at(R(lst)); list(it); at(R(lst)); rv = reversed(lst); at(R(lst)); del rv, it; sl = slice(a, a, a); at(R(a), R(sl)); del sl; at(R(a)); lst.append(lst); at(R(lst)); lst.pop(); at(R(lst)); ls2 = lst * 2; at(R(a)); ls3 = lst + ls2; at(R(a)); ls3.sort(key=id); at(R(a)); ls3.reverse(); at(R(a)); at(ls3.index(a), ls3.count(a), R(a)); ls3.insert(0, a); at(R(a)); del lst, ls2, ls3; at(R(a))
pr = property(one, one); at(R(pr), R(one)); cm = classmethod(one); at(R(cm), R(one)); sm = staticmethod(one); at(R(one)); del pr, cm, sm; at(R(one)); su = super(Methods, mm); at(R(su), R(mm), R(Methods) > 3); del su; at(R(mm)); ga = list[int]; at(R(ga)); un = int | Plain; at(R(un)); del ga, un
class Finalized:
    def __del__(self): at(R(self))
fz = Finalized(); at(R(fz)); del fz
class Iter:
    def __iter__(self): return self
    def __next__(self): at(R(self)); raise StopIteration
list(Iter()); [*Iter()]; list(map(ret, Iter())); sum(Iter()); any(Iter()); tuple(Iter()); set(Iter()); dict(Iter()); "".join(Iter()); sorted(Iter())
for _ in Iter(): pass
class Cmp:
    def __lt__(self, o): at(R(self), R(o)); return False
    def __hash__(self): return 7
    def __eq__(self, o): at(R(self), R(o)); return False
c1, c2 = Cmp(), Cmp(); c1 < c2; sorted([c1, c2]); c1 == c2; c1 in [c2]; c1 in (c2,); {c1} & {c2}; [c1].count(c2); max(c1, c2); c1 != c2
class Fmt:
    def __str__(self): at(R(self)); return "s"
    def __repr__(self): at(R(self)); return "r"
    def __format__(self, spec): at(R(self)); return "f"
    def __bool__(self): at(R(self)); return True
    def __index__(self): at(R(self)); return 1
    def __len__(self): at(R(self)); return 1
    def __int__(self): at(R(self)); return 1
    def __float__(self): at(R(self)); return 1.0
ft = Fmt(); str(ft); repr(ft); f"{ft!r}"; bool(ft); not ft; len(ft); int(ft); float(ft); [1, 2][ft]; (1, 2)[ft]; "ab"[ft]; range(ft); [1] * ft; print(end="", file=None, sep="", *[]); hex(ft)
if ft: pass
while ft: break
at(1 if ft else 2); at(all([ft]), any([ft])); format(ft); str(Fmt()); at(R(ft))
print("points:", number)

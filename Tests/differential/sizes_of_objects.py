"""sys.getsizeof of instances, classes, exceptions, iterators and other objects of builtin types."""
import sys, types, weakref, contextvars
from sys import getsizeof as S
def show(label, *values): print(label, *values)
def f0(): pass
def f1(a,b=1,*,c=2,**k): 
    x = a
    def inner(): return x
    return inner
def gen(a,b,c):
    x = 1; y = yield a
    z = [i for i in range(3)]
    yield z
async def co(): await co()
async def ag():
    yield 1
class A: pass
class B: __slots__=('a','b')
class C(A): __slots__=()
class D(int): pass
class D2(int): __slots__=()
class E1(str): pass
class F(tuple): pass
class G(list): pass
class H(dict): pass
class I(Exception): pass
class J(float): pass
class K(bytes): pass
class M(type): pass
class N(metaclass=M): pass
class O(B): __slots__=('c','__weakref__')
class P(B): pass
class Q: __slots__=('__dict__',)
class R: __slots__=('__weakref__',)
class T(set): pass
class U(frozenset): pass
class V(bytearray): pass
class W(types.ModuleType): pass
class X:
    def __init__(self, n):
        for i in range(n): setattr(self, 'a%d'%i, i)
    def m(self): pass
    @classmethod
    def c(cls): pass
    @staticmethod
    def s(): pass
    @property
    def p(self): pass
for obj in [A(),B(),C(),D(),D(5),D(2**100),D2(3),D2(2**40),E1(),E1('abc'),E1('\u20ac'*5),F(),F((1,2)),G(),G([1]),H(),H(a=1),I(),I(1),J(),K(),K(b'abc'),N(),O(),P(),Q(),R(),T(),T([1,2]),U(),U([1]),V(),V(b'1'),W('x')]:
    show('inst', type(obj).__name__, S(obj), obj.__sizeof__())
for cls in [A,B,C,D,E1,F,G,H,I,M,N,O,P,Q,R,X,type,object,int,dict,list,Exception,OSError]:
    show('class', cls.__name__, S(cls), type(cls).__sizeof__(cls), cls.__basicsize__, cls.__itemsize__, cls.__dictoffset__, cls.__weakrefoffset__)
for n in range(0,45):
    x=X(n); s0=S(x); d=x.__dict__; show('inst dict',n,s0,S(x),S(d),S(vars(x)), S(d.copy()))
x=X(3)
y=X(5); del y.a1; show(S(y), S(y.__dict__)); y.zz=1; show(S(y.__dict__))
show('genexpr',S(x for x in range(3)))
i = iter([1])
objs = dict(function=f0, function2=f1, inner=f1(1), lam=lambda:0, method=x.m, cmethod=X.c, builtin=len, bmethod=[].append, wrapper=[].__len__, slot=list.__len__, mdesc=list.append, member=B.a, getset=type.__dict__['__name__'], cm=X.__dict__['c'], sm=X.__dict__['s'], prop=X.__dict__['p'], module=sys, cell=f1(1).__closure__[0], none=None, ell=..., ni=NotImplemented, rng=range(10), bigrng=range(2**100), sl=slice(1), lit=iter([]), tit=iter(()), sit=iter(''), sit2=iter('\u20ac'), bit=iter(b''), bait=iter(bytearray()), dit=iter({}), dvit=iter({}.values()), diit=iter({}.items()), dk={}.keys(), dv={}.values(), di={}.items(), setit=iter(set()), rit=iter(range(3)), lrit=iter(range(2**80)), rev=reversed([]), rev2=reversed(()), rev3=reversed({}), enum=enumerate([]), zp=zip(), zp3=zip([],[],[]), mp=map(f0,[]), fl=filter(None,[]), cit=iter(f0,1), sup=super(X,x), mv=memoryview(b'abc'), mv2=memoryview(b'abcd').cast('b',[2,2]), cplx=1j, flt=1.5, ga=list[int], un=int|str, mpx=type.__dict__['__dict__'].__get__(A), ns=types.SimpleNamespace(a=1), wr=weakref.ref(A), wp=weakref.proxy(A), cap=None, tb=None, frame=None, deque=None, gasl=iter(range(0)), ctx=contextvars.copy_context(), cv=contextvars.ContextVar('x'), seqit=iter(type('S',(),{'__getitem__':lambda s,i:i})()), lc=types.coroutine, TV=__import__('typing').TypeVar('T'), st=__import__('os').stat('/'), fi=sys.float_info, ver=sys.version_info, flags=sys.flags)
for k,v in objs.items(): show('obj', k, S(v))
def fr(): return sys._getframe()
show('frame', S(fr()), )
def fr2(a,b,c,d=1):
    x=y=z=1
    return sys._getframe()
show('frame2', S(fr2(1,2,3)))
show('frame live', S(sys._getframe()))
try: 1/0
except Exception as e: show('exc', S(e), S(e.__traceback__)); 
for e in [BaseException, Exception, OSError, SyntaxError, UnicodeDecodeError('a',b'',0,1,''), UnicodeEncodeError('a','',0,1,''), StopIteration, ImportError, KeyError, SystemExit, AttributeError, NameError, ExceptionGroup('a',[ValueError()]), KeyboardInterrupt, MemoryError, RecursionError, BlockingIOError, UnicodeTranslateError('',0,1,'')]:
    o = e() if isinstance(e,type) else e
    show('exc', type(o).__name__, S(o), type(o).__basicsize__)
import builtins
for space in (builtins, types):
    for name in dir(space):
        o = getattr(space, name)
        if isinstance(o, type) and name not in ("CodeType", "AsyncGeneratorType", "CoroutineType", "GeneratorType", "FrameType"):
            show(space.__name__, name, S(o), o.__basicsize__, o.__itemsize__, o.__dictoffset__, o.__weakrefoffset__)

# Arguments out of range or of wrong types: islice, deque, iterators of subclasses, buffers that fail.
import warnings
warnings.simplefilter('ignore')
from itertools import islice
import collections, array, sys
class S(str): pass
class R:
    def __buffer__(self, f): raise ZeroDivisionError("b")
class N:
    def __iter__(self): return 1
for a in ((-1,),(-5,),(-2**70,),('a',),(None,),(0,-1),(0,-5),(-1,-1),(-5,-1),('a',-1),(-1,5),(-2**70,3),('a',3),(0,'a'),(0,5,0),(0,5,-1),(0,5,'a'),(0,5,-2**70),(0,-5,0),(-1,5,0),(2**70,),(0,2**70),(0,5,2**70),(None,None,None),(1,None,0)):
    try: print(a, list(islice([1,2,3], *a)))
    except Exception as e: print(a, type(e).__name__, e)
for f in (lambda: collections.deque(None), lambda: collections.deque(iterable=None), lambda: collections.deque([1], None), lambda: collections.deque(maxlen=None), lambda: collections.deque(1, 'a'), lambda: type(iter(S('abc'))), lambda: type(iter(S('é'))), lambda: type(iter('abc')), lambda: bytearray(b'x') >= R(), lambda: bytearray(b'x').__ge__(R()), lambda: bytearray(b'x') == R(), lambda: b'x' == R(), lambda: b'x'.__lt__(R()), lambda: memoryview(b'x') == R(), lambda: array.array('b', N()), lambda: array.array('a', []), lambda: array.array('a', 'x'), lambda: array.array('b', 'x'), lambda: array.array(1), lambda: array.array('ab'), lambda: array.array('a', b'x'), lambda: array.array('b', array.array('u')), lambda: array.array('a', array.array('b')), lambda: [].__class__(N())):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)

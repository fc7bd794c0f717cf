# Operations on instances of subclasses of str and bytes that change nothing: some give the object itself.
class S(str): pass
class B(bytes): pass
class L:
    def __getitem__(self, k): return 1
for f in (lambda: S('abc') % L(), lambda: S('abc') % {}, lambda: S('abc') % (), lambda: S('a%%') % (), lambda: S('') % (), lambda: 'abc' % L(), lambda: B(b'abc') % (), lambda: B(b'abc') % L(), lambda: B(b'abc') % {}, lambda: bytearray(b'abc') % (), lambda: S('%s') % 'a', lambda: S('%s') % S('x'), lambda: '%s' % S('x'), lambda: S('abc').format(), lambda: format(S('x')), lambda: f"{S('x')}", lambda: S('x') * 1, lambda: S('x') + '', lambda: ''+S('x'), lambda: S('x').strip(), lambda: S('x')[:], lambda: S('x').join(['a']), lambda: ''.join([S('x')]), lambda: S('x').replace('a','b'), lambda: S('x').lower(), lambda: S('x').expandtabs(), lambda: S('x').ljust(1), lambda: S('x').zfill(1), lambda: S('x').translate({}), lambda: S('x').removeprefix('y'), lambda: S('x').split('y')[0], lambda: S('x').partition('y')[0], lambda: str(S('x')), lambda: S('x').casefold(), lambda: S('X').swapcase(), lambda: S('x').__str__(), lambda: S('x').__format__(''), lambda: S('x').splitlines()[0], lambda: S('x').encode(), lambda: B(b'x').strip(), lambda: B(b'x')[:], lambda: B(b'x')*1, lambda: B(b'x')+b'', lambda: b''+B(b'x'), lambda: b''.join([B(b'x')]), lambda: B(b'x').replace(b'a',b'b'), lambda: bytes(B(b'x')), lambda: B(b'x').translate(None), lambda: B(b'x').ljust(1), lambda: B(b'x').partition(b'y')[0], lambda: B(b'x').split(b'y')[0], lambda: B(b'x').expandtabs(), lambda: B(b'x').lower(), lambda: B(b'x').__bytes__(), lambda: B(b'x').removesuffix(b'y')):
    try: v=f(); print(type(v).__name__, v)
    except Exception as e: print(type(e).__name__, e)
import struct
for format in ([], 1, {}, None, S("i"), B(b"i")):
    try: print(struct.pack(format, 1))
    except Exception as e: print(type(e).__name__, e)

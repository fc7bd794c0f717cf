for src in ["'a\\ud834'", "def f():\n  '\\ud834\\ud834 \\ud800'", "class A:\n  'a\\ud834'","class A[__class__,__classdict__]: pass", "def f[*__classdict__]():pass", "type T[**__classdict__]=int", "def f[__classdict__,__classdict__]():pass","type __classdict__=int","type __debug__[__classdict__]=int","def f[a,a,__classdict__](): pass", "class C:\n def f[__classdict__](): pass","def f[__classdict__:int]():pass"]:
    try: compile(src,'case','exec'); print(repr(src), 'ok')
    except SyntaxError as e: print(repr(src),e.msg, e.lineno,e.offset,e.end_lineno,e.end_offset, repr(e.text))
    except UnicodeEncodeError as e: print(repr(src), e, ascii(e.args))

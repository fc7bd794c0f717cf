import Testing

/// Listings that `dis` of CPython 3.10.13 prints for small sources.
let classicListings: [(name: String, source: String, listing: String)] = [
  (
    "assignment",
    """
    x = 1
    y = 2
    z = x + y
    print(z)

    """,
    """
      1           0 LOAD_CONST               0 (1)
                  2 STORE_NAME               0 (x)

      2           4 LOAD_CONST               1 (2)
                  6 STORE_NAME               1 (y)

      3           8 LOAD_NAME                0 (x)
                 10 LOAD_NAME                1 (y)
                 12 BINARY_ADD
                 14 STORE_NAME               2 (z)

      4          16 LOAD_NAME                3 (print)
                 18 LOAD_NAME                2 (z)
                 20 CALL_FUNCTION            1
                 22 POP_TOP
                 24 LOAD_CONST               2 (None)
                 26 RETURN_VALUE

    """
  ),
  (
    "foldedConstants",
    """
    a = 2 * 3 + 4
    b = 'ab' * 3
    c = (1, 2, (3, 4))
    d = -7 // 2
    e = 1 << 200

    """,
    """
      1           0 LOAD_CONST               0 (10)
                  2 STORE_NAME               0 (a)

      2           4 LOAD_CONST               1 ('ababab')
                  6 STORE_NAME               1 (b)

      3           8 LOAD_CONST               2 ((1, 2, (3, 4)))
                 10 STORE_NAME               2 (c)

      4          12 LOAD_CONST               3 (-4)
                 14 STORE_NAME               3 (d)

      5          16 LOAD_CONST               4 (1)
                 18 LOAD_CONST               5 (200)
                 20 BINARY_LSHIFT
                 22 STORE_NAME               4 (e)
                 24 LOAD_CONST               6 (None)
                 26 RETURN_VALUE

    """
  ),
  (
    "constantTruth",
    """
    while 1:
        if 0:
            a
        elif not x:
            break

    """,
    """
      1           0 NOP

      2     >>    2 NOP

      4           4 LOAD_NAME                1 (x)
                  6 POP_JUMP_IF_TRUE         6 (to 12)

      5           8 LOAD_CONST               2 (None)
                 10 RETURN_VALUE

      1     >>   12 JUMP_ABSOLUTE            1 (to 2)

    """
  ),
  (
    "membership",
    """
    x in [1, 2, 3]
    x not in {1, 2}
    for i in [1, 2]: pass

    """,
    """
      1           0 LOAD_NAME                0 (x)
                  2 LOAD_CONST               0 ((1, 2, 3))
                  4 CONTAINS_OP              0
                  6 POP_TOP

      2           8 LOAD_NAME                0 (x)
                 10 LOAD_CONST               1 (frozenset({1, 2}))
                 12 CONTAINS_OP              1
                 14 POP_TOP

      3          16 LOAD_CONST               2 ((1, 2))
                 18 GET_ITER
            >>   20 FOR_ITER                 2 (to 26)
                 22 STORE_NAME               1 (i)
                 24 JUMP_ABSOLUTE           10 (to 20)
            >>   26 LOAD_CONST               3 (None)
                 28 RETURN_VALUE

    """
  ),
  (
    "chainedComparison",
    """
    if a < b < c:
        d
    x = a < b < c

    """,
    """
      1           0 LOAD_NAME                0 (a)
                  2 LOAD_NAME                1 (b)
                  4 DUP_TOP
                  6 ROT_THREE
                  8 COMPARE_OP               0 (<)
                 10 POP_JUMP_IF_FALSE       10 (to 20)
                 12 LOAD_NAME                2 (c)
                 14 COMPARE_OP               0 (<)
                 16 POP_JUMP_IF_FALSE       14 (to 28)
                 18 JUMP_FORWARD             2 (to 24)
            >>   20 POP_TOP
                 22 JUMP_FORWARD             2 (to 28)

      2     >>   24 LOAD_NAME                3 (d)
                 26 POP_TOP

      3     >>   28 LOAD_NAME                0 (a)
                 30 LOAD_NAME                1 (b)
                 32 DUP_TOP
                 34 ROT_THREE
                 36 COMPARE_OP               0 (<)
                 38 JUMP_IF_FALSE_OR_POP    25 (to 50)
                 40 LOAD_NAME                2 (c)
                 42 COMPARE_OP               0 (<)
                 44 STORE_NAME               4 (x)
                 46 LOAD_CONST               0 (None)
                 48 RETURN_VALUE
            >>   50 ROT_TWO
                 52 POP_TOP
                 54 STORE_NAME               4 (x)
                 56 LOAD_CONST               0 (None)
                 58 RETURN_VALUE

    """
  ),
  (
    "booleans",
    """
    x = a and b or c
    if not (a or b) and c:
        d

    """,
    """
      1           0 LOAD_NAME                0 (a)
                  2 POP_JUMP_IF_FALSE        4 (to 8)
                  4 LOAD_NAME                1 (b)
                  6 JUMP_IF_TRUE_OR_POP      5 (to 10)
            >>    8 LOAD_NAME                2 (c)
            >>   10 STORE_NAME               3 (x)

      2          12 LOAD_NAME                0 (a)
                 14 POP_JUMP_IF_TRUE        16 (to 32)
                 16 LOAD_NAME                1 (b)
                 18 POP_JUMP_IF_TRUE        18 (to 36)
                 20 LOAD_NAME                2 (c)
                 22 POP_JUMP_IF_FALSE       20 (to 40)

      3          24 LOAD_NAME                4 (d)
                 26 POP_TOP
                 28 LOAD_CONST               0 (None)
                 30 RETURN_VALUE

      2     >>   32 LOAD_CONST               0 (None)
                 34 RETURN_VALUE
            >>   36 LOAD_CONST               0 (None)
                 38 RETURN_VALUE
            >>   40 LOAD_CONST               0 (None)
                 42 RETURN_VALUE

    """
  ),
  (
    "tryExceptFinally",
    """
    try:
        a
    except E as e:
        b
    except (F, G):
        c
    else:
        d
    finally:
        f

    """,
    """
      1           0 SETUP_FINALLY           54 (to 110)
                  2 SETUP_FINALLY            4 (to 12)

      2           4 LOAD_NAME                0 (a)
                  6 POP_TOP
                  8 POP_BLOCK
                 10 JUMP_FORWARD            32 (to 76)

      3     >>   12 DUP_TOP
                 14 LOAD_NAME                1 (E)
                 16 JUMP_IF_NOT_EXC_MATCH    25 (to 50)
                 18 POP_TOP
                 20 STORE_NAME               2 (e)
                 22 POP_TOP
                 24 SETUP_FINALLY            8 (to 42)

      4          26 LOAD_NAME                3 (b)
                 28 POP_TOP
                 30 POP_BLOCK
                 32 POP_EXCEPT
                 34 LOAD_CONST               0 (None)
                 36 STORE_NAME               2 (e)
                 38 DELETE_NAME              2 (e)
                 40 JUMP_FORWARD            24 (to 90)
            >>   42 LOAD_CONST               0 (None)
                 44 STORE_NAME               2 (e)
                 46 DELETE_NAME              2 (e)
                 48 RERAISE                  1

      5     >>   50 DUP_TOP
                 52 LOAD_NAME                4 (F)
                 54 LOAD_NAME                5 (G)
                 56 BUILD_TUPLE              2
                 58 JUMP_IF_NOT_EXC_MATCH    37 (to 74)
                 60 POP_TOP
                 62 POP_TOP
                 64 POP_TOP

      6          66 LOAD_NAME                6 (c)
                 68 POP_TOP
                 70 POP_EXCEPT
                 72 JUMP_FORWARD            13 (to 100)

      5     >>   74 RERAISE                  0

      8     >>   76 LOAD_NAME                7 (d)
                 78 POP_TOP
                 80 POP_BLOCK

     10          82 LOAD_NAME                8 (f)
                 84 POP_TOP
                 86 LOAD_CONST               0 (None)
                 88 RETURN_VALUE

      4     >>   90 POP_BLOCK

     10          92 LOAD_NAME                8 (f)
                 94 POP_TOP
                 96 LOAD_CONST               0 (None)
                 98 RETURN_VALUE

      6     >>  100 POP_BLOCK

     10         102 LOAD_NAME                8 (f)
                104 POP_TOP
                106 LOAD_CONST               0 (None)
                108 RETURN_VALUE
            >>  110 LOAD_NAME                8 (f)
                112 POP_TOP
                114 RERAISE                  0

    """
  ),
  (
    "returnInFinally",
    """
    def f():
        for x in y:
            try:
                return x
            finally:
                g()

    """,
    """
      1           0 LOAD_CONST               0 (<code object f, file "t.py", line 1>)
                  2 LOAD_CONST               1 ('f')
                  4 MAKE_FUNCTION            0
                  6 STORE_NAME               0 (f)
                  8 LOAD_CONST               2 (None)
                 10 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
      2           0 LOAD_GLOBAL              0 (y)
                  2 GET_ITER
                  4 FOR_ITER                14 (to 34)
                  6 STORE_FAST               0 (x)

      3           8 SETUP_FINALLY            8 (to 26)

      4          10 LOAD_FAST                0 (x)
                 12 POP_BLOCK

      6          14 LOAD_GLOBAL              1 (g)
                 16 CALL_FUNCTION            0
                 18 POP_TOP
                 20 ROT_TWO
                 22 POP_TOP
                 24 RETURN_VALUE
            >>   26 LOAD_GLOBAL              1 (g)
                 28 CALL_FUNCTION            0
                 30 POP_TOP
                 32 RERAISE                  0

      2     >>   34 LOAD_CONST               0 (None)
                 36 RETURN_VALUE

    """
  ),
  (
    "withStatement",
    """
    def f():
        with a as b, c:
            return b

    """,
    """
      1           0 LOAD_CONST               0 (<code object f, file "t.py", line 1>)
                  2 LOAD_CONST               1 ('f')
                  4 MAKE_FUNCTION            0
                  6 STORE_NAME               0 (f)
                  8 LOAD_CONST               2 (None)
                 10 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
      2           0 LOAD_GLOBAL              0 (a)
                  2 SETUP_WITH              36 (to 76)
                  4 STORE_FAST               0 (b)
                  6 LOAD_GLOBAL              1 (c)
                  8 SETUP_WITH              17 (to 44)
                 10 POP_TOP

      3          12 LOAD_FAST                0 (b)

      2          14 POP_BLOCK
                 16 ROT_TWO
                 18 LOAD_CONST               0 (None)
                 20 DUP_TOP
                 22 DUP_TOP
                 24 CALL_FUNCTION            3
                 26 POP_TOP
                 28 POP_BLOCK
                 30 ROT_TWO
                 32 LOAD_CONST               0 (None)
                 34 DUP_TOP
                 36 DUP_TOP
                 38 CALL_FUNCTION            3
                 40 POP_TOP
                 42 RETURN_VALUE
            >>   44 WITH_EXCEPT_START
                 46 POP_JUMP_IF_TRUE        25 (to 50)
                 48 RERAISE                  1
            >>   50 POP_TOP
                 52 POP_TOP
                 54 POP_TOP
                 56 POP_EXCEPT
                 58 POP_TOP
                 60 POP_BLOCK
                 62 LOAD_CONST               0 (None)
                 64 DUP_TOP
                 66 DUP_TOP
                 68 CALL_FUNCTION            3
                 70 POP_TOP
                 72 LOAD_CONST               0 (None)
                 74 RETURN_VALUE
            >>   76 WITH_EXCEPT_START
                 78 POP_JUMP_IF_TRUE        41 (to 82)
                 80 RERAISE                  1
            >>   82 POP_TOP
                 84 POP_TOP
                 86 POP_TOP
                 88 POP_EXCEPT
                 90 POP_TOP
                 92 LOAD_CONST               0 (None)
                 94 RETURN_VALUE

    """
  ),
  (
    "closures",
    """
    def f(a, *b, c=1, **d):
        def g():
            nonlocal a
            a = c
            return d
        return g

    """,
    """
      1           0 LOAD_CONST               0 (1)
                  2 LOAD_CONST               1 (('c',))
                  4 BUILD_CONST_KEY_MAP      1
                  6 LOAD_CONST               2 (<code object f, file "t.py", line 1>)
                  8 LOAD_CONST               3 ('f')
                 10 MAKE_FUNCTION            2 (kwdefaults)
                 12 STORE_NAME               0 (f)
                 14 LOAD_CONST               4 (None)
                 16 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
      2           0 LOAD_CLOSURE             0 (a)
                  2 LOAD_CLOSURE             1 (c)
                  4 LOAD_CLOSURE             2 (d)
                  6 BUILD_TUPLE              3
                  8 LOAD_CONST               1 (<code object g, file "t.py", line 2>)
                 10 LOAD_CONST               2 ('f.<locals>.g')
                 12 MAKE_FUNCTION            8 (closure)
                 14 STORE_FAST               4 (g)

      6          16 LOAD_FAST                4 (g)
                 18 RETURN_VALUE

    Disassembly of <code object g, file "t.py", line 2>:
      4           0 LOAD_DEREF               1 (c)
                  2 STORE_DEREF              0 (a)

      5           4 LOAD_DEREF               2 (d)
                  6 RETURN_VALUE

    """
  ),
  (
    "classBody",
    """
    class A(B, m=C):
        'doc'
        x: int = 1
        def f(self):
            return super().f()

    """,
    """
      1           0 LOAD_BUILD_CLASS
                  2 LOAD_CONST               0 (<code object A, file "t.py", line 1>)
                  4 LOAD_CONST               1 ('A')
                  6 MAKE_FUNCTION            0
                  8 LOAD_CONST               1 ('A')
                 10 LOAD_NAME                0 (B)
                 12 LOAD_NAME                1 (C)
                 14 LOAD_CONST               2 (('m',))
                 16 CALL_FUNCTION_KW         4
                 18 STORE_NAME               2 (A)
                 20 LOAD_CONST               3 (None)
                 22 RETURN_VALUE

    Disassembly of <code object A, file "t.py", line 1>:
      1           0 LOAD_NAME                0 (__name__)
                  2 STORE_NAME               1 (__module__)
                  4 LOAD_CONST               0 ('A')
                  6 STORE_NAME               2 (__qualname__)
                  8 SETUP_ANNOTATIONS

      2          10 LOAD_CONST               1 ('doc')
                 12 STORE_NAME               3 (__doc__)

      3          14 LOAD_CONST               2 (1)
                 16 STORE_NAME               4 (x)
                 18 LOAD_NAME                5 (int)
                 20 LOAD_NAME                6 (__annotations__)
                 22 LOAD_CONST               3 ('x')
                 24 STORE_SUBSCR

      4          26 LOAD_CLOSURE             0 (__class__)
                 28 BUILD_TUPLE              1
                 30 LOAD_CONST               4 (<code object f, file "t.py", line 4>)
                 32 LOAD_CONST               5 ('A.f')
                 34 MAKE_FUNCTION            8 (closure)
                 36 STORE_NAME               7 (f)
                 38 LOAD_CLOSURE             0 (__class__)
                 40 DUP_TOP
                 42 STORE_NAME               8 (__classcell__)
                 44 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 4>:
      5           0 LOAD_GLOBAL              0 (super)
                  2 CALL_FUNCTION            0
                  4 LOAD_METHOD              1 (f)
                  6 CALL_METHOD              0
                  8 RETURN_VALUE

    """
  ),
  (
    "comprehensions",
    """
    x = [i for i in y if i]
    x = {i: j for i, j in y}
    x = (i for k in y for i in [k])

    """,
    """
      1           0 LOAD_CONST               0 (<code object <listcomp>, file "t.py", line 1>)
                  2 LOAD_CONST               1 ('<listcomp>')
                  4 MAKE_FUNCTION            0
                  6 LOAD_NAME                0 (y)
                  8 GET_ITER
                 10 CALL_FUNCTION            1
                 12 STORE_NAME               1 (x)

      2          14 LOAD_CONST               2 (<code object <dictcomp>, file "t.py", line 2>)
                 16 LOAD_CONST               3 ('<dictcomp>')
                 18 MAKE_FUNCTION            0
                 20 LOAD_NAME                0 (y)
                 22 GET_ITER
                 24 CALL_FUNCTION            1
                 26 STORE_NAME               1 (x)

      3          28 LOAD_CONST               4 (<code object <genexpr>, file "t.py", line 3>)
                 30 LOAD_CONST               5 ('<genexpr>')
                 32 MAKE_FUNCTION            0
                 34 LOAD_NAME                0 (y)
                 36 GET_ITER
                 38 CALL_FUNCTION            1
                 40 STORE_NAME               1 (x)
                 42 LOAD_CONST               6 (None)
                 44 RETURN_VALUE

    Disassembly of <code object <listcomp>, file "t.py", line 1>:
      1           0 BUILD_LIST               0
                  2 LOAD_FAST                0 (.0)
            >>    4 FOR_ITER                 6 (to 18)
                  6 STORE_FAST               1 (i)
                  8 LOAD_FAST                1 (i)
                 10 POP_JUMP_IF_FALSE        2 (to 4)
                 12 LOAD_FAST                1 (i)
                 14 LIST_APPEND              2
                 16 JUMP_ABSOLUTE            2 (to 4)
            >>   18 RETURN_VALUE

    Disassembly of <code object <dictcomp>, file "t.py", line 2>:
      2           0 BUILD_MAP                0
                  2 LOAD_FAST                0 (.0)
            >>    4 FOR_ITER                 7 (to 20)
                  6 UNPACK_SEQUENCE          2
                  8 STORE_FAST               1 (i)
                 10 STORE_FAST               2 (j)
                 12 LOAD_FAST                1 (i)
                 14 LOAD_FAST                2 (j)
                 16 MAP_ADD                  2
                 18 JUMP_ABSOLUTE            2 (to 4)
            >>   20 RETURN_VALUE

    Disassembly of <code object <genexpr>, file "t.py", line 3>:
                  0 GEN_START                0

      3           2 LOAD_FAST                0 (.0)
            >>    4 FOR_ITER                 7 (to 20)
                  6 STORE_FAST               1 (k)
                  8 LOAD_FAST                1 (k)
                 10 STORE_FAST               2 (i)
                 12 LOAD_FAST                2 (i)
                 14 YIELD_VALUE
                 16 POP_TOP
                 18 JUMP_ABSOLUTE            2 (to 4)
            >>   20 LOAD_CONST               0 (None)
                 22 RETURN_VALUE

    """
  ),
  (
    "calls",
    """
    f(a, b)
    f(a, k=b)
    f(*a, **b)
    f(a, *b, c=1, **d)
    a.b(c)
    a.b(c, k=1)

    """,
    """
      1           0 LOAD_NAME                0 (f)
                  2 LOAD_NAME                1 (a)
                  4 LOAD_NAME                2 (b)
                  6 CALL_FUNCTION            2
                  8 POP_TOP

      2          10 LOAD_NAME                0 (f)
                 12 LOAD_NAME                1 (a)
                 14 LOAD_NAME                2 (b)
                 16 LOAD_CONST               0 (('k',))
                 18 CALL_FUNCTION_KW         2
                 20 POP_TOP

      3          22 LOAD_NAME                0 (f)
                 24 LOAD_NAME                1 (a)
                 26 BUILD_MAP                0
                 28 LOAD_NAME                2 (b)
                 30 DICT_MERGE               1
                 32 CALL_FUNCTION_EX         1
                 34 POP_TOP

      4          36 LOAD_NAME                0 (f)
                 38 LOAD_NAME                1 (a)
                 40 BUILD_LIST               1
                 42 LOAD_NAME                2 (b)
                 44 LIST_EXTEND              1
                 46 LIST_TO_TUPLE
                 48 LOAD_CONST               1 ('c')
                 50 LOAD_CONST               2 (1)
                 52 BUILD_MAP                1
                 54 LOAD_NAME                3 (d)
                 56 DICT_MERGE               1
                 58 CALL_FUNCTION_EX         1
                 60 POP_TOP

      5          62 LOAD_NAME                1 (a)
                 64 LOAD_METHOD              2 (b)
                 66 LOAD_NAME                4 (c)
                 68 CALL_METHOD              1
                 70 POP_TOP

      6          72 LOAD_NAME                1 (a)
                 74 LOAD_ATTR                2 (b)
                 76 LOAD_NAME                4 (c)
                 78 LOAD_CONST               2 (1)
                 80 LOAD_CONST               0 (('k',))
                 82 CALL_FUNCTION_KW         2
                 84 POP_TOP
                 86 LOAD_CONST               3 (None)
                 88 RETURN_VALUE

    """
  ),
  (
    "displays",
    """
    [1, 2, 3]
    [a, b]
    {1, 2, 3}
    {**a, 'b': 1, 'c': d}
    [*a, b]
    {'a': 1, 'b': x}

    """,
    """
      1           0 BUILD_LIST               0
                  2 LOAD_CONST               0 ((1, 2, 3))
                  4 LIST_EXTEND              1
                  6 POP_TOP

      2           8 LOAD_NAME                0 (a)
                 10 LOAD_NAME                1 (b)
                 12 BUILD_LIST               2
                 14 POP_TOP

      3          16 BUILD_SET                0
                 18 LOAD_CONST               1 (frozenset({1, 2, 3}))
                 20 SET_UPDATE               1
                 22 POP_TOP

      4          24 BUILD_MAP                0
                 26 LOAD_NAME                0 (a)
                 28 DICT_UPDATE              1
                 30 LOAD_CONST               2 (1)
                 32 LOAD_NAME                2 (d)
                 34 LOAD_CONST               3 (('b', 'c'))
                 36 BUILD_CONST_KEY_MAP      2
                 38 DICT_UPDATE              1
                 40 POP_TOP

      5          42 BUILD_LIST               0
                 44 LOAD_NAME                0 (a)
                 46 LIST_EXTEND              1
                 48 LOAD_NAME                1 (b)
                 50 LIST_APPEND              1
                 52 POP_TOP

      6          54 LOAD_CONST               2 (1)
                 56 LOAD_NAME                3 (x)
                 58 LOAD_CONST               4 (('a', 'b'))
                 60 BUILD_CONST_KEY_MAP      2
                 62 POP_TOP
                 64 LOAD_CONST               5 (None)
                 66 RETURN_VALUE

    """
  ),
  (
    "fstring",
    """
    x = f'{a!r:>{b}} and {c}'

    """,
    """
      1           0 LOAD_NAME                0 (a)
                  2 LOAD_CONST               0 ('>')
                  4 LOAD_NAME                1 (b)
                  6 FORMAT_VALUE             0
                  8 BUILD_STRING             2
                 10 FORMAT_VALUE             6 (repr, with format)
                 12 LOAD_CONST               1 (' and ')
                 14 LOAD_NAME                2 (c)
                 16 FORMAT_VALUE             0
                 18 BUILD_STRING             3
                 20 STORE_NAME               3 (x)
                 22 LOAD_CONST               2 (None)
                 24 RETURN_VALUE

    """
  ),
  (
    "targets",
    """
    a, *b = c
    (a, b), c[d], e.f = g
    del a, c[d], e.f
    a = b = c
    a, b = b, a

    """,
    """
      1           0 LOAD_NAME                0 (c)
                  2 UNPACK_EX                1
                  4 STORE_NAME               1 (a)
                  6 STORE_NAME               2 (b)

      2           8 LOAD_NAME                3 (g)
                 10 UNPACK_SEQUENCE          3
                 12 UNPACK_SEQUENCE          2
                 14 STORE_NAME               1 (a)
                 16 STORE_NAME               2 (b)
                 18 LOAD_NAME                0 (c)
                 20 LOAD_NAME                4 (d)
                 22 STORE_SUBSCR
                 24 LOAD_NAME                5 (e)
                 26 STORE_ATTR               6 (f)

      3          28 DELETE_NAME              1 (a)
                 30 LOAD_NAME                0 (c)
                 32 LOAD_NAME                4 (d)
                 34 DELETE_SUBSCR
                 36 LOAD_NAME                5 (e)
                 38 DELETE_ATTR              6 (f)

      4          40 LOAD_NAME                0 (c)
                 42 DUP_TOP
                 44 STORE_NAME               1 (a)
                 46 STORE_NAME               2 (b)

      5          48 LOAD_NAME                2 (b)
                 50 LOAD_NAME                1 (a)
                 52 ROT_TWO
                 54 STORE_NAME               1 (a)
                 56 STORE_NAME               2 (b)
                 58 LOAD_CONST               0 (None)
                 60 RETURN_VALUE

    """
  ),
  (
    "matchStatement",
    """
    match x:
        case [a, *_, 1] if a:
            b
        case {'k': v, **r}:
            c
        case P(0, y=q) | [q]:
            d
        case _:
            e

    """,
    """
      1           0 LOAD_NAME                0 (x)

      2           2 DUP_TOP
                  4 MATCH_SEQUENCE
                  6 POP_JUMP_IF_FALSE       30 (to 60)
                  8 GET_LEN
                 10 LOAD_CONST               0 (2)
                 12 COMPARE_OP               5 (>=)
                 14 POP_JUMP_IF_FALSE       30 (to 60)
                 16 DUP_TOP
                 18 LOAD_CONST               1 (0)
                 20 BINARY_SUBSCR
                 22 ROT_TWO
                 24 DUP_TOP
                 26 GET_LEN
                 28 LOAD_CONST               2 (1)
                 30 BINARY_SUBTRACT
                 32 BINARY_SUBSCR
                 34 LOAD_CONST               2 (1)
                 36 COMPARE_OP               2 (==)
                 38 POP_JUMP_IF_FALSE       29 (to 58)
                 40 POP_TOP
                 42 STORE_NAME               1 (a)
                 44 LOAD_NAME                1 (a)
                 46 POP_JUMP_IF_FALSE       31 (to 62)
                 48 POP_TOP

      3          50 LOAD_NAME                2 (b)
                 52 POP_TOP
                 54 LOAD_CONST               5 (None)
                 56 RETURN_VALUE

      2     >>   58 POP_TOP
            >>   60 POP_TOP

      4     >>   62 DUP_TOP
                 64 MATCH_MAPPING
                 66 POP_JUMP_IF_FALSE       58 (to 116)
                 68 GET_LEN
                 70 LOAD_CONST               2 (1)
                 72 COMPARE_OP               5 (>=)
                 74 POP_JUMP_IF_FALSE       58 (to 116)
                 76 LOAD_CONST               6 (('k',))
                 78 MATCH_KEYS
                 80 POP_JUMP_IF_FALSE       56 (to 112)
                 82 DUP_TOP
                 84 LOAD_CONST               1 (0)
                 86 BINARY_SUBSCR
                 88 ROT_FOUR
                 90 POP_TOP
                 92 COPY_DICT_WITHOUT_KEYS
                 94 ROT_THREE
                 96 POP_TOP
                 98 STORE_NAME               3 (v)
                100 STORE_NAME               4 (r)
                102 POP_TOP

      5         104 LOAD_NAME                5 (c)
                106 POP_TOP
                108 LOAD_CONST               5 (None)
                110 RETURN_VALUE

      4     >>  112 POP_TOP
                114 POP_TOP
            >>  116 POP_TOP

      6         118 DUP_TOP
                120 LOAD_NAME                6 (P)
                122 LOAD_CONST               4 (('y',))
                124 MATCH_CLASS              1
                126 POP_JUMP_IF_FALSE       76 (to 152)
                128 DUP_TOP
                130 LOAD_CONST               1 (0)
                132 BINARY_SUBSCR
                134 LOAD_CONST               1 (0)
                136 COMPARE_OP               2 (==)
                138 POP_JUMP_IF_FALSE       76 (to 152)
                140 DUP_TOP
                142 LOAD_CONST               2 (1)
                144 BINARY_SUBSCR
                146 ROT_TWO
                148 POP_TOP
                150 JUMP_FORWARD            13 (to 178)
            >>  152 POP_TOP
                154 DUP_TOP
                156 MATCH_SEQUENCE
                158 POP_JUMP_IF_FALSE       86 (to 172)
                160 GET_LEN
                162 LOAD_CONST               2 (1)
                164 COMPARE_OP               2 (==)
                166 POP_JUMP_IF_FALSE       86 (to 172)
                168 UNPACK_SEQUENCE          1
                170 JUMP_FORWARD             3 (to 178)
            >>  172 POP_TOP
                174 POP_TOP
                176 JUMP_FORWARD             7 (to 192)
            >>  178 ROT_TWO
                180 POP_TOP
                182 STORE_NAME               7 (q)

      7         184 LOAD_NAME                8 (d)
                186 POP_TOP
                188 LOAD_CONST               5 (None)
                190 RETURN_VALUE

      8     >>  192 NOP

      9         194 LOAD_NAME                9 (e)
                196 POP_TOP
                198 LOAD_CONST               5 (None)
                200 RETURN_VALUE

    """
  ),
  (
    "asynchronous",
    """
    async def f():
        async with a as b:
            async for c in b:
                yield await c
        return

    """,
    """
      1           0 LOAD_CONST               0 (<code object f, file "t.py", line 1>)
                  2 LOAD_CONST               1 ('f')
                  4 MAKE_FUNCTION            0
                  6 STORE_NAME               0 (f)
                  8 LOAD_CONST               2 (None)
                 10 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
                  0 GEN_START                2

      2           2 LOAD_GLOBAL              0 (a)
                  4 BEFORE_ASYNC_WITH
                  6 GET_AWAITABLE
                  8 LOAD_CONST               0 (None)
                 10 YIELD_FROM
                 12 SETUP_ASYNC_WITH        28 (to 70)
                 14 STORE_FAST               0 (b)

      3          16 LOAD_FAST                0 (b)
                 18 GET_AITER
            >>   20 SETUP_FINALLY           12 (to 46)
                 22 GET_ANEXT
                 24 LOAD_CONST               0 (None)
                 26 YIELD_FROM
                 28 POP_BLOCK
                 30 STORE_FAST               1 (c)

      4          32 LOAD_FAST                1 (c)
                 34 GET_AWAITABLE
                 36 LOAD_CONST               0 (None)
                 38 YIELD_FROM
                 40 YIELD_VALUE
                 42 POP_TOP
                 44 JUMP_ABSOLUTE           10 (to 20)

      3     >>   46 END_ASYNC_FOR
                 48 POP_BLOCK

      2          50 LOAD_CONST               0 (None)
                 52 DUP_TOP
                 54 DUP_TOP
                 56 CALL_FUNCTION            3
                 58 GET_AWAITABLE
                 60 LOAD_CONST               0 (None)
                 62 YIELD_FROM
                 64 POP_TOP

      5          66 LOAD_CONST               0 (None)
                 68 RETURN_VALUE

      2     >>   70 WITH_EXCEPT_START
                 72 GET_AWAITABLE
                 74 LOAD_CONST               0 (None)
                 76 YIELD_FROM
                 78 POP_JUMP_IF_TRUE        41 (to 82)
                 80 RERAISE                  1
            >>   82 POP_TOP
                 84 POP_TOP
                 86 POP_TOP
                 88 POP_EXCEPT
                 90 POP_TOP

      5          92 LOAD_CONST               0 (None)
                 94 RETURN_VALUE

    """
  ),
  (
    "generators",
    """
    def f():
        x = yield
        y = yield from x
        return y

    """,
    """
      1           0 LOAD_CONST               0 (<code object f, file "t.py", line 1>)
                  2 LOAD_CONST               1 ('f')
                  4 MAKE_FUNCTION            0
                  6 STORE_NAME               0 (f)
                  8 LOAD_CONST               2 (None)
                 10 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
                  0 GEN_START                0

      2           2 LOAD_CONST               0 (None)
                  4 YIELD_VALUE
                  6 STORE_FAST               0 (x)

      3           8 LOAD_FAST                0 (x)
                 10 GET_YIELD_FROM_ITER
                 12 LOAD_CONST               0 (None)
                 14 YIELD_FROM
                 16 STORE_FAST               1 (y)

      4          18 LOAD_FAST                1 (y)
                 20 RETURN_VALUE

    """
  ),
  (
    "imports",
    """
    import a.b.c as d
    import a.b
    from .. import x as y, z
    from m import *

    """,
    """
      1           0 LOAD_CONST               0 (0)
                  2 LOAD_CONST               1 (None)
                  4 IMPORT_NAME              0 (a.b.c)
                  6 IMPORT_FROM              1 (b)
                  8 ROT_TWO
                 10 POP_TOP
                 12 IMPORT_FROM              2 (c)
                 14 STORE_NAME               3 (d)
                 16 POP_TOP

      2          18 LOAD_CONST               0 (0)
                 20 LOAD_CONST               1 (None)
                 22 IMPORT_NAME              4 (a.b)
                 24 STORE_NAME               5 (a)

      3          26 LOAD_CONST               2 (2)
                 28 LOAD_CONST               3 (('x', 'z'))
                 30 IMPORT_NAME              6
                 32 IMPORT_FROM              7 (x)
                 34 STORE_NAME               8 (y)
                 36 IMPORT_FROM              9 (z)
                 38 STORE_NAME               9 (z)
                 40 POP_TOP

      4          42 LOAD_CONST               0 (0)
                 44 LOAD_CONST               4 (('*',))
                 46 IMPORT_NAME             10 (m)
                 48 IMPORT_STAR
                 50 LOAD_CONST               1 (None)
                 52 RETURN_VALUE

    """
  ),
  (
    "assertion",
    """
    assert a, b
    assert a > 1

    """,
    """
      1           0 LOAD_NAME                0 (a)
                  2 POP_JUMP_IF_TRUE         6 (to 12)
                  4 LOAD_ASSERTION_ERROR
                  6 LOAD_NAME                1 (b)
                  8 CALL_FUNCTION            1
                 10 RAISE_VARARGS            1

      2     >>   12 LOAD_NAME                0 (a)
                 14 LOAD_CONST               0 (1)
                 16 COMPARE_OP               4 (>)
                 18 POP_JUMP_IF_TRUE        12 (to 24)
                 20 LOAD_ASSERTION_ERROR
                 22 RAISE_VARARGS            1
            >>   24 LOAD_CONST               1 (None)
                 26 RETURN_VALUE

    """
  ),
  (
    "loops",
    """
    while a:
        if b: continue
        break
    else:
        c

    """,
    """
      1     >>    0 LOAD_NAME                0 (a)
                  2 POP_JUMP_IF_FALSE        7 (to 14)

      2           4 LOAD_NAME                1 (b)
                  6 POP_JUMP_IF_FALSE        5 (to 10)
                  8 JUMP_ABSOLUTE            0 (to 0)

      3     >>   10 LOAD_CONST               0 (None)
                 12 RETURN_VALUE

      5     >>   14 LOAD_NAME                2 (c)
                 16 POP_TOP
                 18 LOAD_CONST               0 (None)
                 20 RETURN_VALUE

    """
  ),
  (
    "annotations",
    """
    def f(a: int, *, b: str = 'x') -> None: pass
    x: int
    y.z: int = 1

    """,
    """
      1           0 SETUP_ANNOTATIONS
                  2 LOAD_CONST               0 ('x')
                  4 LOAD_CONST               1 (('b',))
                  6 BUILD_CONST_KEY_MAP      1
                  8 LOAD_CONST               2 ('a')
                 10 LOAD_NAME                0 (int)
                 12 LOAD_CONST               3 ('b')
                 14 LOAD_NAME                1 (str)
                 16 LOAD_CONST               4 ('return')
                 18 LOAD_CONST               5 (None)
                 20 BUILD_TUPLE              6
                 22 LOAD_CONST               6 (<code object f, file "t.py", line 1>)
                 24 LOAD_CONST               7 ('f')
                 26 MAKE_FUNCTION            6 (kwdefaults, annotations)
                 28 STORE_NAME               2 (f)

      2          30 LOAD_NAME                0 (int)
                 32 LOAD_NAME                3 (__annotations__)
                 34 LOAD_CONST               0 ('x')
                 36 STORE_SUBSCR

      3          38 LOAD_CONST               8 (1)
                 40 LOAD_NAME                4 (y)
                 42 STORE_ATTR               5 (z)
                 44 LOAD_NAME                0 (int)
                 46 POP_TOP
                 48 LOAD_CONST               5 (None)
                 50 RETURN_VALUE

    Disassembly of <code object f, file "t.py", line 1>:
      1           0 LOAD_CONST               0 (None)
                  2 RETURN_VALUE

    """
  ),
]

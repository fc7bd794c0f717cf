import warnings
for src in ["while x is 1: pass","try: a\nfinally: x is 1","def f():\n try:\n  return 1\n finally: x is 1","def f():\n for i in a:\n  try:\n   return 1\n   break\n   continue\n  finally: x is 1","try: a\nexcept A: x is 1\nelse: x is 2\nfinally: x is 3", "[a for a in b if a is 1]", "assert (1,2)", "x = '\\d' is 1", "x = {**1(), 'a':1 is 1}","f(1 is 1, a=2 is 2)", "if x is 1: pass","class A:\n x is 1", "lambda: x is 1", "1 is 1 is 2", "for x in 1 is 1: pass", "async def f():\n async with a is 1: pass\n async for x in y is 1: pass", "with a is 1: pass", "match x is 1:\n case 1 if x is 2: pass", "def f(x=1 is 1)->2 is 2: pass", "@(1 is 1)\nclass A(2 is 2, m=3 is 3): pass", "1()\n(1,)()\n''[1.0]\n[]['a']\n{}()\nf'{1()}'", "0x1for x in y", "1if 1else 2", "def f():\n 'doc\\d'", "try: a\nexcept* A: x is 1\nelse: x is 2\nfinally: x is 3", "return_ = '\\8'", "b'\\d' b'\\777'", "f'\\d{x}\\e'", "'\\400'", "while 1 is x: break\nelse: x is 2", "assert (x is 1, 'm')", "x = [1,2 (3,4)]", "x = 1 if 2 is 2 else 3 is 3", "not 1 is x", "while not x is 1: pass", "print(a is 1) or b is 2", "while a is 1 and b is 2: pass", "if a is 1 and b is 2: pass"]:
  for n in range(2):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter(['always','default'][n])
        try: compile(src,'case','exec')
        except SyntaxError as e: print(e)
        print(repr(src), n, [(x.lineno, str(x.message), x.category.__name__, x.filename, ) for x in w])
    warnings.simplefilter('error')
    try: compile(src,'case','exec')
    except SyntaxError as e: print(e, e.lineno, e.offset, e.end_lineno, e.end_offset)

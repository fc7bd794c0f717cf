for c in ['match ...:\n  case f"":\n    pass\n','match x:\n  case f"{x}" | "a":\n    pass\n','match x:\n  case "a" f"b":\n    pass\n','match x:\n  case {f"b": 1}:\n    pass\n','match x:\n  case A(f"b"): pass\n','match x:\n  case [f"b", "a"]:\n    pass\n','match x:\n  case -1+2: pass','match x:\n case 1+1: pass','match x:\n case {-1+"": 3}: pass']:
    try: compile(c,'f','exec'); print(repr(c), 'ok')
    except SyntaxError as e: print(repr(c),e.msg, e.lineno,e.offset,e.end_lineno,e.end_offset, e.text)
import ast
for c in ['match ...:\n  case f"":\n    pass\n']:
   print(ast.dump(ast.parse(c)))

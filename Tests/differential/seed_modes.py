print(eval(compile("1 + 2", "f", "eval")))
exec(compile("print('exec')", "f", "exec"))
exec(compile("5; 'text'", "f", "single"))
try:
    compile("x = ", "named.py", "exec")
except SyntaxError as error:
    print(error.filename, error.lineno, error)

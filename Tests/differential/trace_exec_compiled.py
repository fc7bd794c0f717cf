code = compile("def f():\n    raise ValueError('compiled')\nf()", "made_up.py", "exec")
exec(code)

c = compile("x = 1", "f", "exec")
for name in ["co_code", "co_names", "co_consts", "co_name"]:
    try:
        setattr(c, name, ())
    except AttributeError as error:
        print(name, error)
print(c.replace(co_name="renamed").co_name)

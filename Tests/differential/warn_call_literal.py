try:
    "a"()
except TypeError as error:
    print(error)

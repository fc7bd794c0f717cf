try:
    later
except NameError as error:
    print(error)


def later():
    return 5


print(later())

# A function that returns NULL without an error, or a result with one: SystemError, where CPython
# looks: its specialised calls do not.
import functools
import results


def show(way, function, *args):
    try:
        print(way, function(*args))
    except SystemError as error:
        print(way, type(error).__name__, error, "from", repr(error.__cause__), repr(error.__context__))


null = [(results.null_noargs, ()), (results.null_one, (1,)), (results.null_tuple, (1, 2)), (results.null_keywords, (1,)),
        (results.null_fast, (1, 2)), (results.null_fast_keywords, ())]
both = [(results.both_noargs, ()), (results.both_one, (1,)), (results.both_tuple, (1, 2)), (results.both_fast, (1, 2))]
for function, args in null + both:
    show("partial", functools.partial(function, *args))
    show("map", lambda: [*map(function, *([arg] for arg in args))] if args else "nothing to map")
    if not args:
        show("C", results.call, function)
show("key", lambda: sorted([1, 2], key=results.null_one))
show("keyword", functools.partial(results.null_keywords, 1, a=2))
show("keyword", functools.partial(results.null_fast_keywords, 1, a=2))

# It is an exception as any other: it can be handled, and nothing is left behind.
try:
    results.call(results.both_noargs)
except SystemError as error:
    print("handled", error.__cause__)
print("after")

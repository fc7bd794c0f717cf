# oracle: 3.10
# command: -X classic seed_dis_functions.py
import dis


def f(a, b=2, *args, c, **kw):
    total = a
    for i in range(b):
        if i % 2 and c:
            total += i
        else:
            total -= 1
    try:
        return [x * total for x in args]
    except (ValueError, TypeError) as e:
        raise RuntimeError from e
    finally:
        print(kw)


def g(n):
    while n > 0:
        with open(n) as h:
            n -= 1
            yield n, h
    return (yield from g(n))


dis.dis(f)
dis.dis(g)
dis.dis("a, *b = c[1:2] if not d else {**e, 'k': f'{a!r:>{w}}'}")
dis.dis(lambda x: x is not None and x in (1, 2) or x.y.z(1, k=2, *q))

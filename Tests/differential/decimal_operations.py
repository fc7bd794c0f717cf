# Operations on random decimals in random contexts: results and flags.
import random
from decimal import (
    ROUND_05UP, ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN,
    ROUND_HALF_UP, ROUND_UP, Context, Decimal, MAX_EMAX, MAX_PREC, MIN_EMIN)

random.seed(20)
MODES = [ROUND_05UP, ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN,
         ROUND_HALF_UP, ROUND_UP]
ONE = ["sqrt", "exp", "ln", "log10", "logb", "plus", "minus", "abs", "to_integral_exact",
       "normalize", "next_minus", "next_plus", "number_class", "to_eng_string"]
TWO = ["add", "subtract", "multiply", "divide", "divide_int", "remainder", "remainder_near",
       "divmod", "power", "compare", "compare_total", "max", "min_mag", "quantize", "shift",
       "rotate", "scaleb", "next_toward", "logical_xor"]
WIDE = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


def digits(most):
    count = random.choice([1, 2, most, random.randint(1, most)])
    if random.random() < .2:
        return random.choice("19") * 1 + random.choice("09") * (count - 1)
    return "".join(random.choice("0123456789") for _ in range(count))


def number(precision):
    kind = random.random()
    sign = random.choice(["", "", "-"])
    if kind < .04:
        return WIDE.create_decimal(sign + random.choice(["Inf", "NaN", "NaN12", "sNaN"]))
    if kind < .08:
        return WIDE.create_decimal("%s0E%d" % (sign, random.randint(-50, 50)))
    return WIDE.create_decimal("%s%sE%d" % (sign, digits(precision + 4), random.randint(-30, 9)))


for _ in range(3000):
    precision = random.choice([1, 2, 5, 9, 16, 28, 40, 60])
    small = random.random() < .3
    context = Context(
        prec=precision, rounding=random.choice(MODES), clamp=random.choice([0, 0, 1]),
        Emin=-random.randint(0, 40) if small else -999999,
        Emax=random.randint(0, 40) if small else 999999, traps=[])
    a, b = number(precision), number(precision)
    if random.random() < .5:
        name = random.choice(ONE)
        result = getattr(context, name)(a)
    else:
        name = random.choice(TWO)
        if name == "power":
            b = Decimal(random.choice(["2", "-3", "17", "0.5", "-1.25", "1e2"]))
        elif name in ("shift", "rotate", "scaleb"):
            b = Decimal(random.randint(-precision, precision))
        result = getattr(context, name)(a, b)
    raised = [signal.__name__ for signal, value in context.flags.items() if value]
    print(name, precision, context.rounding, a, b, "->",
          result if name != "divmod" else "%s %s" % result, *raised)

# Long ones: products and quotients of thousands of digits, by their remainders.
for length in (500, 3000, 20000):
    x = WIDE.create_decimal("7" * length)
    y = WIDE.create_decimal("3" * (length // 2) + "1")
    context = Context(prec=4 * length, traps=[])
    product = context.multiply(x, y)
    quotient = context.divide_int(product, y)
    print(length, quotient == x, hash(product), hash(context.divide(x, y)), hash(context.sqrt(x)))
print(Context(prec=600).ln(Decimal(7)), Context(prec=600).exp(Decimal("1.5")))

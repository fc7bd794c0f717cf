"""Operators on ints around the borders of digits and machine words, checked by their definitions."""
import operator

borders = sorted({
    sign * ((1 << bits) + offset)
    for bits in (0, 1, 7, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 89, 90, 91, 119, 120, 121, 125, 126,
                 127, 128, 129, 149, 150, 151)
    for offset in (-1, 0, 1)
    for sign in (1, -1)
})
operators = [operator.add, operator.sub, operator.mul, operator.and_, operator.or_, operator.xor]


def summary(values):
    """A number that any wrong value changes."""
    result = 7
    for value in values:
        result = (result * 1000003 + value) % 2**521
    return hex(result)


def added(left, right): return left + right
def subtracted(left, right): return left - right
def multiplied(left, right): return left * right
def both(left, right): return left & right
def either(left, right): return left | right
def differing(left, right): return left ^ right
def divided(left, right): return left // right
def remaining(left, right): return left % right
def shifted_left(left, right): return left << right
def shifted_right(left, right): return left >> right


def added_in_place(left, right): left += right; return left
def multiplied_in_place(left, right): left *= right; return left
def shifted_in_place(left, right): left >>= right; return left


pairs = [(left, right) for left in borders for right in borders]
for function in (added, subtracted, multiplied, both, either, differing, added_in_place, multiplied_in_place):
    print(function.__name__, summary(function(left, right) for left, right in pairs))
for function in (divided, remaining):
    print(function.__name__, summary(function(left, right) for left, right in pairs if right))
shifts = [(left, count) for left in borders for count in (*range(0, 70), 89, 90, 119, 120, 126, 127, 128, 129, 200)]
for function in (shifted_left, shifted_right, shifted_in_place):
    print(function.__name__, summary(function(left, count) for left, count in shifts))

for left, right in pairs:
    if right:
        assert divided(left, right) * right + remaining(left, right) == left
        assert abs(remaining(left, right)) < abs(right)
    assert subtracted(added(left, right), right) == left
    assert both(left, right) + either(left, right) == left + right
    assert differing(left, right) == either(left, right) - both(left, right)

# The operands stay what they are, and small results are the small ints.
big = 2**100
small = subtracted(big, big - 5)
print(small is 5 + 0, big == 2**100, both(-1 << 64, 3) == 0, type(both(big, big)))
for bad in (lambda: divided(big, 0), lambda: remaining(2**40, 0), lambda: shifted_left(big, -1), lambda: shifted_right(2**40, -2**40)):
    try:
        bad()
    except (ZeroDivisionError, ValueError) as error:
        print(type(error).__name__, error)

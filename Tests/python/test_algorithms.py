# Small whole programs whose results are known.
from _run import error, main



def test_sieve():
    def primes(n):
        s = bytearray([1]) * (n + 1)
        s[:2] = b'\0\0'
        for i in range(2, int(n ** 0.5) + 1):
            if s[i]:
                s[i * i::i] = bytes(len(range(i * i, n + 1, i)))
        return [i for i, v in enumerate(s) if v]
    assert primes(50) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]
    assert len(primes(10000)) == 1229


def test_fibonacci():
    def fib(n):
        a, b = 0, 1
        for _ in range(n): a, b = b, a + b
        return a
    assert [fib(i) for i in range(15)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377]
    assert fib(300) == 222232244629420445529739893461909967206666939096499764990979600


def test_recursive_fibonacci():
    def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
    assert fib(18) == 2584


def test_factorial():
    def fact(n):
        r = 1
        for i in range(2, n + 1): r *= i
        return r
    assert fact(30) == 265252859812191058636308480000000
    assert sum(map(int, str(fact(200)))) == 1404


def test_greatest_common_divisor():
    def gcd(a, b):
        while b: a, b = b, a % b
        return a
    def egcd(a, b):
        if b == 0: return a, 1, 0
        g, x, y = egcd(b, a % b)
        return g, y, x - a // b * y
    assert gcd(2**40 * 3**10, 6**20) == 61917364224
    assert egcd(240, 46) == (2, -9, 47)


def test_collatz():
    def collatz(n):
        c = 0
        while n != 1:
            n = n * 3 + 1 if n % 2 else n // 2
            c += 1
        return c
    assert max((collatz(i), i) for i in range(1, 2000)) == (181, 1161)


def test_towers_of_hanoi():
    def hanoi(n, a='A', b='B', c='C'):
        if n:
            yield from hanoi(n - 1, a, c, b)
            yield a + c
            yield from hanoi(n - 1, b, a, c)
    assert list(hanoi(3)) == ["AC", "AB", "CB", "AC", "BA", "BC", "AC"]
    assert sum(1 for _ in hanoi(10)) == 1023


def test_eight_queens():
    def queens(n, rows=()):
        if len(rows) == n:
            yield rows
            return
        for c in range(n):
            if all(c != r and abs(c - r) != len(rows) - i for i, r in enumerate(rows)):
                yield from queens(n, rows + (c,))
    assert next(queens(8)) == (0, 4, 7, 5, 2, 6, 1, 3)
    assert sum(1 for _ in queens(6)) == 4


def test_permutations_and_combinations():
    def perms(s):
        if not s: yield ()
        for i, x in enumerate(s):
            for p in perms(s[:i] + s[i + 1:]): yield (x, *p)
    def combs(s, k):
        if k == 0: yield ()
        elif s:
            for c in combs(s[1:], k - 1): yield (s[0], *c)
            yield from combs(s[1:], k)
    assert (list(perms((1, 2, 3)))
            == [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)])
    assert [''.join(c) for c in combs('abcd', 2)] == ["ab", "ac", "ad", "bc", "bd", "cd"]


def test_quicksort_and_mergesort():
    def quick(a):
        if len(a) < 2: return a
        p, *r = a
        return quick([x for x in r if x < p]) + [p] + quick([x for x in r if x >= p])
    def merge(a):
        if len(a) < 2: return a
        m = len(a) // 2
        l, r = merge(a[:m]), merge(a[m:])
        out = []
        while l and r: out.append((l if l[0] <= r[0] else r).pop(0))
        return out + l + r
    data = [(i * 7919 + 13) % 101 for i in range(100)]
    assert (quick(data) == merge(data) == sorted(data)) is True
    assert quick(data)[:10] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_binary_search():
    def find(a, x):
        lo, hi = 0, len(a)
        while lo < hi:
            mid = (lo + hi) // 2
            if a[mid] < x: lo = mid + 1
            else: hi = mid
        return lo
    assert [find([1, 3, 5, 7], x) for x in range(9)] == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_heap():
    def push(h, x):
        h.append(x)
        i = len(h) - 1
        while i and h[(i - 1) // 2] > h[i]:
            p = (i - 1) // 2
            h[p], h[i] = h[i], h[p]
            i = p
    def pop(h):
        h[0], h[-1] = h[-1], h[0]
        x = h.pop()
        i = 0
        while True:
            c = 2 * i + 1
            if c >= len(h): return x
            if c + 1 < len(h) and h[c + 1] < h[c]: c += 1
            if h[i] <= h[c]: return x
            h[i], h[c] = h[c], h[i]
            i = c
    h = []
    for v in [5, 3, 8, 1, 9, 2, 7]: push(h, v)
    assert [pop(h) for _ in range(7)] == [1, 2, 3, 5, 7, 8, 9]


def test_edit_distance():
    def edit(a, b):
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            old, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                old, row[j] = row[j], min(old + (x != y), row[j] + 1, row[j - 1] + 1)
        return row[-1]
    assert edit('kitten', 'sitting') == 3
    assert edit('', 'abc') == 3


def test_longest_common_subsequence():
    def lcs(a, b):
        t = [[''] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                t[i + 1][j + 1] = t[i][j] + x if x == y else max(t[i + 1][j], t[i][j + 1], key=len)
        return t[-1][-1]
    assert lcs('AGGTABQ', 'GXTXAYBQ') == "GTABQ"


def test_knapsack():
    def best(items, cap):
        t = [0] * (cap + 1)
        for w, v in items:
            for c in range(cap, w - 1, -1): t[c] = max(t[c], t[c - w] + v)
        return t[cap]
    assert best([(12, 4), (2, 2), (1, 1), (1, 2), (4, 10)], 15) == 15


def test_breadth_first_search():
    def path(graph, a, b):
        queue, seen = [[a]], {a}
        while queue:
            p = queue.pop(0)
            if p[-1] == b: return p
            for n in graph[p[-1]]:
                if n not in seen:
                    seen.add(n)
                    queue.append(p + [n])
    assert (path({'a': 'bc', 'b': 'd', 'c': 'de', 'd': 'f', 'e': 'f', 'f': ''}, 'a', 'f')
            == ["a", "b", "d", "f"])


def test_dijkstra():
    def shortest(g, s):
        dist, done = {s: 0}, set()
        while len(done) < len(dist):
            u = min((d, n) for n, d in dist.items() if n not in done)[1]
            done.add(u)
            for v, w in g[u].items():
                if v not in dist or dist[u] + w < dist[v]: dist[v] = dist[u] + w
        return dist
    assert (shortest({'a': {'b': 7, 'c': 3}, 'b': {'d': 2}, 'c': {'b': 1, 'd': 8}, 'd': {}}, 'a')
            == {"a": 0, "b": 4, "c": 3, "d": 6})


def test_topological_order():
    def order(deps):
        out, state = [], {}
        def visit(n):
            if state.get(n) == 1: raise ValueError('cycle at ' + n)
            if n in state: return
            state[n] = 1
            for d in deps.get(n, ()): visit(d)
            state[n] = 2
            out.append(n)
        for n in deps: visit(n)
        return out
    assert (order({'app': ['lib', 'log'], 'lib': ['core'], 'log': ['core'], 'core': []})
            == ["core", "lib", "log", "app"])
    assert error(lambda: order({'a': ['b'], 'b': ['a']})) == "ValueError: cycle at a"


def test_matrix_product_and_determinant():
    def mul(a, b): return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
    def det(m):
        if not m: return 1
        return sum((-1) ** i * m[0][i] * det([r[:i] + r[i + 1:] for r in m[1:]]) for i in range(len(m)))
    assert mul([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]
    assert det([[2, 0, 1], [1, 3, 2], [1, 1, 1]]) == 0


def test_matrix_power_fibonacci():
    def mp(m, n):
        r = ((1, 0), (0, 1))
        mul = lambda a, b: tuple(tuple(sum(x * y for x, y in zip(p, q)) for q in zip(*b)) for p in a)
        while n:
            if n & 1: r = mul(r, m)
            m = mul(m, m)
            n >>= 1
        return r
    assert mp(((1, 1), (1, 0)), 100)[0][1] == 354224848179261915075


def test_fractions_class():
    class F:
        def __init__(self, n, d=1):
            a, b = n, d
            while b: a, b = b, a % b
            self.n, self.d = n // a, d // a
        def __add__(self, o): return F(self.n * o.d + o.n * self.d, self.d * o.d)
        def __mul__(self, o): return F(self.n * o.n, self.d * o.d)
        def __eq__(self, o): return (self.n, self.d) == (o.n, o.d)
        def __repr__(self): return f'{self.n}/{self.d}'
    assert repr(F(1, 2) + F(1, 3)) == "5/6"
    assert repr(F(2, 4) * F(2, 3)) == "1/3"
    r = F(0)
    for i in range(1, 21): r = r + F(1, i)
    assert repr(r) == "55835135/15519504"


def test_pi_digits():
    def pi(n):
        q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
        out = []
        while len(out) < n:
            if 4 * q + r - t < m * t:
                out.append(m)
                q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
            else:
                q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
        return ''.join(map(str, out))
    assert pi(50) == "31415926535897932384626433832795028841971693993751"


def test_e_digits():
    def e(n):
        a = t = 10 ** (n + 10)
        k = 1
        while t:
            t //= k
            a += t
            k += 1
        return str(a // 10 ** 10)
    assert e(40) == "27182818284590452353602874713526624977572"


def test_square_root_by_newton():
    def isqrt(n):
        x = 1 << (n.bit_length() + 1) // 2
        while True:
            y = (x + n // x) // 2
            if y >= x: return x
            x = y
    assert isqrt(2 * 10 ** 60) == 1414213562373095048801688724209
    assert (error(lambda: [isqrt(i) for i in range(10)])
            == "ZeroDivisionError: integer division or modulo by zero")


def test_modular_arithmetic():
    def is_prime(n):
        if n < 4: return n > 1
        d, s = n - 1, 0
        while d % 2 == 0: d, s = d // 2, s + 1
        for a in (2, 3, 5, 7, 11, 13):
            if a % n == 0: continue
            x = pow(a, d, n)
            if x in (1, n - 1): continue
            for _ in range(s - 1):
                x = x * x % n
                if x == n - 1: break
            else: return False
        return True
    assert ([n for n in range(50) if is_prime(n)]
            == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47])
    assert is_prime(2 ** 61 - 1) is True
    assert is_prime(2 ** 67 - 1) is False


def test_roman_numerals():
    def roman(n):
        out = ''
        for v, s in zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), 'M CM D CD C XC L XL X IX V IV I'.split()):
            while n >= v: out, n = out + s, n - v
        return out
    assert ([roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1999, 2024)]
            == ["I", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIX", "MMXXIV"])


def test_number_words():
    def words(n):
        small = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split()
        tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split()
        if n < 20: return small[n]
        if n < 100: return tens[n // 10 - 2] + ('-' + small[n % 10] if n % 10 else '')
        if n < 1000: return small[n // 100] + ' hundred' + (' ' + words(n % 100) if n % 100 else '')
        return words(n // 1000) + ' thousand' + (' ' + words(n % 1000) if n % 1000 else '')
    assert ((words(7), words(42), words(110), words(98765))
            == ("seven", "forty-two", "one hundred ten", "ninety-eight thousand seven hundred sixty-five"))


def test_base_conversion():
    def to_base(n, b):
        d = '0123456789abcdefghijklmnopqrstuvwxyz'
        return d[n] if n < b else to_base(n // b, b) + d[n % b]
    assert to_base(10**20, 36) == "l3r41ifs0q5ts"
    assert int(to_base(123456789, 7), 7) == 123456789


def test_caesar_and_vigenere():
    def caesar(s, k): return ''.join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)
    def vig(s, key): return ''.join(caesar(c, ord(key[i % len(key)]) - 97) for i, c in enumerate(s))
    assert caesar('hello, world', 3) == "khoor, zruog"
    assert caesar(caesar('abc xyz', 5), -5) == "abc xyz"
    assert vig('attackatdawn', 'lemon') == "lxfopvefrnhr"


def test_run_length_coding():
    def encode(s):
        out = []
        for c in s:
            if out and out[-1][0] == c: out[-1][1] += 1
            else: out.append([c, 1])
        return ''.join(f'{n}{c}' for c, n in out)
    assert encode('aaabccdddd') == "3a1b2c4d"


def test_huffman():
    def codes(text):
        heap = sorted(((text.count(c), c, c) for c in set(text)), key=lambda t: (t[0], t[1]))
        while len(heap) > 1:
            a, b = heap.pop(0), heap.pop(0)
            heap.append((a[0] + b[0], min(a[1], b[1]), (a[2], b[2])))
            heap.sort(key=lambda t: (t[0], t[1]))
        out = {}
        def walk(t, p):
            if isinstance(t, str): out[t] = p
            else:
                walk(t[0], p + '0')
                walk(t[1], p + '1')
        walk(heap[0][2], '')
        return out
    assert codes('abracadabra') == {"a": "0", "r": "10", "b": "110", "c": "1110", "d": "1111"}


def test_crc32():
    def crc(data):
        c = 0xffffffff
        for b in data:
            c ^= b
            for _ in range(8): c = c >> 1 ^ (0xedb88320 if c & 1 else 0)
        return c ^ 0xffffffff
    assert hex(crc(b'123456789')) == "0xcbf43926"
    assert hex(crc(b'')) == "0x0"


def test_adler_and_fletcher():
    def adler(d):
        a, b = 1, 0
        for x in d:
            a = (a + x) % 65521
            b = (b + a) % 65521
        return b << 16 | a
    assert hex(adler(b'Wikipedia')) == "0x11e60398"


def test_md5_by_hand():
    def md5(m):
        import math
        s = [7, 12, 17, 22] * 4 + [5, 9, 14, 20] * 4 + [4, 11, 16, 23] * 4 + [6, 10, 15, 21] * 4
        k = [int(abs(math.sin(i + 1)) * 2**32) for i in range(64)]
        h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
        n = len(m) * 8
        m = m + b'\x80' + bytes((55 - len(m)) % 64) + n.to_bytes(8, 'little')
        for o in range(0, len(m), 64):
            w = [int.from_bytes(m[o + i:o + i + 4], 'little') for i in range(0, 64, 4)]
            a, b, c, d = h
            for i in range(64):
                if i < 16: f, g = b & c | ~b & d, i
                elif i < 32: f, g = d & b | ~d & c, (5 * i + 1) % 16
                elif i < 48: f, g = b ^ c ^ d, (3 * i + 5) % 16
                else: f, g = c ^ (b | ~d), 7 * i % 16
                f = (f + a + k[i] + w[g]) & 0xffffffff
                a, d, c = d, c, b
                b = (b + (f << s[i] | f >> 32 - s[i])) & 0xffffffff
            h = [(x + y) & 0xffffffff for x, y in zip(h, (a, b, c, d))]
        return b''.join(x.to_bytes(4, 'little') for x in h).hex()
    assert md5(b'') == "d41d8cd98f00b204e9800998ecf8427e"
    assert md5(b'The quick brown fox jumps over the lazy dog') == "9e107d9d372bb6826bd81d3542a419d6"


def test_sha256_by_hand():
    def sha256(m):
        primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))]
        frac = lambda p, r: int(root(p << 32 * r, r) & 0xffffffff)
        def root(n, r):
            lo, hi = 0, 1 << (n.bit_length() // r + 1)
            while lo < hi:
                mid = (lo + hi + 1) // 2
                if mid ** r <= n: lo = mid
                else: hi = mid - 1
            return lo
        h = [frac(p, 2) for p in primes[:8]]
        k = [frac(p, 3) for p in primes[:64]]
        rot = lambda x, n: (x >> n | x << 32 - n) & 0xffffffff
        n = len(m) * 8
        m = m + b'\x80' + bytes((55 - len(m)) % 64) + n.to_bytes(8, 'big')
        for o in range(0, len(m), 64):
            w = [int.from_bytes(m[o + i:o + i + 4], 'big') for i in range(0, 64, 4)]
            for i in range(16, 64):
                a, b = w[i - 15], w[i - 2]
                w.append((w[i - 16] + (rot(a, 7) ^ rot(a, 18) ^ a >> 3) + w[i - 7] + (rot(b, 17) ^ rot(b, 19) ^ b >> 10)) & 0xffffffff)
            v = h[:]
            for i in range(64):
                a, b, c, d, e, f, g, q = v
                t = q + (rot(e, 6) ^ rot(e, 11) ^ rot(e, 25)) + (e & f ^ ~e & g) + k[i] + w[i]
                u = (rot(a, 2) ^ rot(a, 13) ^ rot(a, 22)) + (a & b ^ a & c ^ b & c)
                v = [(t + u) & 0xffffffff, a, b, c, (d + t) & 0xffffffff, e, f, g]
            h = [(x + y) & 0xffffffff for x, y in zip(h, v)]
        return ''.join(f'{x:08x}' for x in h)
    assert sha256(b'') == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256(b'abc') == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_base64_by_hand():
    def b64(data):
        t = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
        out = ''
        for i in range(0, len(data), 3):
            n = int.from_bytes(data[i:i + 3].ljust(3, b'\0'), 'big')
            out += ''.join(t[n >> s & 63] for s in (18, 12, 6, 0))
        pad = -len(data) % 3
        return out[:-pad] + '=' * pad if pad else out
    assert [b64(b'Man'[:i]) for i in range(4)] == ["", "TQ==", "TWE=", "TWFu"]


def test_linear_congruential_generator():
    def lcg(seed):
        while True:
            seed = (seed * 1103515245 + 12345) % 2**31
            yield seed
    g = lcg(42)
    assert ([next(g) for _ in range(5)]
            == [1250496027, 1116302264, 1000676753, 1668674806, 908095735])


def test_mersenne_twister_by_hand():
    def mt(seed):
        s = [seed]
        for i in range(1, 624): s.append(1812433253 * (s[-1] ^ s[-1] >> 30) + i & 0xffffffff)
        while True:
            for i in range(624):
                y = s[i] & 0x80000000 | s[(i + 1) % 624] & 0x7fffffff
                s[i] = s[(i + 397) % 624] ^ y >> 1 ^ (0x9908b0df if y & 1 else 0)
            for y in s:
                y ^= y >> 11
                y ^= y << 7 & 0x9d2c5680
                y ^= y << 15 & 0xefc60000
                yield y ^ y >> 18
    g = mt(5489)
    assert [next(g) for _ in range(3)] == [3499211612, 581869302, 3890346734]


def test_game_of_life():
    def step(cells):
        near = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy: near[x + dx, y + dy] = near.get((x + dx, y + dy), 0) + 1
        return {c for c, n in near.items() if n == 3 or n == 2 and c in cells}
    g = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
    for _ in range(4): g = step(g)
    assert sorted(g) == [(1, 3), (2, 1), (2, 3), (3, 2), (3, 3)]


def test_mandelbrot():
    def inside(c):
        z = 0
        for i in range(30):
            z = z * z + c
            if abs(z) > 2: return ' .:-=+*#%@'[i % 10]
        return '#'
    assert ([''.join(inside(complex(x / 16 - 1.5, y / 4)) for x in range(36)) for y in (-4, 0, 2)]
            == [".:::::::::::::----==+#:@#----:::....", "############################# *+=--:", ":::--======++%.###############%+=-::"])


def test_brainfuck():
    def bf(code, data=''):
        jump, stack = {}, []
        for i, c in enumerate(code):
            if c == '[': stack.append(i)
            elif c == ']': jump[i] = stack.pop(); jump[jump[i]] = i
        tape, p, i, out = [0] * 300, 0, 0, []
        while i < len(code):
            match code[i]:
                case '>': p += 1
                case '<': p -= 1
                case '+': tape[p] = (tape[p] + 1) % 256
                case '-': tape[p] = (tape[p] - 1) % 256
                case '.': out.append(chr(tape[p]))
                case '[' if not tape[p]: i = jump[i]
                case ']' if tape[p]: i = jump[i]
            i += 1
        return ''.join(out)
    assert (bf('++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.')
            == "Hello World!")


def test_calculator():
    class Calc:
        def __init__(self, text):
            self.toks, n = [], ''
            for c in text + ' ':
                if c.isdigit() or c == '.': n += c
                else:
                    if n: self.toks.append(float(n)); n = ''
                    if c.strip(): self.toks.append(c)
            self.toks.append(None)
            self.i = 0
        def take(self):
            self.i += 1
            return self.toks[self.i - 1]
        def peek(self): return self.toks[self.i]
        def sum(self):
            v = self.product()
            while self.peek() in ('+', '-'): v = v + self.product() if self.take() == '+' else v - self.product()
            return v
        def product(self):
            v = self.atom()
            while self.peek() in ('*', '/'): v = v * self.atom() if self.take() == '*' else v / self.atom()
            return v
        def atom(self):
            t = self.take()
            if t == '-': return -self.atom()
            if t == '(':
                v = self.sum()
                assert self.take() == ')', 'missing )'
                return v
            if not isinstance(t, float): raise SyntaxError(f'unexpected {t!r}')
            return t
    assert repr(Calc('1 + 2 * (3 - 4) / -2').sum()) == "2.0"
    assert error(lambda: Calc('2 *').sum()) == "SyntaxError: unexpected None"
    assert error(lambda: Calc('(1').sum()) == "AssertionError: missing )"


def test_json_reader_and_writer():
    def write(v):
        match v:
            case None: return 'null'
            case True: return 'true'
            case False: return 'false'
            case int() | float(): return repr(v)
            case str(): return '"' + ''.join({'"': '\\"', '\\': '\\\\', '\n': '\\n'}.get(c, c) for c in v) + '"'
            case list() | tuple(): return '[' + ', '.join(map(write, v)) + ']'
            case dict(): return '{' + ', '.join(f'{write(k)}: {write(x)}' for k, x in v.items()) + '}'
            case _: raise TypeError(f'cannot write {type(v).__name__}')
    def read(s):
        def value(i):
            while s[i].isspace(): i += 1
            if s[i] == '[':
                out, i = [], i + 1
                while s[i] != ']':
                    v, i = value(i)
                    out.append(v)
                    while s[i] in ', ': i += 1
                return out, i + 1
            if s[i] == '{':
                out, i = {}, i + 1
                while s[i] != '}':
                    k, i = value(i)
                    v, i = value(s.index(':', i) + 1)
                    out[k] = v
                    while s[i] in ', ': i += 1
                return out, i + 1
            if s[i] == '"':
                j = i + 1
                while s[j] != '"': j += 1 + (s[j] == '\\')
                return s[i + 1:j].replace('\\n', '\n').replace('\\"', '"'), j + 1
            for w, v in ('null', None), ('true', True), ('false', False):
                if s.startswith(w, i): return v, i + len(w)
            j = i
            while j < len(s) and s[j] in '+-.eE0123456789': j += 1
            return (float if '.' in s[i:j] else int)(s[i:j]), j
        return value(0)[0]
    data = {'a': [1, 2.5, None, True], 'b': {'c': 'x "q"\n'}, 'd': []}
    assert write(data) == '{"a": [1, 2.5, null, true], "b": {"c": "x \\"q\\"\\n"}, "d": []}'
    assert (read(write(data)) == data) is True
    assert error(lambda: write({1, 2})) == "TypeError: cannot write set"


def test_lru_cache():
    class LRU:
        def __init__(self, n): self.n, self.d = n, {}
        def __getitem__(self, k):
            v = self.d[k] = self.d.pop(k)
            return v
        def __setitem__(self, k, v):
            self.d.pop(k, None)
            self.d[k] = v
            if len(self.d) > self.n: del self.d[next(iter(self.d))]
    c = LRU(2)
    c['a'] = 1
    c['b'] = 2
    c['a']
    c['c'] = 3
    assert c.d == {"a": 1, "c": 3}
    assert error(lambda: c['b']) == "KeyError: 'b'"


def test_linked_list():
    class Node:
        __slots__ = ('v', 'next')
        def __init__(self, v, next=None): self.v, self.next = v, next
        def __iter__(self):
            while self:
                yield self.v
                self = self.next
    def reverse(n):
        out = None
        while n: n.next, out, n = out, n, n.next
        return out
    assert list(reverse(Node(1, Node(2, Node(3))))) == [3, 2, 1]


def test_binary_tree():
    class Tree:
        def __init__(self): self.root = None
        def add(self, v):
            if self.root is None: self.root = [v, None, None]; return
            n = self.root
            while True:
                i = 1 if v < n[0] else 2
                if n[i] is None: n[i] = [v, None, None]; return
                n = n[i]
        def __iter__(self):
            def walk(n):
                if n:
                    yield from walk(n[1])
                    yield n[0]
                    yield from walk(n[2])
            return walk(self.root)
    t = Tree()
    for v in 'the quick brown fox jumps'.split(): t.add(v)
    assert list(t) == ["brown", "fox", "jumps", "quick", "the"]


def test_trie():
    def make(*ws):
        root = {}
        for w in ws:
            d = root
            for c in w: d = d.setdefault(c, {})
            d[''] = w
        return root
    def find(t, p):
        for c in p: t = t.get(c, {})
        def walk(t):
            for k, v in sorted(t.items()):
                if k == '': yield v
                else: yield from walk(v)
        return list(walk(t))
    assert find(make('car', 'cart', 'cat', 'dog'), 'ca') == ["car", "cart", "cat"]


def test_sudoku_row_solver():
    def solve(g):
        for i in range(16):
            if g[i] == '.':
                r, c = divmod(i, 4)
                used = {g[j] for j in range(16) if j // 4 == r or j % 4 == c or (j // 8, j % 4 // 2) == (r // 2, c // 2)}
                for d in '1234':
                    if d not in used:
                        s = solve(g[:i] + d + g[i + 1:])
                        if s: return s
                return None
        return g
    assert solve('1..4' '....' '....' '2..3') == "1234341243212143"


def test_change_making():
    def ways(n, coins):
        t = [1] + [0] * n
        for c in coins:
            for i in range(c, n + 1): t[i] += t[i - c]
        return t[n]
    assert ways(100, [1, 5, 10, 25, 50]) == 292


def test_pascal_triangle():
    row = [1]
    out = []
    for _ in range(6):
        out.append(row)
        row = [a + b for a, b in zip([0, *row], [*row, 0])]
    assert out == [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1], [1, 5, 10, 10, 5, 1]]


def test_word_count():
    text = 'the cat and the dog and the bird'
    d = {}
    for w in text.split(): d[w] = d.get(w, 0) + 1
    assert (sorted(d.items(), key=lambda p: (-p[1], p[0]))
            == [("the", 3), ("and", 2), ("bird", 1), ("cat", 1), ("dog", 1)])


def test_transpose_and_spiral():
    m = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert [list(r) for r in zip(*m)] == [[1, 4, 7], [2, 5, 8], [3, 6, 9]]
    def spiral(m): return m and [*m[0], *spiral([list(r) for r in zip(*m[1:])][::-1])]
    assert spiral(m) == [1, 2, 3, 6, 9, 8, 7, 4, 5]


def test_text_wrapping():
    def wrap(s, n):
        lines = ['']
        for w in s.split():
            if lines[-1] and len(lines[-1]) + 1 + len(w) > n: lines.append(w)
            else: lines[-1] = (lines[-1] + ' ' + w).strip()
        return lines
    assert (wrap('the quick brown fox jumps over the lazy dog', 12)
            == ["the quick", "brown fox", "jumps over", "the lazy dog"])


def test_balanced_brackets():
    def ok(s):
        st = []
        for c in s:
            if c in '([{': st.append(c)
            elif c in ')]}':
                if not st or '([{'.index(st.pop()) != ')]}'.index(c): return False
        return not st
    assert [ok(s) for s in ('()', '([]{})', '(]', '((', '')] == [True, True, False, False, True]


def test_church_numerals():
    zero = lambda f: lambda x: x
    succ = lambda n: lambda f: lambda x: f(n(f)(x))
    add = lambda m: lambda n: lambda f: lambda x: m(f)(n(f)(x))
    num = lambda n: n(lambda x: x + 1)(0)
    three = succ(succ(succ(zero)))
    assert num(add(three)(three)) == 6
    assert ((lambda f: (lambda x: x(x))(lambda x: f(lambda v: x(x)(v))))(lambda r: lambda n: 1 if n == 0 else n * r(n - 1))(6)
            == 720)


def test_state_machine_with_generators():
    def machine():
        state, log = 'idle', []
        while True:
            event = yield state
            state = {('idle', 'start'): 'running', ('running', 'pause'): 'paused', ('paused', 'start'): 'running', ('running', 'stop'): 'idle'}.get((state, event), state)
    m = machine()
    next(m)
    assert ([m.send(e) for e in ('start', 'pause', 'start', 'stop', 'pause')]
            == ["running", "paused", "running", "idle", "idle"])


def test_round_robin_scheduler():
    def task(name, n):
        for i in range(n): yield f'{name}{i}'
    def run(*tasks):
        tasks = list(tasks)
        while tasks:
            t = tasks.pop(0)
            try: yield next(t)
            except StopIteration: continue
            tasks.append(t)
    assert (list(run(task('a', 2), task('b', 3), task('c', 1)))
            == ["a0", "b0", "c0", "a1", "b1", "b2"])


def test_event_loop_with_coroutines():
    class Sleep:
        def __init__(self, n): self.n = n
        def __await__(self): yield self.n
    async def worker(name, n, log):
        for i in range(n):
            await Sleep(n)
            log.append((name, i))
    def loop(*cos):
        ready, now = [(0, i, c) for i, c in enumerate(cos)], 0
        while ready:
            ready.sort(key=lambda t: t[:2])
            now, i, c = ready.pop(0)
            try: ready.append((now + c.send(None), i, c))
            except StopIteration: pass
        return now
    log = []
    assert loop(worker('a', 2, log), worker('b', 3, log)) == 9
    assert log == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("b", 2)]


def test_numeric_integration_and_roots():
    def integrate(f, a, b, n=1000):
        h = (b - a) / n
        return h / 3 * sum(f(a + i * h) * (1 if i in (0, n) else 4 if i % 2 else 2) for i in range(n + 1))
    def bisect(f, a, b):
        while b - a > 1e-12:
            m = (a + b) / 2
            if f(m) * f(a) <= 0: b = m
            else: a = m
        return a
    assert repr(round(integrate(lambda x: x * x, 0, 3), 9)) == "9.0"
    assert repr(round(bisect(lambda x: x * x - 2, 0, 2), 9)) == "1.414213562"


def test_levenberg_style_float_sums():
    assert repr(sum(1 / (k * k) for k in range(1, 2000))) == "1.644433941827393"
    assert repr(sum((-1) ** k / (2 * k + 1) for k in range(2000)) * 4) == "3.1410926536210435"
    x = 0.5
    for _ in range(50): x = 3.7 * x * (1 - x)
    assert repr(x) == "0.9210729838175427"


def test_big_power_towers():
    assert pow(3, 3**20, 10**9 + 7) == 112070339
    assert len(str(2**10000 if False else 2**9000)) == 2710
    assert (2**521 - 1) % 1000003 == 819262
    assert sum(int(c) for c in str(3**500)) == 1035


main(globals())

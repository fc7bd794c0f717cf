# Native modules at work while memory runs out.
from _run import main
import array, binascii, bisect, codecs, collections, contextvars, copy, csv, datetime, decimal, functools, hashlib, heapq
import io, itertools, json, math, operator, os, pickle, random, re, struct, time, unicodedata, zlib


def test_array():
    a = array.array("d", [1, 2, 3])
    a.append(4), a.extend([5] * 20), a.insert(0, 9), a.tolist(), a.tobytes(), a[1:3], a + a, a * 2, repr(a), a.byteswap(), a.pop(), a.reverse()
    array.array("i", range(5)), array.array("w", "text").tounicode(), a.buffer_info(), a == a[:], a.fromlist([1.5])
    a[1:2] = array.array("d", [7, 8])


def test_collections():
    d = collections.deque([1, 2, 3], 100)
    d.append(4), d.appendleft(0), d.extend(range(200)), d.rotate(3), d.pop(), d.popleft(), d.copy(), repr(d), d + d, d * 2, d.index(150), list(reversed(d)), d.clear()
    o = collections.OrderedDict(a=1, b=2)
    o.move_to_end("a"), o.popitem(), repr(o), o.copy(), o | {"z": 1}, list(reversed(o)), list(o.items())
    c = collections.defaultdict(list)
    c["x"].append(1), repr(c), c.copy()
    collections.Counter("abracadabra").most_common(2), collections.ChainMap({}, {"a": 1})["a"]


def test_itertools():
    i = itertools
    list(i.islice(i.count(1 << 40, 3), 3)), list(i.islice(i.cycle("ab"), 5)), list(i.repeat(1, 3)), list(i.chain("ab", [1])), list(i.product("ab", repeat=2))
    list(i.permutations("abc", 2)), list(i.combinations("abc", 2)), list(i.combinations_with_replacement("ab", 2)), list(i.accumulate([1, 2, 3])), list(i.batched("abcde", 2))
    list(i.groupby("aab")), [list(g) for _, g in i.groupby("aab")], list(i.tee("ab")[1]), list(i.zip_longest("ab", "c")), list(i.pairwise("abc")), list(i.starmap(pow, [(2, 70)]))
    list(i.takewhile(str.isalpha, "a1")), list(i.dropwhile(str.isalpha, "a1")), list(i.compress("ab", [0, 1])), list(i.filterfalse(None, [0, 1]))


def test_functools():
    p = functools.partial(divmod, 1 << 70)
    p(7), repr(p), functools.partial(p, 3)(), functools.reduce(operator.add, [[1], [2]]), sorted("ba", key=functools.cmp_to_key(lambda a, b: a > b))
    @functools.lru_cache(2)
    def f(a, b=1):
        return [a, b]
    f(1), f(2), f(3), f(1, b=3), f.cache_info(), f.cache_clear()
    @functools.lru_cache(None)
    def g(a):
        return [a]
    g(1), g("a"), g(1)


def test_operator():
    operator.itemgetter(1, 2)("abc"), operator.attrgetter("real", "imag.real")(5), operator.methodcaller("split", "a")("bab"), repr(operator.itemgetter(1)), operator.concat([1], [2])


def test_struct():
    struct.pack(">iqd5s?", 1, 2, 3.5, b"abc", True), struct.unpack("<3h", b"abcdef"), list(struct.iter_unpack("B", b"abc")), struct.Struct("2i").size, struct.calcsize("qq")


def test_re():
    m = re.compile(r"(?P<a>\w+)\s+(\d+)?").match("alpha 123 beta")
    m.groups(), m.groupdict(), m.group("a", 2), m.span(1), repr(m), m.expand(r"\1-\2"), m[0]
    re.findall(r"\w", "a b c"), re.sub(r"(\w)", r"<\1>", "ab"), re.split(r"\s", "a b"), list(re.finditer("a", "banana")), re.sub("a", lambda m: m[0] * 2, "banana")


def test_re_compile():
    re.purge()
    re.compile(r"(?i)[a-z\d]+|(?:x{2,3}?)(?=y)(?<!z)\b")


def test_json():
    text = json.dumps({"a": [1, 2.5, None, True, "\u0394\n"], "b": {"c": 1 << 70}}, indent=1)
    json.loads(text), json.dumps([1, "a"]), json.loads('["x", 1e5, -3, {"k": []}]')
    try:
        json.loads('{"a": ]')
    except ValueError as error:
        str(error)


def test_pickle():
    value = [1, 1.5, 1 << 70, "text" * 20, b"bytes", (1, 2), {"a": {3}}, None, True, 2j, frozenset([1]), bytearray(b"x"), collections.OrderedDict(a=1)]
    value.append(value)
    try:
        for protocol in (0, 2, 5):
            pickle.loads(pickle.dumps(value, protocol))
        pickle.dumps(len), pickle.loads(pickle.dumps(datetime.date(2020, 1, 1)))
    except pickle.PicklingError:  # what it becomes when an import fails, in CPython too
        raise MemoryError


def test_copy():
    copy.deepcopy({"a": [1, (2, [3])], "b": {4}}), copy.copy([1, 2])


def test_datetime():
    d = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456, datetime.timezone.utc)
    d.isoformat(), repr(d), d + datetime.timedelta(days=1.5), d - d, d.strftime("%Y-%m-%d %H:%M"), d.date(), d.time(), d.replace(year=2020), d.timetuple(), hash(d)
    datetime.datetime.fromisoformat("2024-01-02T03:04:05+02:00"), d.astimezone(datetime.timezone(datetime.timedelta(hours=2), "X")), str(datetime.timedelta(1, 2, 3)), d == d, d.isocalendar(), d.ctime()
    datetime.timedelta(5) * 3, datetime.timedelta(5) / 3, datetime.date.fromordinal(5), datetime.time(1, 2).isoformat(), datetime.datetime.strptime("2020", "%Y")


def test_decimal():
    D = decimal.Decimal
    a, b = D("1.25"), D(7)
    a + b, a / b, a * b, a ** 2, a % b, divmod(b, a), -a, abs(a), str(a), repr(a), a.quantize(D("0.1")), a.sqrt(), a.as_tuple(), int(b), float(a), hash(a), format(a, ".3f"), D(1.5), a < b, a.exp(), a.normalize()
    with decimal.localcontext(prec=50) as context:
        D(1) / 3, context.copy(), repr(context)


def test_math():
    math.factorial(30), math.comb(50, 20), math.gcd(1 << 70, 6), math.isqrt(1 << 90), math.fsum([0.1] * 10), math.prod([1 << 40, 1 << 40]), math.floor(1e20), math.hypot(1, 2, 3), math.sumprod([1, 2], [3, 4.5]), math.perm(10, 3), math.frexp(3.5), math.dist([1, 2], [3, 4])


def test_random():
    r = random.Random(5)
    r.random(), r.getrandbits(100), r.getstate(), r.shuffle([1, 2, 3]), r.sample(range(10), 3), r.randbytes(5), r.setstate(r.getstate()), r.choice("abc")


def test_codecs():
    for encoding in ("utf-8", "utf-16", "utf-32", "latin-1", "ascii", "utf-7", "cp1252", "unicode_escape", "raw_unicode_escape", "punycode"):
        data = "abc".encode(encoding)
        data.decode(encoding), "a\u0394".encode(encoding, "replace"), "a\udc80".encode(encoding, "backslashreplace") if encoding[:3] == "asc" else 0
    b"\xff\xfe".decode("utf-8", "surrogateescape"), b"\xff".decode("ascii", "backslashreplace"), codecs.lookup("utf-8"), codecs.getincrementaldecoder("utf-8")().decode(b"ab\xce")
    try:
        b"\xff".decode()
    except UnicodeDecodeError as error:
        str(error)
    try:
        "\u0394".encode("ascii")
    except UnicodeEncodeError as error:
        str(error)


def test_text_modules():
    binascii.hexlify(b"abc"), binascii.b2a_base64(b"abc"), binascii.a2b_base64(b"YWJj"), unicodedata.normalize("NFKD", "\u00e9\ufb01"), unicodedata.name("a"), unicodedata.lookup("DIGIT ONE")
    list(csv.reader(["a,b,\"c d\"", "1,2,3"], quoting=csv.QUOTE_MINIMAL))
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b\"c"], [1, 2.5]])


def test_compression_and_hashes():
    zlib.decompress(zlib.compress(b"text" * 50)), zlib.crc32(b"a"), hashlib.sha256(b"text").hexdigest(), hashlib.md5(b"x").digest(), hashlib.blake2b(b"x", digest_size=8).hexdigest(), hashlib.new("sha1", b"x").copy()
    c = zlib.compressobj()
    c.compress(b"abc" * 100) + c.flush(), zlib.decompressobj().decompress(zlib.compress(b"abc"))


def test_heap_and_bisect():
    h = [5, 3, 8]
    heapq.heapify(h), heapq.heappush(h, 1), heapq.heappop(h), heapq.nsmallest(2, h), list(heapq.merge([1, 3], [2])), bisect.insort(h, 4), bisect.bisect(h, 3, key=lambda x: x)


def test_contextvars():
    def run():
        v = contextvars.ContextVar("v", default=[1])
        token = v.set(5)
        v.get(), repr(v), repr(token), contextvars.copy_context().run(v.set, 7), list(contextvars.copy_context().items()), v.reset(token)
    contextvars.copy_context().run(run)  # the context keeps its variables


def test_system():
    os.stat("."), os.listdir("/"), os.getcwd(), os.environ.get("PATH"), list(os.scandir("/"))[0].name, os.fspath("x"), os.path.join("a", "b"), os.urandom(5), os.fsencode("a"), os.cpu_count()
    time.gmtime(0), time.strftime("%Y", time.gmtime(0)), time.time(), time.localtime(5).tm_year, repr(time.gmtime(0)), time.get_clock_info("time")


main(globals())

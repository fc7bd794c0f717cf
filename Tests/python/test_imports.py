# The import system, with modules made in a temporary folder.
import os
import sys
import tempfile
from _run import error, main


class Folder:
    """A temporary folder on sys.path with the given files; forgets what was imported from it."""
    def __init__(self, **files): self.files = files
    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.path = self.temporary.name
        for name, text in self.files.items():
            package = name.endswith('__init__')
            parts = name.removesuffix('____init__').split('__') + ['__init__'] * package
            path = os.path.join(self.path, *parts) + '.py'
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as f:
                f.write(text)
        sys.path.insert(0, self.path)
        self.known = set(sys.modules)
        sys.path_importer_cache.clear()
        return self
    def __exit__(self, *a):
        sys.path.remove(self.path)
        for name in set(sys.modules) - self.known:
            del sys.modules[name]
        self.temporary.cleanup()


def test_plain_module():
    with Folder(one='x = 5\ndef f(): return x'):
        import one
        r = one.x, one.f(), one.__name__, os.path.basename(one.__file__), one.__package__
    assert r == (5, 5, "one", "one.py", "")


def test_module_is_run_once():
    with Folder(counted='import sys\nsys.runs = getattr(sys, "runs", 0) + 1'):
        import counted
        import counted as again
        same = counted is again
        n = sys.runs
        del sys.runs
    assert repr((same, n)) == "(True, 1)"


def test_from_import():
    with Folder(two='a = 1\nb = 2\n_c = 3'):
        from two import a, b as bee, _c
    assert (a, bee, _c) == (1, 2, 3)


def test_from_import_missing_name():
    with Folder(three='a = 1'):
        e = error(lambda: __import__('three', fromlist=['zz']).zz)
        try:
            from three import nothing
        except ImportError as i:
            m = str(i).replace(sys.path[0], 'FOLDER'), i.name, os.path.basename(i.path), i.name_from
    assert e == "AttributeError: module 'three' has no attribute 'zz'"
    assert (m
            == ("cannot import name 'nothing' from 'three' (FOLDER/three.py)", "three", "three.py", "nothing"))


def test_missing_module():
    try:
        import no_such_module_xyz
    except ModuleNotFoundError as e:
        r = str(e), e.name, e.path
    assert r == ("No module named 'no_such_module_xyz'", "no_such_module_xyz", None)
    try:
        import sys.nothing
    except ModuleNotFoundError as e:
        r = str(e), e.name
    assert r == ("No module named 'sys.nothing'; 'sys' is not a package", "sys.nothing")


def test_package():
    with Folder(pack____init__='v = 1', pack__sub='from . import v\nw = v + 1', pack__deep____init__='', pack__deep__leaf='from ..sub import w'):
        import pack.deep.leaf
        r = pack.v, pack.sub.w, pack.deep.leaf.w, pack.deep.leaf.__package__, pack.deep.leaf.__name__
        p = type(pack.__path__).__name__, pack.__spec__.submodule_search_locations == list(pack.__path__)
    assert r == (1, 2, 2, "pack.deep", "pack.deep.leaf")
    assert p == ("list", True)


def test_import_a_b_as_c():
    with Folder(pk____init__='', pk__m='x = 7'):
        import pk.m as short
        from pk import m
        r = short.x, m is short
    assert repr(r) == "(7, True)"


def test_import_binds_the_top_name():
    with Folder(top____init__='n = "top"', top__s='n = "sub"'):
        import top.s
        r = top.n, top.s.n
    assert r == ("top", "sub")


def test_star_import():
    with Folder(st='a = 1\n_b = 2\nc = 3', al='__all__ = ["a", "_b"]\na = 1\n_b = 2\nc = 3', bad='__all__ = ["zz"]', odd='__all__ = [5]'):
        ns = {}
        exec('from st import *', ns)
        r = sorted(k for k in ns if not k.startswith('__'))
        ns2 = {}
        exec('from al import *', ns2)
        r2 = sorted(k for k in ns2 if not k.startswith('__'))
        e1 = error(exec, 'from bad import *', {})
        e2 = error(exec, 'from odd import *', {})
    assert r == ["a", "c"]
    assert r2 == ["_b", "a"]
    assert e1 == "AttributeError: module 'bad' has no attribute 'zz'"
    assert e2 == "TypeError: Item in odd.__all__ must be str, not int"


def test_star_import_of_submodules_in_all():
    with Folder(ps____init__='__all__ = ["m"]', ps__m='x = 1'):
        ns = {}
        exec('from ps import *', ns)
        r = ns['m'].x
    assert r == 1


def test_relative_import_errors():
    assert error(exec, 'from . import x', {}) == 'KeyError: "\'__name__\' not in globals"'
    assert (error(exec, 'from . import x', {'__name__': 'm', '__package__': ''})
            == "ImportError: attempted relative import with no known parent package")
    assert (error(exec, 'from .. import x', {'__name__': 'a.b', '__package__': 'a'})
            == "ImportError: attempted relative import beyond top-level package")
    assert (error(exec, 'from .x import y', {'__name__': '__main__', '__package__': None})
            == "ImportError: attempted relative import with no known parent package")
    assert (error(exec, 'from . import x', {'__name__': 'm', '__package__': 5})
            == "TypeError: package must be a string")
    assert error(exec, 'import x.', {}) == "SyntaxError: invalid syntax (<string>, line 1)"


def test_circular_imports():
    with Folder(ca='import cb\nx = 1\ny = cb.z', cb='import ca\nz = 2\nhas = hasattr(ca, "x")'):
        import ca
        r = ca.y, ca.cb.has
    assert repr(r) == "(2, False)"
    with Folder(cc='from cd import q\np = 1', cd='from cc import p\nq = 2'):
        try:
            import cc
        except ImportError as e:
            r = str(e).replace(sys.path[0], 'FOLDER')
    assert (r
            == "cannot import name 'p' from partially initialized module 'cc' (most likely due to a circular import) (FOLDER/cc.py)")


def test_error_while_importing_removes_the_module():
    with Folder(er='x = 1\n1 / 0'):
        e = error(lambda: __import__('er'))
        r = 'er' in sys.modules
    assert (e, r) == ("ZeroDivisionError: division by zero", False)


def test_syntax_error_while_importing():
    with Folder(se='x = = 1'):
        try:
            import se
        except SyntaxError as e:
            r = e.msg, e.lineno, os.path.basename(e.filename)
    assert r == ("invalid syntax", 1, "se.py")


def test_none_in_sys_modules_blocks():
    with Folder(bl='x = 1'):
        sys.modules['bl'] = None
        e = error(lambda: __import__('bl'))
        del sys.modules['bl']
    assert e == "ModuleNotFoundError: import of bl halted; None in sys.modules"


def test_module_may_replace_itself():
    with Folder(rep='import sys\nclass O: v = 5\nsys.modules[__name__] = O()'):
        import rep
        r = rep.v
    assert r == 5


def test_module_getattr():
    with Folder(mg='def __getattr__(n):\n    if n == "bad": raise AttributeError("no " + n)\n    return n * 2\ndef __dir__(): return ["z"]'):
        import mg
        from mg import abc
        r = mg.xy, abc, dir(mg), error(lambda: mg.bad)
    assert r == ("xyxy", "abcabc", ["z"], "AttributeError: no bad")


def test_namespace_package():
    with Folder(nsp__inner='x = 3') as f:
        import nsp.inner
        r = nsp.inner.x, nsp.__file__ if hasattr(nsp, '__file__') else 'no file', type(nsp.__path__).__name__, nsp.__spec__.loader is not None
    assert repr(r) == "(3, None, '_NamespacePath', True)"


def test_import_of_submodule_sets_attribute():
    with Folder(pa____init__='', pa__b=''):
        import pa
        before = hasattr(pa, 'b')
        import pa.b
        after = hasattr(pa, 'b')
    assert (before, after) == (False, True)


def test_import_in_function_is_local():
    with Folder(lo='x = 9'):
        def f():
            import lo
            return lo.x, 'lo' in locals()
        r = f()
    assert repr(r) == "(9, True)"


def test_dunder_import():
    with Folder(di____init__='', di__s='x = 1'):
        a = __import__('di.s').__name__
        b = __import__('di.s', fromlist=['x']).__name__
        c = __import__('s', {'__package__': 'di'}, level=1).__name__
        d = __import__('', {'__package__': 'di'}, fromlist=['s'], level=1).s.x
    assert (a, b, c, d) == ("di", "di.s", "di.s", 1)


def test_meta_path_finder():
    class Finder:
        @staticmethod
        def find_spec(name, path, target=None):
            if name == 'invented':
                Spec = type(sys.__spec__)
                return Spec(name, Loader())
    class Loader:
        def create_module(self, spec): return None
        def exec_module(self, module): module.value = 'made ' + module.__name__
    sys.meta_path.insert(0, Finder)
    import invented
    sys.meta_path.remove(Finder)
    assert invented.value == "made invented"
    assert (sys.modules.pop('invented') is invented) is True


def test_attributes_of_modules():
    with Folder(at='"""Doc."""\nx = 1'):
        import at
        names = sorted(n for n in dir(at))
        doc = at.__doc__
        spec = at.__spec__.name, at.__spec__.parent, at.__spec__.has_location, at.__spec__.origin == at.__file__
    assert (names
            == ["__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__spec__", "x"])
    assert doc == "Doc."
    assert spec == ("at", "", True, True)


def test_import_hooks_see_dotted_names_in_order():
    seen = []
    class Spy:
        @staticmethod
        def find_spec(name, path, target=None):
            seen.append((name, path is None))
    with Folder(sa____init__='', sa__sb____init__='', sa__sb__sc=''):
        sys.meta_path.insert(0, Spy)
        import sa.sb.sc
        sys.meta_path.remove(Spy)
    assert repr(seen) == "[('sa', True), ('sa.sb', False), ('sa.sb.sc', False)]"


def test_relative_imports_inside_packages():
    with Folder(rp____init__='from .a import x\nfrom . import b', rp__a='x = 1\nfrom .b import y', rp__b='y = 2\nfrom . import a as me', rp__q____init__='from .. import a\nfrom ..b import y as z\nfrom . import r', rp__q__r='from .. import b'):
        import rp.q
        r = rp.x, rp.a.y, rp.b.me is rp.a, rp.q.z, rp.q.r.b is rp.b
    assert repr(r) == "(1, 2, True, 2, True)"


def test_bytecode_cache_is_used_and_refreshed():
    old = sys.dont_write_bytecode
    sys.dont_write_bytecode = False
    with Folder(bc='x = 1') as f:
        import bc
        first = bc.x
        cached = os.path.exists(bc.__cached__)
        del sys.modules['bc']
        with open(os.path.join(f.path, 'bc.py'), 'w') as out:
            out.write('x = 2000')
        import bc
        second = bc.x
    sys.dont_write_bytecode = old
    assert repr((first, cached, second)) == "(1, True, 2000)"


def test_damaged_bytecode_cache_is_ignored():
    old = sys.dont_write_bytecode
    sys.dont_write_bytecode = False
    with Folder(dc='x = 5') as f:
        import dc
        name = dc.__cached__
        data = open(name, 'rb').read()
        out = []
        for damaged in data[:10], b'', b'garbage' * 10, data[:len(data) - 3]:
            with open(name, 'wb') as g:
                g.write(damaged)
            del sys.modules['dc']
            try:
                import dc
                out.append(dc.x)
            except Exception as e:
                out.append(type(e).__name__)
    sys.dont_write_bytecode = old
    assert out == [5, 5, 5, "EOFError"]


def test_import_keeps_exceptions():
    with Folder(kx='raise KeyError("inside")'):
        e = error(lambda: __import__('kx'))
    assert e == "KeyError: 'inside'"


def test_deleting_from_sys_modules_reloads():
    with Folder(re1='import sys\nsys.cnt = getattr(sys, "cnt", 0) + 1\nn = sys.cnt'):
        import re1
        a = re1.n
        del sys.modules['re1']
        import re1
        b = re1.n
        del sys.cnt
    assert (a, b) == (1, 2)


main(globals())

"""Modules and data in zip archives, the hook for them, and programs that are archives."""
import importlib.util
import os
import pkgutil
import runpy
import sys
import tempfile
import zipfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.py", "value = 5\n")
        archive.writestr("pack/__init__.py", "")
        archive.writestr("pack/mod.py", "def f(): return __file__\n")
        archive.writestr("pack/data.txt", "data")
        archive.writestr("__main__.py", "print('main', __name__)\n")
    sys.path.insert(0, path)
    import inner
    import pack.mod
    print(inner.value, os.path.relpath(pack.mod.f(), folder))
    print(type(inner.__loader__).__name__, pkgutil.get_data("pack", "data.txt"))
    print([m.name for m in pkgutil.iter_modules([path])])
    runpy.run_path(path, run_name="started")
    print(sys.path_hooks[0].__name__)
    print(importlib.util.find_spec("pack.nothing"))
    sys.path_importer_cache.pop(os.path.join(folder, "none.zip"), None)
    sys.path.insert(0, os.path.join(folder, "none.zip"))
    try:
        import does_not_exist_anywhere
    except ImportError as error:
        print(error)

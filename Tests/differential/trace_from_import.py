# What a failed import inside a package shows: no frames of importlib, whichever statement asked.
import os
import sys
import tempfile
import traceback

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(os.path.join(folder, "parcel"))
    for name, text in {
        "__init__": "",
        "missing": "import nowhere_to_be_found\n",
        "deep": "def load():\n    import nowhere_to_be_found\n\n\nload()\n",
        "broken": "1 / 0\n",
        "outer": "from parcel import broken\n",
        "syntax": "def (\n",
    }.items():
        with open(os.path.join(folder, "parcel", name + ".py"), "w") as f:
            f.write(text)
    sys.path.insert(0, folder)
    for statement in (
        "import parcel.missing",
        "from parcel import missing",
        "from parcel import deep",
        "from parcel import broken",
        "from parcel import outer",
        "from parcel.outer import x",
        "from parcel import syntax",
        "from parcel import nothing",
        "from parcel.nothing import x",
        "__import__('parcel', fromlist=['missing'])",
        "import nowhere_to_be_found",
    ):
        print("---", statement)
        try:
            exec(statement)
        except BaseException:
            print(traceback.format_exc().replace(folder, "FOLDER"))

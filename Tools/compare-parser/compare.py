"""Compares Apus's parser with the CPython 3.13 that runs this script.

    python3.13 compare.py --apus .build/release/apus-ast [--mutations 10000] [--seed 1] [--show 5]

Sources are the library's own files, every string constant of its syntax tests (most are programs,
right or wrong), and mutations of pieces of the library. For each, both sides report the checksum of
the tree, or exception, message, line, offset, end line, end offset and text; and the warnings. Any
difference is shown, and makes the exit status 1.
"""
import argparse
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
import textwrap
import warnings
import zlib

# Test modules whose strings are looked at even when they are one line.
SYNTAX_TESTS = """syntax exceptions fstring grammar patma compile eof named_expressions unpack_ex
type_params positional_only_arg string_literals genexps coroutines codeop tokenize type_comments
exception_group except_star scope decorators type_aliases dictcomps listcomps setcomps generators
keywordonlyarg int_literal float unparse""".split()

MODES = ["exec"] * 10 + ["single", "eval", "exec type_comments", "exec incomplete", "func_type",
                         "single incomplete dont_imply_dedent"]
FLAGS = {"type_comments": ast.PyCF_TYPE_COMMENTS, "incomplete": ast.PyCF_ALLOW_INCOMPLETE_INPUT
         if hasattr(ast, "PyCF_ALLOW_INCOMPLETE_INPUT") else 0x4000, "dont_imply_dedent": 0x200}

INSERTIONS = """( ) [ ] { } : , ; + - * / | & < > = . % == != -> ** // @ += := ... ! ~ ^ x 1 "s"
f"{x}" ' " \"\"\" f" f"{ 0x 1_ if else elif for in while def class return yield lambda not and or
is None True import from as with try except finally raise match case type print async await del
pass \\ # $ ? é € _ *args **kw b"x" 1.5 2j 0777 "\\d" "\\N{x}" "\\x1" ` <>""".split() + [
    "\n", "\n    ", "\n\t", "  "]


def tree_text(node):
    """The text that apus-ast makes of a tree."""
    if isinstance(node, ast.AST):
        place = ""
        if hasattr(node, "end_lineno"):
            place = "@%d:%d-%d:%d" % (
                node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        fields = ",".join(
            name + "=" + tree_text(getattr(node, name, None)) for name in node._fields)
        return type(node).__name__ + place + "(" + fields + ")"
    if isinstance(node, list):
        return "[" + ",".join(tree_text(item) for item in node) + "]"
    return type(node).__name__ + " " + ascii(node)


def reference(head, source):
    """What CPython says, as a line of apus-ast --failures."""
    words = head.split()
    flags = ast.PyCF_ONLY_AST
    for word in words[1:]:
        flags |= FLAGS.get(word, 0)
    version = next((int(word[2:]) for word in words if word.startswith("3.")), -1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tree = compile(source, "<string>", words[0], flags, dont_inherit=True,
                           _feature_version=version)
            line = "ok %d" % zlib.crc32(tree_text(tree).encode())
        except SyntaxError as error:
            text = "None" if error.text is None else ascii(error.text)
            line = "\t".join([
                type(error).__name__, ascii(error.msg), str(error.lineno), str(error.offset),
                str(error.end_lineno), str(error.end_offset), text])
        except Exception as error:
            line = "\t".join([type(error).__name__, ascii(str(error))] + ["None"] * 5)
    return line + "".join("\tW%d:%s" % (w.lineno, ascii(str(w.message))) for w in caught)


def library(folder):
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".py"):
                try:
                    with open(os.path.join(path, name), encoding="utf-8") as file:
                        yield name, file.read()
                except (OSError, UnicodeDecodeError):
                    continue


def snippets(files):
    """Strings of the test modules, as programs in every mode."""
    for name, text in files:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        is_syntax_test = name.removeprefix("test_").removesuffix(".py") in SYNTAX_TESTS
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            value = node.value
            if is_syntax_test or "\n" in value and len(value) < 3000:
                yield "exec", value
                if is_syntax_test and len(value) < 200:
                    yield "exec", textwrap.dedent(value)
                    yield "eval", value
                    yield "single", value


def pieces(files):
    """Statements, and methods in a class of their own."""
    for _, text in files:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        lines = text.split("\n")
        for node in tree.body:
            if node.end_lineno - node.lineno < 60:
                yield "\n".join(lines[node.lineno - 1:node.end_lineno]) + "\n"
            elif isinstance(node, ast.ClassDef):
                for part in node.body:
                    if part.end_lineno - part.lineno < 60:
                        body = lines[part.lineno - 1:part.end_lineno]
                        yield "class A:\n" + "\n".join(body) + "\n"


def mutated(source, choose):
    """A source with up to three tokens deleted, swapped, doubled, replaced or inserted."""
    for _ in range(choose.choice([1, 1, 1, 2, 3])):
        tokens = re.findall(r"\w+|[^\w\s]|\s+", source)
        if not tokens:
            return source
        i = choose.randrange(len(tokens))
        match choose.randrange(6):
            case 0: del tokens[i:i + choose.choice([1, 1, 1, 4])]
            case 1 if i + 1 < len(tokens): tokens[i], tokens[i + 1] = tokens[i + 1], tokens[i]
            case 2: tokens.insert(i, choose.choice(INSERTIONS))
            case 3: tokens[i] = choose.choice(INSERTIONS)
            case 4: tokens.insert(i, choose.choice(tokens))
            case _:
                word = tokens[i]
                k = choose.randrange(len(word))
                tokens[i] = word[:k] + choose.choice("()[]{}:,'\"\\ \n=.f1_") + word[k + 1:]
        source = "".join(tokens)
    return source


def sources(options):
    files = list(library(options.library))
    for _, text in files:
        yield "exec", text
    yield from snippets([file for file in files if file[0].startswith("test_")])
    choose = random.Random(options.seed)
    parts = list(pieces(choose.sample(files, min(len(files), 200))))
    for _ in range(options.mutations):
        some = [choose.choice(parts) for _ in range(choose.choice([1, 1, 1, 2]))]
        some[0] = mutated(some[0], choose)
        choose.shuffle(some)
        head = choose.choice(MODES + ["exec 3.%d" % choose.randrange(4, 13)])
        yield head, "".join(some)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--apus", required=True, help="the built apus-ast")
    parser.add_argument("--library", default=os.path.dirname(os.__file__))
    parser.add_argument("--mutations", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100000)

    cases = []
    for head, source in dict.fromkeys(sources(options)):
        # Encodings beyond UTF-8 need the runtime's codecs; lone surrogates are no source.
        if "\0" not in source and "coding" not in source[:200]:
            try:
                cases.append((head, source.encode()))
            except UnicodeEncodeError:
                pass
    with tempfile.TemporaryDirectory() as folder:
        given, found = os.path.join(folder, "in"), os.path.join(folder, "out")
        with open(given, "wb") as file:
            for head, source in cases:
                file.write(head.encode() + b"\n" + source + b"\0")
        subprocess.run([options.apus, "--failures", given, found], check=True)
        with open(found, encoding="utf-8") as file:
            answers = file.read().split("\n")

    differences = 0
    for (head, source), answer in zip(cases, answers):
        expected = reference(head, source)
        if expected == answer:
            continue
        differences += 1
        if differences <= options.show:
            print("%s %r\n  CPython %s\n  Apus    %s" % (head, source[:400], expected, answer))
    print("%d sources, %d differ" % (len(cases), differences))
    return differences != 0


sys.exit(main())

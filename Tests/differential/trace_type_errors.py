for text in ["'a' + 1", "1 + 'a'", "[] + ()", "None + 1", "len(5)", "5[0]", "{}[[]]", "int([])", "'a' * 'b'", "-'a'", "1 < 'a'",
             "sorted([1, 'a'])", "sum(['a'])", "''.join([1])", "range('a')", "abs(None)", "max()", "ord('ab')", "chr(-1)",
             "(1).x", "None.x", "print.x", "int.x", "[].append(1, 2)", "{}.get()", "'%d' % 'a'", "b'a' + 'a'", "open(1.5)"]:
    try:
        eval(text)
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)

# command: -i -q -
# stdin: 1 + 1\nx = 5\nx\n'a'\nNone\n1 / 0\nfor i in range(2):\n    i\n\nundefined\n

# command: -
# stdin: x = 1\nx.missing\n

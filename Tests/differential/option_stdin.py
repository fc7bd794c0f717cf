# command: -
# stdin: print('from stdin', __name__)\nimport sys\nprint(sys.argv)\n

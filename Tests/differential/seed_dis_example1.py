# oracle: 3.10
# command: -m dis _modules/example1.py

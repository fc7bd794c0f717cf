# oracle: 3.10
# command: -m dis _modules/test.py

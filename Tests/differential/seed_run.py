# command: _modules/test.py

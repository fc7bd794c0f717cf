# command: _modules

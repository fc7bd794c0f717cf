# command: -c

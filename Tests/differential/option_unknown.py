# command: -Z

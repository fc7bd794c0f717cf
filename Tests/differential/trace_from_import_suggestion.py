from sys import flag

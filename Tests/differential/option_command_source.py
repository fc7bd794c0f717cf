# command: -c "f = lambda x: 1 / x; exec('f(1)'); print(1); f(0)"
# The lines of a program given with -c are in tracebacks, those of exec are not.

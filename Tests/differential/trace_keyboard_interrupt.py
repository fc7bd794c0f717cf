# command: trace_keyboard_interrupt.py
def f():
    raise KeyboardInterrupt


f()

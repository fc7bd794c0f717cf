"""The modes of a pseudo terminal, and errors of termios."""

import pty
import termios

m, s = pty.openpty()
a = termios.tcgetattr(s)

def show(source):
    try:
        result = eval(source)
    except BaseException as error:
        print(source, "!", type(error).__name__, error)
    else:
        print(source, "->", result)


for source in r"""
termios.tcgetattr(999)
termios.tcgetattr('a')
termios.tcsetattr(s,0,1)
termios.tcsetattr(s,0,[1])
termios.tcsetattr(s,0,[1,2,3,4,5,6,7])
termios.tcsetattr(s,0,[1,2,3,4,5,6,[1]])
termios.tcsetattr(s,0,['a']+a[1:])
termios.tcsetattr(s,0,[-1]+a[1:])
termios.tcsetattr(s,99,a)
termios.tcsetattr(s,0,a[:6]+[[5]*32])
termios.tcsetattr(s,0,a[:6]+[['a']*32])
termios.tcsetattr(s,0,a[:6]+[[b'ab']*32])
termios.tcsetattr(s,0,a[:6]+[[b'ab']*31])
termios.tcsetattr(s,0,a[:4]+[1<<35]+a[5:])
termios.tcsetattr(s,0,a[:4]+['x']+a[5:])
termios.tcsetattr(s,0,a[:6]+[[1000]*32])
termios.tcsetattr(s,0,a)
termios.tcgetwinsize(s)
termios.tcsetwinsize(s,(1,2))
termios.tcsetwinsize(s,1)
termios.tcsetwinsize(s,(1,))
termios.tcsetwinsize(s,(1,-1))
termios.tcsetwinsize(s,(1<<20,1))
termios.tcsetwinsize(s,('a',1))
termios.tcgetwinsize(s)
termios.tcflush(s,99)
termios.tcflush(s,termios.TCIFLUSH)
termios.tcflow(s,99)
termios.tcsetattr(s,0)
termios.tcsetattr(s,0,1,2)
""".strip().split("\n"):
    show(source)

# Trace and profile functions do not see audit hooks at work, unless a hook has a true __cantrace__.
import sys

seen = []


def quiet(name, args):
    pass


def loud(name, args):
    pass


loud.__cantrace__ = True


def work():
    sys.audit("an.event", 1)
    sys.audit("an.event", 2)


def trace(frame, event, argument):
    seen.append((frame.f_code.co_name, event))
    return trace


def profile(frame, event, argument):
    seen.append((frame.f_code.co_name, event))


def show():
    seen.clear()
    sys.settrace(trace)
    work()
    sys.settrace(None)
    print([(name, event) for name, event in seen if event in ("call", "return")])
    seen.clear()
    sys.setprofile(profile)
    work()
    sys.setprofile(None)
    print([(name, event) for name, event in seen if event in ("call", "return")])


show()
sys.addaudithook(quiet)
show()
sys.addaudithook(loud)
show()


def refuses(name, args):
    if name == "an.event" and args == (2,):
        raise ValueError("not 2")


sys.addaudithook(refuses)
seen.clear()
sys.settrace(trace)
try:
    work()
except ValueError as error:
    sys.settrace(None)
    print(error, seen[-2:])


class Hook:
    @property
    def __cantrace__(self):
        raise RuntimeError("no answer")

    def __call__(self, name, args):
        pass


sys.addaudithook(Hook())
try:
    sys.audit("another.event")
except RuntimeError as error:
    print(error)

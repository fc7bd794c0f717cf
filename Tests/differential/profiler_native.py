import cProfile,pstats,io,_lsprof,sys
def t(f,*a,**k):
    try: print(type(f(*a,**k)).__name__)
    except BaseException as e: print(type(e).__name__, e)
t(_lsprof.Profiler,1,2,3,4,5); t(_lsprof.Profiler,timer=3); t(_lsprof.Profiler,foo=1); t(_lsprof.Profiler,lambda:1,'x')
n=[0]
def timer():
    n[0]+=1; return n[0]
p=_lsprof.Profiler(timer,0.5)
def f(x): return g(x)+len([1])
def g(x): return x if x<=0 else g(x-1)
t(p.enable,1,2,3); t(p.enable,foo=1); t(p.getstats)
p.enable(); f(3); sorted([3,1]); [].append(1); p.disable()
def key(c): return c if isinstance(c,str) else c.co_name
for e in sorted(p.getstats(),key=lambda e:key(e.code)): print(key(e.code),e.callcount,e.reccallcount,e.totaltime,e.inlinetime,sorted((key(s.code),)+tuple(s)[1:] for s in e.calls or ()))
p.clear(); print(p.getstats()); p.disable()
p=_lsprof.Profiler(timer,1,False,False); p.enable(); f(2); p.disable()
for e in sorted(p.getstats(),key=lambda e:key(e.code)): print(key(e.code),e.callcount,e.reccallcount,e.totaltime,e.inlinetime,e.calls)

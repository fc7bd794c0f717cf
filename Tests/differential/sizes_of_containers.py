"""sys.getsizeof of the containers, texts and numbers of builtin types, at many sizes and after many operations."""
import sys
from sys import getsizeof as S
def show(label, *values):
    print(label, *values)
# growth
l = []; out=[S(l)]
for i in range(2000):
    l.append(i)
    if S(l) != out[-1]: out.append((i+1,S(l)))
show('list append', out)
out=[]
while l:
    l.pop()
    if not out or S(l) != out[-1][1]: out.append((len(l),S(l)))
show('list pop', out)
show('list literal', [S([None]*n) for n in range(50)])
show('list()', [S(list(range(n))) for n in range(80)])
show('list(gen)', [S(list(x for x in range(n))) for n in range(80)])
show('list(tuple)', [S(list((0,)*n)) for n in range(80)])
show('list(str)', [S(list('a'*n)) for n in range(80)])
show('list(set)', [S(list(set(range(n)))) for n in range(40)])
show('list(dict)', [S(list(dict.fromkeys(range(n)))) for n in range(40)])
show('comp', [S([x for x in range(n)]) for n in range(80)])
show('slice', [S(list(range(100))[:n]) for n in range(80)])
show('add', [S([1]*n + [2]*n) for n in range(40)])
show('split', [S(('a '*n).split()) for n in range(60)], [S(('a '*n).rsplit()) for n in range(30)], [S(('a '*n).split(None, 3)) for n in range(9)])
show('split,', [S(('a,'*n).split(',')) for n in range(60)], [S(('a,'*n).rsplit(',', 2)) for n in range(9)], [S(('abc'*n).split('bc')) for n in range(30)])
show('splitlines', [S(('a\n'*n).splitlines()) for n in range(40)])
show('sorted', [S(sorted(range(n))) for n in range(60)])
show('sorted set', [S(sorted(set(range(n)))) for n in range(60)])
for n in range(40):
    a=[1]*n; a.extend(range(5)); b=[1]*n; b+= [2]*7; c=[1]*n; c.insert(0,1); d=[1]*n; d[1:1]=[3]*9; e=[1]*n; e*=3; f=[1]*n; f.extend(x for x in range(11)); g=[1]*n; g.extend((1,2,3)); h=[1]*n; h.extend({1,2,3}); i=[*range(n)]; j=[*range(n),*range(3)]; k=[0,*'abc'*n]; m=[1]*n; del m[:n//2]; o=[1]*n; o.clear(); p=([1]*n).copy(); q=list(map(str,range(n))); r=list(zip(range(n),range(n))); s=list(filter(None,range(n))); t=list({1:2}.items()); u=[1]*n; u.reverse(); u.remove(1) if n else 0
    show('ops',n,*map(S,[a,b,c,d,e,f,g,h,i,j,k,m,o,p,q,r,s,t,u]))
# tuple, bytes, str
show('tuple',[S((0,)*n) for n in range(40)])
show('tuple gen',[S(tuple(x for x in range(n))) for n in range(40)])
show('bytes',[S(b'a'*n) for n in range(70)])
for k in ('a','\xe9','\u20ac','\U0001F600'):
    show('str',[S(k*n) for n in range(70) if n != 1])  # those of one character know their UTF-8 or not
# ints
show('int',[S(2**n) for n in range(0,400,3)],[S(2**n-1) for n in range(0,400,3)],[S(-2**n) for n in range(0,200,3)], S(0), S(True), S(False))
show('int ops',[S((2**n)*(2**n)) for n in range(0,400,7)],[S((2**n)-(2**n-1)) for n in range(0,400,7)],[S(2**n>>n//2) for n in range(0,400,7)],[S(2**n//3) for n in range(0,400,7)],[S(2**n%(2**(n//2)+1)) for n in range(0,400,7)],[S(2**n & 2**n-1) for n in range(0,400,7)],[S(int('9'*n)) for n in range(1,80)],[S(int('f'*n,16)) for n in range(1,80)],[S(int.from_bytes(b'\xff'*n)) for n in range(80)],[S(~(2**n)) for n in range(0,300,5)],[S(2**n | 1) for n in range(0,300,5)],[S(-(2**n)^5) for n in range(0,300,5)], [S(int(1e15*n*10**n)) for n in range(40)])
# dict growth
d={}; out=[(0,S(d))]
for i in range(5000):
    d[i]=i
    if S(d)!=out[-1][1]: out.append((len(d),S(d)))
show('dict int',out)
d={}; out=[(0,S(d))]
for i in range(5000):
    d[str(i)]=i
    if S(d)!=out[-1][1]: out.append((len(d),S(d)))
show('dict str',out)
out=[]
while d:
    d.popitem()
    if not out or S(d)!=out[-1][1]: out.append((len(d),S(d)))
show('dict popitem',out)
for n in range(1, 60):
    a=dict.fromkeys(range(n)); b=dict.fromkeys(map(str,range(n))); c=dict(a); e=a.copy(); f={**a}; g={**b}; h=dict(b); i=dict(zip(range(n),range(n))); j={k:1 for k in range(n)}; k={str(k):1 for k in range(n)}; l={}; l.update(a); m={}; m.update(b); o=dict(a); o.clear(); p=dict(b); p[1]=2; q=dict(**b); r=b|{'x':1}; s=a|b; t=dict.fromkeys({*range(n)}); u=dict.fromkeys(a); v=dict([(x,x) for x in range(n)]); w=dict(b); [w.pop(x) for x in list(w)[:n//2]]; x=w.copy(); y=dict(w)
    z=dict(b); [z.pop(str(x)) for x in range(n*3//4)]; z2=z.copy()
    show('dicts',n,*map(S,[a,b,c,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,z2]))
# delete and reinsert
d={}; out=[]
for i in range(1000):
    d[i]=1
    if i%3==0: del d[i//2 if i//2 in d else i]
    out.append(S(d))
show('dict churn', sorted(set(out)), sum(out))
d={}; out=[]
for i in range(300):
    d['k']=1; del d['k']; out.append(S(d))
show('dict same', set(out))
# set
s=set(); out=[(0,S(s))]
for i in range(5000):
    s.add(i)
    if S(s)!=out[-1][1]: out.append((len(s),S(s)))
show('set',out)
for n in range(70):
    a=set(range(n)); b=frozenset(range(n)); c=a.copy(); e=a|{1000}; f=set(a); g=set(list(a)); h=set(dict.fromkeys(range(n))); i=a&a; j=a-{1}; k=a^{5000}; l={*range(n)}; m={x for x in range(n)}; o=set(a); o.clear(); p=set(a); p.update(range(n,n+5)); q=set(a); q.update(b); r=frozenset(a); t=set(a); [t.discard(x) for x in range(n//2)]; t2=t.copy(); t.add(10000); u=set(map(str,range(n))); v=a.union([1,2],[3000]); w=a.intersection(range(0,n,2)); x=a.difference(range(0,n,2)); y=set(a); y.difference_update(range(n//2)); z=set(a); z.intersection_update(range(n//2)); z1=set(a); z1.symmetric_difference_update(range(n//2,n+10)); z2=set(a); z2 |= set(range(n*2)); z3=b|b; z4=a-set(); z5=a^a
    show('sets',n,*map(S,[a,b,c,e,f,g,h,i,j,k,l,m,o,p,q,r,t,t2,u,v,w,x,y,z,z1,z2,z3,z4,z5]))
# bytearray
b=bytearray(); out=[(0,S(b))]
for i in range(3000):
    b.append(1)
    if S(b)!=out[-1][1]: out.append((len(b),S(b)))
show('bytearray',out)
out=[]
while b:
    del b[-1:]
    if not out or S(b)!=out[-1][1]: out.append((len(b),S(b)))
show('bytearray del',out)
for n in range(40):
    a=bytearray(n); c=bytearray(b'x'*n); d=bytearray(range(n)); e=bytearray(n); e.extend(b'abc'*n); f=bytearray(n); f+=b'abc'; g=bytearray(n); g.extend(range(n)); h=c+c; i=c*3; j=c.copy(); k=c[:n//2]; l=bytearray(n); l.pop() if n else 0; m=bytearray(n); m.insert(0,1); o=bytearray(n); del o[:n//2]; p=bytearray(n); p[1:1]=b'12345'; q=c.replace(b'x',b'yy'); r=bytearray.fromhex('ab'*n); s=bytearray(x for x in range(n)); t=c.upper(); u=bytearray(n); u*=2; v=bytearray(n); v.clear()
    show('bytearrays',n,*map(S,[a,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v]))

import re
import xml.etree.ElementTree as ET, _elementtree as C, io, copy, pickle
def t(f,*a,**k):
    try: print(re.sub(' at 0x[0-9a-f]+', '', repr(f(*a,**k))))
    except BaseException as e: print(type(e).__name__, e)

E=C.Element
def s(e): return ET.tostring(e) if isinstance(e,E) else e
t(E); t(lambda:s(E('a'))); t(lambda:s(E('a',{'b':'c'},d='e'))); t(E,'a',3); t(lambda:s(E('a',attrib={'x':'y'}))); t(E,'a',attrib=3); t(E,'a',{},3); t(E,1,2,3)
t(C.SubElement); t(C.SubElement,1,'a'); e=E('r'); t(lambda:s(C.SubElement(e,'a',{'b':'c'},d='f'))); t(C.SubElement,e,'a',3); t(C.SubElement,e); t(lambda:s(e))
t(e.append,3); t(e.append); t(e.extend,3); t(e.extend,[3]); t(e.extend,[E('q')]); t(e.insert,0,3); t(e.insert,'x',E('a')); t(e.insert,-100,E('first')); t(e.insert,100,E('last')); t(lambda:s(e))
t(e.remove,3); t(e.remove,E('zz')); t(lambda:e[100]); t(lambda:e['x']); t(lambda:[x.tag for x in e[::2]]); t(lambda:e[-1].tag)
def si(i,v): e[i]=v
t(si,0,3); t(si,100,E('a')); t(si,slice(0,1),[3]); t(si,slice(0,1),3); t(si,slice(None,None,2),[E('a')]); t(si,'x',E('a')); t(si,slice(0,2),[E('n1'),E('n2'),E('n3')]); t(lambda:s(e))
def di(i): del e[i]
t(di,100); t(di,slice(0,2)); t(di,slice(None,None,2)); t(di,0); t(lambda:s(e)); t(di,'x')
e=E('r'); 
for i in range(5): C.SubElement(e,'a%d'%i).text='t%d'%i
t(lambda:e.find('a1').tag); t(e.find,'zz'); t(e.findtext,'a1'); t(e.findtext,'zz'); t(e.findtext,'zz','d'); t(lambda:[x.tag for x in e.findall('*')]); t(lambda:len(e.findall('a2'))); t(lambda:[x.tag for x in e.iterfind('a3')]); t(lambda:[x.tag for x in e.iter()]); t(lambda:[x.tag for x in e.iter('a1')]); t(lambda:list(e.itertext())); t(e.find); t(e.find,'a',3,4)
t(e.get,'x'); t(e.set,'x','y'); t(e.get,'x'); t(e.get,'q',5); t(e.items); t(e.keys); t(lambda:e.attrib); t(setattr,e,'attrib',3); t(delattr,e,'tag'); t(delattr,e,'attrib'); t(setattr,e,'text',5); t(lambda:e.text)
t(e.makeelement,'a',3); t(lambda:s(e.makeelement('a',{'b':'c'}))); t(e.makeelement,'a')

import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always'); t(bool,e); t(bool,E('x')); 
    for x in w: print(x.message, x.category.__name__)
e.text='q'; f=copy.copy(e); t(lambda:s(f)==s(e)); f=copy.deepcopy(e); t(lambda:(s(f)==s(e),f[0] is e[0])); t(lambda:s(pickle.loads(pickle.dumps(e)))==s(e)); t(e.__getstate__ if 0 else (lambda:sorted(e.__getstate__()))); t(e.__setstate__,3); t(e.__deepcopy__,3); t(e.__setstate__,{'tag':'x','_children':[3]})
print(e.__sizeof__(),E('a').__sizeof__(),E('a',{'b':'c'}).__sizeof__())
t(e.clear); t(lambda:s(e)); t(len,e)
T=C.TreeBuilder
b=T(); t(b.close); t(b.end,'a'); t(b.data,'zz'); t(lambda:b.start('a',{'x':'y'}).tag); t(b.start,'a',3); t(b.start,'a'); t(b.data,'d1'); t(b.data,'d2'); t(lambda:b.start('b',{}).tag); t(lambda:b.end('b').tag); t(b.data,'tail'); t(b.comment,'c') ; t(b.pi,'t','x'); t(lambda:b.end('a').tag); t(b.start,'c',{}); t(lambda:s(b.close()))
t(T,3); t(T,element_factory=3); t(T,comment_factory=3); b=T(lambda t,a:[t,a]); t(b.start,'x',{}); t(b.start,'y',{}); t(b.close); t(T,foo=1)
b=T(insert_comments=True,insert_pis=True); b.start('a',{}); b.comment('hi'); b.data('after'); b.pi('x','y'); b.data('z'); b.end('a'); t(lambda:s(b.close()))
P=C.XMLParser
for src in ('<a/>','<a><b>','<a>&x;</a>','<a b="1" c="é">é<b/>t<!--c--><?pi x?></a>','','<a></b>','<a xmlns="u" xmlns:q="v"><q:b q:c="1" d="2"/></a>','<!DOCTYPE a SYSTEM "x"><a/>','<!DOCTYPE a [<!ENTITY e "v">]><a>&e;</a>','<a/><b/>',b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>',b'<?xml version="1.0" encoding="cp437"?><a>\x82</a>','\ufeff<a/>','<a>\x00</a>','<a>'+'x'*100000+'</a>'):
    def g():
        p=P(); p.feed(src); return s(p.close())[:200]
    t(g)
    def g2():
        p=P(); return s(p._parse_whole(io.BytesIO(src) if isinstance(src,bytes) else io.StringIO(src)))[:200]
    t(g2)
def g():
    p=P(); p.entity['x']='yy'; p.feed('<!DOCTYPE a SYSTEM "q"><a>&x;</a>'); return s(p.close())
t(g)
try: p=P(); p.feed('<a>&x;'); 
except C.ParseError as x: print(x.code,x.position,x)
class Tg:
    def start(self,t,a): print('start',t,a)
    def end(self,t): print('end',t)
    def data(self,d): print('data',repr(d))
    def comment(self,d): print('comment',d)
    def pi(self,t,d): print('pi',t,repr(d))
    def doctype(self,*a): print('doctype',a)
    def start_ns(self,p,u): print('ns',repr(p),u)
    def end_ns(self,p): print('endns',repr(p))
    def close(self): return 'closed'
p=P(target=Tg()); p.feed('<!DOCTYPE a PUBLIC "p" "s"><a xmlns="u" xmlns:v="w"><!--c--><?t?><?t d?>x&amp;y<b z="1"/></a>'); t(p.close)
class Min:
    pass
p=P(target=Min()); p.feed('<a>x</a>'); t(p.close)
t(P,3); t(P,target=None,encoding='utf-8'); t(P,encoding=3); t(lambda: P(encoding='utf-16').feed('<a/>')); 
q=[]; p=P(); p._setevents(q,('start','end','start-ns','end-ns','comment','pi')); p.feed('<a xmlns="u"><!--c--><?x y?><b/></a>'); print([(n,getattr(x,'tag',x)) if not isinstance(x,E) or isinstance(x.tag,str) else (n,x.text) for n,x in q])
t(p._setevents,3); t(p._setevents,[],3); t(p._setevents,[],['foo']); t(p._setevents,[],[3]); q=[]; p=P(); t(p._setevents,q); p.feed('<a><b/></a>'); print([n for n,x in q]); t(P(target=Tg())._setevents,[])
t(C._set_factories,3,None); t(lambda:[getattr(x,'__name__',x) for x in C._set_factories(None,None)]); C._set_factories(ET.Comment,ET.PI)
class X(P):
    def __init__(self): pass
t(X().feed,'x'); t(X().close)
t(p.feed,3); t(p.feed); t(lambda:P().version[:6]); t(P().flush)
r=ET.fromstring('<a>1<b>2<c>3</c>4</b>5<d/>6</a>'); t(lambda:list(r.itertext())); t(lambda:''.join(x.tag for x in r.iter())); it=r.iter(); print(type(it).__name__,type(it).__module__); t(lambda:next(it).tag)
class Sub(E): pass
t(lambda:type(copy.copy(Sub('x'))).__name__); x=Sub('x'); x.foo=1; t(lambda:x.foo); 
import weakref; w=weakref.ref(x); t(lambda:w() is x)
e=E('a'); e.append(e); import gc; del e; gc.collect()
t(lambda: E('a').__reduce_ex__(2)[0].__name__)
x=E('x'); x.tag=x; t(repr,x) if 0 else 0

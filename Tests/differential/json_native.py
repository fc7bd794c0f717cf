import json, _json
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
d=json.loads
for s in ['[','{','[1','[1,','[1,]','{"a"','{"a":','{"a":1','{"a":1,','{"a":1,}','{a','"abc','"ab\\','"\\u12','"\\u1234','"\\ud800\\u12','"\\x"','"a\nb"','-','-a','01','1.','1.e','1e','-Infinity','-Inf','NaN','nul','Infinity','1.5e10','1e400','[1 2]','{"a" 1}','{"a":}','[,]','  ','{,}','1'*5000]:
    t(d,s)
c=json.scanner.c_make_scanner(json.JSONDecoder())
t(c,'1',-1); t(c,'1',1); t(c,'1',0); t(c,1,0); t(c); t(c,'1'); t(c,'1',0,3); t(c,string='12',idx=0); t(c,string='12',foo=0)
t(_json.scanstring,1,1); t(_json.scanstring,'a',5); t(_json.scanstring,'a',-5); t(_json.scanstring,'a"',0); t(_json.scanstring,'a"','x'); t(_json.scanstring); t(_json.scanstring,'a"',0,True,3); t(_json.scanstring,'a"',end=0); t(_json.scanstring,'a"',2**80)
t(_json.encode_basestring,1); t(_json.encode_basestring_ascii,b'');t(_json.encode_basestring_ascii)
M=_json.make_encoder
t(M); t(M,1,2,3,4,5,6,7,8,9); t(M,None,2,3,4,5,6,7,8,9); 
t(_json.make_scanner,1); t(_json.make_scanner)
e=M({},None,json.encoder.c_encode_basestring_ascii,None,':',',',0,0,0)
t(e); t(e,1); t(e,1,0); t(e,float('nan'),0); t(e,[float('inf')],0); t(e,{(1,):1},0); t(e,object(),0); t(e,obj=1,_current_indent_level=0); t(e,1,'x'); t(e,1,0,3)
e=M({},None,lambda s:1,None,':',',',0,0,0)
t(e,'a',0); t(e,{'a':1},0)
e=M({},None,3,'  ',':',',',0,0,0)
t(e,'a',0); t(e,[1,[2,{3:4}]],2)
print(repr(json.dumps({(1,):2,3:[],4:{}},skipkeys=True,indent=2)))
t(e,{},2)
class I(int):
    def __repr__(self): return 'x'
    __str__=__repr__
class F(float):
    def __repr__(self): return 'x'
class D(dict):
    def items(self): return [('a',1),('b',2)]
t(json.dumps,[I(5),F(1.5),{I(5):F(2.5),F(1.5):1,None:1,True:2}])
t(json.dumps,D()); t(json.dumps,D(x=1)); t(json.dumps,D(x=1),sort_keys=True)
class D2(dict):
    def items(self): return [('a',1,2)]
t(json.dumps,D2(x=1))
class D3(dict):
    def items(self): return [(1,2)]
t(json.dumps,D3(x=1))
t(json.dumps,{1:2,'a':1},sort_keys=True)
l=[];l.append(l); t(json.dumps,l); q={};q['a']=q; t(json.dumps,q)
t(json.dumps,[object()]); t(json.dumps,object(),default=lambda o:o)
t(json.dumps,10**5000)
t(json.dumps,float('nan'),allow_nan=False);t(json.dumps,{float('nan'):1},allow_nan=False)
for a in (e,c):
  for n in dir(a):
    if not n.startswith('__'): print(n,getattr(a,n).__class__)
t(setattr,c,'strict',1); t(setattr,e,'skipkeys',1)
t(d,'{"a":1}',object_pairs_hook=tuple); t(d,'[{}]',object_hook=lambda x:5); t(d,'{"a":{"b":1}}',object_hook=lambda x:5)
t(d,'[1,2.5,NaN]',parse_int=str,parse_float=str,parse_constant=str)
t(d,'[1,2.5,NaN]',parse_float=__import__('decimal').Decimal)
t(d,'['*100000); t(d,'{"a":'*100000); 
t(d,'"\\ud834\\udd20 \\ud834x \\udd20 \\u00e9 \\/ é € \U0001f600"'); t(d,'"\x01"'); t(d,'"\x01"',strict=False)
t(json.dumps,'é€\U0001f600\x7f\x1f"\\/\b\f\n\r\t\ud800'); t(json.dumps,'é€\U0001f600\x7f\x1f"\\/\b\f\n\r\t\ud800',ensure_ascii=False)
t(json.dumps,{'é':['\U0001f600','a']},ensure_ascii=False,indent='€')
t(json.dumps,[1,(2,),[],()],indent=2); t(json.dumps,{'b':1,'a':2},sort_keys=True,separators=('é','ü'))

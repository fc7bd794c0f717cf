import os, time as _time
os.environ['TZ'] = 'Europe/Berlin'
_time.tzset()
import sys, pickle, copy, math
from _datetime import *
import _datetime
from datetime import date,time,datetime,timedelta,timezone,tzinfo
def t(f,*a,**k):
    try: r=f(*a,**k); print(repr(r), type(r).__name__)
    except BaseException as e: print(type(e).__name__, e)
class Z(tzinfo):
    def __repr__(s): return 'Z()'
    def __init__(s,o,d=timedelta(0),n='Z'): s.o=o;s.d=d;s.n=n
    def utcoffset(s,dt): return s.o
    def dst(s,dt): return s.d
    def tzname(s,dt): return s.n
print('--ctor')
for c,args in [(date,[(),(1,),(1,2),(1,2,3,4),('a',2,3),(1.0,2,3),(0,1,1),(10000,1,1),(1,13,1),(2001,2,29),(2000,2,29),(2**40,1,1),(b'abcd',),(b'\x07\xd0\x01\x01',),('\x07\xd0\x01\x01',),('\x07\xd0\x0d\x01',),('a\x01\x01\u1234',),(b'',),(2000,1,True)]),
  (time,[(),(1,),(1,2,3,4,None,5),(24,),(1,60),(1,2,60),(1,2,3,10**6),(1,2,3,4,5),(b'\x01\x02\x03\x00\x00\x04',),(b'\x81\x02\x03\x00\x00\x04',),(b'\x01\x02\x03\x00\x00\x04',timezone.utc),(b'\x01\x02\x03\x00\x00\x04',3),('\x01\x02\x03\x00\x00\x04',),('a',),(-1,)]),
  (datetime,[(),(1,1),(1,1,1),(1,1,1,24),(1,1,1,0,0,0,0,3),(2000,1,1,1,2,3,4,timezone.utc),(2000,1,1,1,2,3,4,timezone.utc,1),(b'\x07\xd0\x01\x01\x01\x02\x03\x00\x00\x04',),(b'\x07\xd0\x81\x01\x01\x02\x03\x00\x00\x04',timezone.utc),(b'\x07\xd0\x81\x01\x01\x02\x03\x00\x00\x04',1),('x'*10,)]),
  (timedelta,[(),(1,),(1,2,3,4,5,6,7),(1,2,3,4,5,6,7,8),('a',),(1.5,),(1e10,),(10**20,),(10**100,),(-10**9,),(999999999,86400),(float('nan'),),(float('inf'),),(0,0,0.5),(0,0,1.5),(0,0,2.5),(0,0,-0.5),(0,0,-1.5),(0,0.0000005),(0,1,0.5),(10**100,0,0,0,0,-24*10**100),(2**31,),(-2**31-1,),(1.23456789e8,3.7),(None,)]),
  (timezone,[(),(timedelta(0),),(timedelta(0),'x'),(timedelta(1),),(timedelta(hours=23,minutes=59),),(timedelta(-1),),(3,),(timedelta(1),3),(timedelta(microseconds=-1),),(timedelta(0),'x','y')])]:
    for a in args: t(c,*a)
t(time,fold=2); t(time,fold=1,hour=3); t(time,foo=1); t(datetime,2000,1,1,fold=1); t(datetime,2000,1,1,fold='a'); t(date,year=1,month=2,day=3); t(date,1,year=1,month=2); t(timedelta,days=1,hours=2.5,weeks=-1); t(timedelta,foo=1); t(timezone,offset=timedelta(1),name=3); t(timezone,timedelta(hours=1),name='é')
print('--delta ops')
a=timedelta(1,2,3);b=timedelta(-5,7,11)
import operator as o
for f in (o.add,o.sub,o.mul,o.truediv,o.floordiv,o.mod,divmod,o.eq,o.lt,o.ge,o.ne):
    for x,y in ((a,b),(b,a),(a,3),(3,a),(a,2.5),(2.5,a),(a,0),(a,0.0),(a,timedelta(0)),(a,'x'),(a,10**30),(timedelta(0),10**30),(timedelta.max,2),(a,float('nan')),(a,float('inf')),(b,7),(b,-7),(b,1e-300),(timedelta(0,0,1),0.5),(timedelta(0,0,3),0.5),(a,None),(a,True)):
        t(f,x,y)
for f in (o.neg,o.pos,abs,bool,hash,str,repr):
    for x in (a,b,timedelta(0),timedelta.max,timedelta.min):
        if f is hash: print(hash(x)==hash((x.days,x.seconds,x.microseconds)))
        else: t(f,x)
print(a.total_seconds(),timedelta.max.total_seconds(),b.total_seconds(),timedelta(microseconds=123456789).total_seconds())
t(a.__reduce__)
class TD(timedelta): pass
t(TD,1); t(o.add,TD(1),TD(2)); t(o.neg,TD(1)); t(str,TD(5))
print('--date')
d=date(2024,2,29)
for n in 'ctime isocalendar isoformat isoweekday timetuple toordinal weekday __reduce__ __str__ __repr__'.split(): t(getattr(d,n))
for f in ('%Y-%m-%d','%C|%G|%F|%Y','%z|%Z|%:z|%f','%','%%','%y %j %a','','%Q','a\0b','é%Y','\ud800','%:','%:x','%E','%-d'):
    t(d.strftime,f); t(date(5,1,1).strftime,f); t(time(1,2,3,4,timezone(timedelta(hours=-1,minutes=-30,seconds=5))).strftime,f); t(datetime(900,1,2,3,4,5,678,timezone.utc).strftime,f)
t(d.strftime,3); t(d.strftime); t(d.strftime,format='%Y'); t(format,d,''); t(format,d,'%d'); t(d.__format__,3); t(d.__format__)
t(d.replace,2023); t(d.replace,day=1); t(d.replace,year='x'); t(d.replace,foo=1); t(d.replace,1,2,3,4); t(copy.replace,d,day=4); t(d.__replace__,1)
t(d.replace, year=0)
t(date.fromordinal,1); t(date.fromordinal,0); t(date.fromordinal,3652059); t(date.fromordinal,3652060); t(date.fromordinal,'x'); t(date.fromordinal); t(date.fromordinal,2**40)
for a_ in ((2020,53,1),(2021,53,1),(2020,0,1),(2020,1,0),(2020,1,8),(0,1,1),(10000,1,1),(2**70,1,1),('a',1,1),(1,1),(1,1,1),(9999,52,7),(2009,53,7)): t(date.fromisocalendar,*a_)
t(date.fromisocalendar,year=2020,week=1,day=1)
t(o.add,d,timedelta(1)); t(o.add,timedelta(1),d); t(o.sub,d,timedelta(1)); t(o.sub,d,date(2000,1,1)); t(o.sub,timedelta(1),d); t(o.add,d,1); t(o.add,d,d); t(o.add,date.max,timedelta(1)); t(o.sub,date.min,timedelta(1)); t(o.sub,d,datetime(2000,1,1)); t(o.sub,datetime(2000,1,1),d); t(o.lt,d,datetime(2000,1,1)); t(o.eq,d,datetime(2024,2,29)); t(o.lt,d,3); t(o.lt,d,date(2025,1,1)); t(o.add,d,timedelta(10**8))
t(date.fromtimestamp,0); t(date.fromtimestamp,float('nan')); t(date.fromtimestamp,1e20); t(date.fromtimestamp,10**20); t(date.fromtimestamp,'x'); t(date.fromtimestamp,2**60); t(date.fromtimestamp,253402300800*10); t(date.fromtimestamp,-62135596801-86400); t(date.fromtimestamp,None); t(date.fromtimestamp)
for s in ('2020-01-02','20200102','2020-W01','2020W01','2020-W01-3','2020W013','2020-W54','2020-W00-1','2020-W01-8','2020-1-2','','2020-01-02T','2020/01/02','２020-01-02','2020-0102','202001-02','2020-W1','0000-01-01','2021-W53-1',3,b'2020-01-02','2020-001','2020001','2020-13-01','2020-02-30','\ud800020-01-02'):
    t(date.fromisoformat,s)
print(hash(date(2020,1,1))==hash(date(2020,1,1).__reduce__()[1][0]))
ic=d.isocalendar(); t(lambda:ic); t(lambda:(ic.year,ic.week,ic.weekday,ic==(2024,9,4),ic[1],len(ic))); t(ic.__reduce__); t(lambda: pickle.loads(pickle.dumps(ic))); print(type(ic).__name__,type(ic).__module__,type(ic).__base__); t(type(ic),1,2,3); t(type(ic),1,2); t(type(ic),year=1,week=2,weekday=3)
class D(date):
    pass
t(D,2000,1,1); t(o.add,D(2000,1,1),timedelta(1)); t(D.today().__class__); t(D(2000,1,1).replace,day=2); t(D.fromisoformat,'2020-01-01')
print('--time')
tz=timezone(timedelta(hours=5,minutes=30,seconds=1,microseconds=2))
tt=time(1,2,3,4,tz,fold=1); 
for x in (tt,time(),time(1,2),time(1,2,3),time(0,0,0,5),time(1,tzinfo=Z(timedelta(hours=-3),None,None)),time(1,2,fold=1)):
    for n in 'isoformat __reduce__ __str__ __repr__ utcoffset dst tzname'.split(): t(getattr(x,n))
    t(x.__reduce_ex__,2); t(x.__reduce_ex__,4); t(x.__reduce_ex__); 
    for ts in ('auto','hours','minutes','seconds','milliseconds','microseconds','x','','\ud800',3): t(x.isoformat,ts)
t(tt.isoformat,timespec='hours'); t(tt.replace,1); t(tt.replace,tzinfo=None); t(tt.replace,fold=0); t(tt.replace,fold=2); t(tt.replace,tzinfo=3); t(tt.replace,hour=25); t(tt.strftime,'%H:%M:%S.%f %z %Z'); t(format,tt,'%H'); t(format,tt,'')
t(o.lt,time(1),time(2)); t(o.lt,time(1),tt); t(o.eq,time(1),tt); t(o.eq,time(1),3); t(o.lt,time(1),3); t(o.eq,time(1,tzinfo=timezone.utc),time(2,tzinfo=timezone(timedelta(hours=1)))); t(o.lt,time(1,tzinfo=timezone.utc),time(2,tzinfo=timezone(timedelta(hours=2)))); print(hash(time(1,tzinfo=timezone.utc))==hash(time(2,tzinfo=timezone(timedelta(hours=1)))), hash(time(1,fold=1))==hash(time(1)), hash(time(1))==hash(bytes([1,0,0,0,0,0])))
for z in (Z(3),Z(timedelta(1)),Z(timedelta(0),3),Z(timedelta(0),timedelta(1)),Z(timedelta(0),timedelta(0),3),Z(None,None,None)):
    x=time(1,tzinfo=z); y=datetime(2000,1,1,tzinfo=z)
    for v in (x,y):
        t(v.utcoffset); t(v.dst); t(v.tzname); t(v.isoformat); t(v.strftime,'%z'); t(v.strftime,'%Z'); t(hash,v) if 0 else None
for s in ('12','12:30','12:30:45','1230','123045','12:30:45.1','12:30:45.123456789','12:30:45,5','T12:30','12:3','12:30Z','12:30z','12:30+05:30','12:30-0530','12:30+05','12:30:45.123x+05:00','12:30+','12:30+05:30:15.123456','12:30+24:00','24:00','12:60','','1','12.5','12:30.5','12:30:45.','1230:45','12:3045','12:30 ','12:30+0530:15','12:30ZZ','12:30Z+1','12-05:00','１2:30','12:30:45+00:00:00.000001','12:30:45-00:00',3,'12:30:45:33','12:30:45.+05'):
    t(time.fromisoformat,s)
print('--datetime')
x=datetime(2024,2,29,1,2,3,4,tz,fold=1)
for v in (x,datetime(2024,2,29),datetime(1,1,1,1,1,1),datetime(2024,2,29,0,0,0,1,Z(timedelta(hours=-3),timedelta(hours=1),'abc%d'))):
    for n in 'ctime isocalendar isoformat isoweekday timetuple utctimetuple toordinal weekday __reduce__ __str__ __repr__ utcoffset dst tzname date time timetz'.split(): t(getattr(v,n))
    t(v.isoformat,' '); t(v.isoformat,'é','hours'); t(v.isoformat,'ab'); t(v.isoformat,sep=3); t(v.isoformat,timespec='milliseconds'); t(v.__reduce_ex__,4); t(v.strftime,'%Y %H %f %z %:z %Z'); t(format,v,'%Y'); t(format,v,'')
    t(v.replace,2023,1); t(v.replace,tzinfo=None); t(v.replace,fold=0); t(v.replace,fold=2); t(v.replace,tzinfo=3); t(v.replace,foo=1); t(copy.replace,v,hour=4)
    t(v.astimezone,timezone.utc); t(v.astimezone,3); t(v.astimezone,timezone(timedelta(hours=-5)))
    t(lambda: pickle.loads(pickle.dumps(v,4))==v if v.tzinfo is None or type(v.tzinfo) is timezone else 0)
u=datetime(2024,1,1,12,tzinfo=timezone.utc); w=datetime(2024,1,1,13,tzinfo=timezone(timedelta(hours=1))); n=datetime(2024,1,1,12)
for f in (o.eq,o.ne,o.lt,o.ge,o.sub,o.add):
    for p,q in ((u,w),(u,n),(n,u),(n,n),(u,3),(u,date(2024,1,1)),(n,timedelta(1)),(timedelta(1),n),(u,timedelta(0,1)),(datetime.max,timedelta(0,0,1)),(datetime.min,timedelta(0,0,1)),(datetime.min,timedelta(0,0,-1)),(n,datetime(2023,5,6,7,8,9,10))): t(f,p,q)
print(hash(u)==hash(w),hash(n)==hash(n.__reduce__()[1][0]),hash(n.replace(fold=1))==hash(n))
t(u.timestamp); t(n.timestamp); t(w.timestamp); t(datetime(1,1,1).timestamp); t(datetime(9999,12,31,23,59,59,999999).timestamp)
for s in (0,1.5,-1.5,0.0000005,0.0000015,1e20,float('nan'),'x',None,253402300800,-62135596801,1234567890.123456,-0.0000001,10**30): t(datetime.fromtimestamp,s,timezone.utc); t(datetime.fromtimestamp,s)
t(datetime.fromtimestamp,0,3); t(datetime.fromtimestamp,0,tz=timezone(timedelta(hours=1))); t(datetime.fromtimestamp); t(datetime.now,3); t(lambda: datetime.now(timezone.utc).tzinfo); t(datetime.now,1,2)
import warnings
with warnings.catch_warnings(record=True) as ws:
    warnings.simplefilter('always'); t(lambda: datetime.utcnow().tzinfo); t(datetime.utcfromtimestamp,0); t(datetime.utcfromtimestamp,'a')
    for i in ws: print(i.category.__name__, i.message)
t(datetime.combine,date(2000,1,1),time(1,2,3,4,timezone.utc)); t(datetime.combine,date(2000,1,1),time(1),timezone.utc); t(datetime.combine,1,2); t(datetime.combine,date(1,1,1),2); t(datetime.combine,date(1,1,1)); t(datetime.combine,date(1,1,1),time(),3); t(datetime.combine,datetime(1,1,1,5),time(1,fold=1),tzinfo=None)
t(datetime.strptime,'2020-01-02 03:04:05 +0530','%Y-%m-%d %H:%M:%S %z'); t(datetime.strptime,'x','%Y'); t(datetime.strptime,3,4); t(datetime.strptime,'x')
for s in ('2020-01-02','20200102','2020-W01','2020W01','2020-W01-3','2020W013','2020-01-02T03:04','2020-01-02T03:04:05.678+05:30','2020-01-02 030405','20200102T030405Z','2020-W01T12','2020W01T12','2020-W01-3T12','2020W0131234','2020W013T12','2020-W01-12','2020-01-02é03','2020-01-02\U0001f60003','2020-01-02\ud80003:04','2020-01-02T','2020-01-02TT','2020-01-0','2020-0','',3,'2020-01-02T03:04:05.678+05:30:15.5','2020-01-02T24:00','2020-01-02T03:04 ','2020-01-02T3','202001021234','2020-01-02T12:30:45.123456789Z','2020-01-02T12:30:45Z ','2020-W01-1é12','2020-01-02T-05','2020-01-02+05:00','9999-W53-1','0000-W01-1','2020-W','2020-W0é','2020-01-02T12:30-25:00','2020-01-02T12:30+00:00:00.5'):
    t(datetime.fromisoformat,s)
class DT(datetime):
    def __new__(cls,*a,**k): return super().__new__(cls,*a,**k)
t(DT,2000,1,1); t(o.add,DT(2000,1,1),timedelta(1)); t(DT.now().__class__); t(DT(2000,1,1,fold=1).replace,day=2); t(DT.fromisoformat,'2020-01-01'); t(DT.combine,date(1,1,1),time()); t(DT.fromtimestamp,0,timezone.utc); t(DT(2000,1,1).astimezone,timezone.utc)
print('--tz')
for n in ('utcoffset','dst','tzname','fromutc'):
    t(getattr(tzinfo(),n),n if n!='fromutc' else u); t(getattr(tzinfo(),n),None); t(getattr(tz,n),None); t(getattr(tz,n),u); t(getattr(tz,n),3); t(getattr(tzinfo(),n))
t(tz.fromutc,datetime(2020,1,1,tzinfo=tz)); t(tz.fromutc,n)
q=Z(timedelta(hours=2),timedelta(hours=1)); t(q.fromutc,datetime(2020,1,1,tzinfo=q)); t(q.fromutc,n); t(Z(None).fromutc,datetime(2020,1,1,tzinfo=Z(None)))
zz=Z(None); t(zz.fromutc,datetime(2020,1,1,tzinfo=zz)); zz=Z(timedelta(0),None); t(zz.fromutc,datetime(2020,1,1,tzinfo=zz))
t(tzinfo().__reduce__); t(lambda: tz.__reduce__()); t(tz.__getinitargs__); t(timezone(timedelta(1,0,0)/2,'n').__getinitargs__); t(lambda: copy.copy(tz)==tz); t(lambda: copy.deepcopy(timezone.utc) is timezone.utc); t(lambda: pickle.loads(pickle.dumps(timezone.utc)) is timezone.utc)
for z in (timezone.utc,tz,timezone(timedelta(hours=-1)),timezone(timedelta(0),'q'),timezone(timedelta(microseconds=-1)),timezone.min,timezone.max): t(str,z); t(repr,z); t(o.eq,z,timezone.utc); t(o.lt,z,z); t(o.eq,z,3); print(hash(z)==hash(z.utcoffset(None)))
t(type,'X',(timezone,),{}); 
for c in (date,time,datetime,timedelta,timezone): 
    t(setattr,c,'x',1); t(lambda: c.min); t(lambda: c.max)
    if c is not timezone: t(lambda: c.resolution)
t(setattr,d,'year',3); t(setattr,a,'days',3); t(setattr,u,'hour',3); t(setattr,d,'zz',3)
t(lambda:_datetime.datetime_CAPI.__class__); print(_datetime.MINYEAR,_datetime.MAXYEAR,_datetime.UTC)
class BF(float):
    def as_integer_ratio(self): return self.r
for r in (3,(1,),(1,2)):
    z=BF(2); z.r=r; t(o.mul,a,z)

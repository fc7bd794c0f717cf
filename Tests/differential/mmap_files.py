"""Files as memory."""

import mmap
import tempfile

f = tempfile.TemporaryFile()
f.write(b'abcdefghij' * 1000)
f.flush()
fd = f.fileno()
g = tempfile.TemporaryFile()
g.write(b'abcdefghij')
g.flush()
M = mmap.mmap(fd, 0)
R = mmap.mmap(g.fileno(), 0, access=mmap.ACCESS_READ)
C = mmap.mmap(fd, 100, access=mmap.ACCESS_COPY)
A = mmap.mmap(-1, 100)

def show(source):
    try:
        result = eval(source)
    except BaseException as error:
        print(source, "!", type(error).__name__, error)
    else:
        print(source, "->", result)


for source in r"""
M[0]
M[1<<40]
M[-1]
M['a']
M[1:3]
M[1:9:2]
A[::-1]==A[:]
M[5:1]
R.write(b'a')
M.write('a')
M.write()
M.write(b'x'*20000)
R.write_byte(1)
M.write_byte(300)
M.write_byte('a')
M.seek(-1)
M.seek(99999)
M.seek(0,9)
M.seek(5)
M.seek(2,1)
M.seek(-2,2)
M.tell()
M.read()
M.read()
M.read_byte()
M.readline()
M.seek(0)
M.read(3)
M.read(-5)[:3]
M.read('a')
M.seek(0)
M.find(b'c')
M.find(b'c',3)
M.find(b'c',3,5)
M.find('c')
M.find()
M.find(b'')
M.rfind(b'j')
M.rfind(b'j',0,5)
M.rfind(b'a',-3)
M.find(b'a',-10,-5)
M.move(0,5,3)
M.move(0,5,99999)
M.move(-1,0,1)
R.move(0,1,1)
M.move(0,0)
M[:10]
M.size()
A.size()
M.flush()
M.flush(1)
M.flush(-1)
M.flush(0,99999)
M.flush(4096,100)
M.flush(0)
C.resize(5)
R.resize(5)
M.resize(5000)
len(M)
M.resize(-5)
A.resize(200)
len(A)
A.resize()
M.madvise(99)
M.madvise(mmap.MADV_NORMAL)
M.madvise(mmap.MADV_NORMAL,99999)
M.madvise(mmap.MADV_NORMAL,0,-1)
M.madvise(mmap.MADV_NORMAL,100)
M.madvise()
M.madvise(mmap.MADV_NORMAL,-1)
mmap.mmap(fd,-1)
mmap.mmap(fd,0,offset=-1)
mmap.mmap(fd,0,offset=100)
mmap.mmap(fd,999999)
mmap.mmap(fd,0,offset=1<<20)
mmap.mmap(fd,0,access=9)
mmap.mmap(fd,0,flags=mmap.MAP_SHARED,access=1)
mmap.mmap(-1,0)
mmap.mmap(999,10)
mmap.mmap('a',10)
mmap.mmap(fd,'a')
mmap.mmap(fd,1<<80)
mmap.mmap(fd,0,trackfd=False)
mmap.mmap(fd,0,trackfd=False).size()
mmap.mmap(fd,0,trackfd=False).resize(3)
M
R
C
A
M.closed
R[0:3]
type(memoryview(R).readonly)
memoryview(R).readonly
memoryview(M).readonly
M.__exit__()
M
M[0]
M.closed
M.read(1)
len(M)
M.close()
M.__enter__()
M.seekable()
bool(A)
A.seek(0)
list(A)[:4]
b'a' in R
97 in R
R+R
R*2
A==A
A.__setitem__(0,1)
A.__setitem__(0,256)
A.__setitem__(0,-1)
A.__setitem__(0,'a')
A.__setitem__(0,b'a')
A.__setitem__(500,1)
A.__setitem__('a',1)
A.__setitem__(slice(0,3),b'abc')
A.__setitem__(slice(0,3),b'ab')
A.__setitem__(slice(0,3),'abc')
A.__setitem__(slice(0,6,2),b'xyz')
A[:6]
R.__setitem__(0,1)
R.__setitem__(slice(0,1),b'a')
A.__delitem__(0)
A.__delitem__(slice(0,1))
R.__delitem__(0)
mmap.mmap(-1,10,prot=1)
mmap.mmap(-1,10,prot=4)
R.readline()[:4]
A.write_byte(256)
""".strip().split("\n"):
    show(source)

"""Every one- and two-byte sequence and every character of the East Asian codecs."""

import hashlib

names='big5 big5hkscs cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr johab shift_jis shift_jis_2004 shift_jisx0213'.split()
def dec(n,b):
    try: return b.decode(n)
    except UnicodeDecodeError as e: return str(e)
def enc(n,s):
    try: return s.encode(n)
    except UnicodeEncodeError as e: return str(e)
for n in names:
    h=hashlib.md5()
    for a in range(256): h.update(repr(dec(n,bytes([a]))).encode())
    one=h.hexdigest()[:8]
    h=hashlib.md5()
    for a in range(128,256):
        for b in range(256): h.update(repr(dec(n,bytes([a,b]))).encode())
    two=h.hexdigest()[:8]
    h=hashlib.md5()
    if n.startswith('euc_j') :
        for a in range(128,256):
            for b in range(128,256): h.update(repr(dec(n,bytes([0x8f,a,b]))).encode())
    three=h.hexdigest()[:8]
    h=hashlib.md5(); step=1
    for c in list(range(0,0x10000))+list(range(0x20000,0x2b000,3))+[0x10ffff,0x1f600]: h.update(repr(enc(n,chr(c))).encode())
    print(n,one,two,three,h.hexdigest()[:8],flush=True)

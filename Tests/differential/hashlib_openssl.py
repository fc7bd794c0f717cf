"""Digests of OpenSSL, HMAC and key derivation."""

import _hashlib as h
import copy, hashlib, hmac, pickle

S = h.openssl_sha256(b"abc")
X = h.openssl_shake_128(b"abc")
M = h.hmac_new(b"k", b"m", "sha256")

def show(source):
    try:
        result = eval(source)
    except BaseException as error:
        print(source, "!", type(error).__name__, error)
    else:
        print(source, "->", result)


for source in r"""
S.name
S.digest_size
S.block_size
S.hexdigest()
S.digest()
S.copy().hexdigest()
S.update('a')
S.update(1)
S.update()
S.update(b'x'*5000)
S.hexdigest()
X.name
X.digest_size
X.block_size
X.digest(5)
X.hexdigest(length=7)
X.digest(-1)
X.digest('a')
X.digest(1<<70)
X.digest()
X.digest(0)
type(X).__mro__
h.HASH('sha256')
h.HASH()
h.HMAC()
h.new('sha256',b'abc').hexdigest()
h.new('SHA256').name
h.new('foo')
h.new(1)
h.new('sha256','a')
h.new('md5',usedforsecurity=False).name
h.new('blake2b').name
h.new('blake2b').digest_size
h.new('blake2s256').name
h.new('sha512-256').name
h.new('sha512_256').name
h.new('md5-sha1').name
h.new('sha3_256').name
h.new('SHA3-256').name
h.openssl_md5('a')
h.openssl_md5(1)
h.openssl_md5(b'',1)
h.openssl_md5(string=b'a').name
h.openssl_md5(foo=1)
M.name
M.digest_size
M.block_size
M.hexdigest()
M.digest()
M.update(b'q')
M.update('q')
M.update(msg=b'q')
M.hexdigest()
M.copy().hexdigest()
h.hmac_new(b'k',b'm','foo')
h.hmac_new(b'k',b'm')
h.hmac_new(b'k',b'm',None)
h.hmac_new('k',b'm','md5')
h.hmac_new(b'k','m','md5')
h.hmac_new(b'k',b'm',1)
h.hmac_new(b'k',b'm',h.openssl_sha1).name
h.hmac_new(b'k',b'm','shake_128')
h.hmac_digest(b'k',b'm','sha256')
h.hmac_digest(b'k',b'm','foo')
h.hmac_digest(b'k',b'm',1)
h.hmac_digest('k',b'm','md5')
h.hmac_digest(b'k',b'm','shake_128')
h.pbkdf2_hmac('sha256',b'p',b's',2)
h.pbkdf2_hmac('foo',b'p',b's',2)
h.pbkdf2_hmac('sha1',b'p',b's',0)
h.pbkdf2_hmac('sha1',b'p',b's',1,0)
h.pbkdf2_hmac('sha1',b'p',b's',1,-1)
h.pbkdf2_hmac('sha1',b'p',b's',1,20)
h.pbkdf2_hmac('sha1','p',b's',1)
h.pbkdf2_hmac(b'sha1',b'p',b's',1)
h.pbkdf2_hmac('sha1',b'p',b's','a')
h.pbkdf2_hmac('sha1',b'p',b's',1,1<<40)
h.pbkdf2_hmac('sha1',b'p',b's',1<<40)
h.pbkdf2_hmac('sha1',b'p',b's',1,'a')
h.scrypt(b'p',salt=b's',n=4,r=8,p=1)
h.scrypt(b'p')
h.scrypt(b'p',salt=b's')
h.scrypt(b'p',salt=b's',n=3,r=8,p=1)
h.scrypt(b'p',salt=b's',n=4)
h.scrypt(b'p',salt=b's',n=4,r=8)
h.scrypt(b'p',salt=b's',n=4,r=8,p=1,maxmem=-1)
h.scrypt(b'p',salt=b's',n=4,r=8,p=1,dklen=0)
h.scrypt(b'p',salt=b's',n=4,r='a',p=1)
h.scrypt('p',salt=b's',n=4,r=8,p=1)
h.scrypt(b'p',salt='s',n=4,r=8,p=1)
h.scrypt(b'p',salt=b's',n=-4,r=8,p=1)
h.scrypt(b'p',salt=b's',n=4,r=0,p=1)
h.scrypt(b'p',salt=b's',n=4,r=8,p=0)
h.scrypt(b'p',salt=b's',n=0,r=8,p=1)
h.compare_digest('a','a')
h.compare_digest('a','b')
h.compare_digest('é','a')
h.compare_digest(b'a','a')
h.compare_digest(b'a',b'a')
h.compare_digest(b'a',b'ab')
h.compare_digest(1,2)
h.compare_digest(b'a',1)
h.compare_digest('a')
h.compare_digest(memoryview(b'abc'),b'abc')
pickle.dumps(S)
copy.copy(S)
type(h._constructors)
len(h._constructors)
h.UnsupportedDigestmodError.__mro__
S.name.__class__
hashlib.sha256
hashlib.sha3_256
""".strip().split("\n"):
    show(source)

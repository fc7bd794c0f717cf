class A:
    def __init__(s,n): s.n=n
    def __eq__(s,o): print(s.n,'==',o.n); return True
print({'a':A('left')}=={'a':A('right')}); print({1:A('left')}=={1:A('right')})

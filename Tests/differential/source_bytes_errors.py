for src in [b'c=\xff', b'\xff', b'x=\xc5\xe5', b'\xde\xad\xbe\xef', b'a\xe5\x80', b'x \xe5', b'"\xff"', b'# \xff', b'x=1\n\xff=2', b'#coding:xxx', b'#coding:xxx\n1', b'1\n#coding:xxx',b'#\n#coding:xxx', b'#\n#coding:xxx\n',b'#coding:latin-1\r\xe9', b'\xc3\xa9\xff=2', b'f"{\xff}"', b'(\xff', b'1 1 \xff', b'1 1\n\xff', b'x\xe2\x82\xac\xff', b'\xe2\x82\xac\xff', b'1\xff', b'1.e\xff', b'0x\xff']:
    for mode in ('exec','eval','single'):
        try: compile(src,'case',mode); print(repr(src), mode, 'ok')
        except SyntaxError as e: print(repr(src),mode,e.msg, e.lineno,e.offset,e.end_lineno,e.end_offset, ascii(e.text))
        except UnicodeDecodeError as e: print(repr(src), mode, type(e).__name__, e, ascii(e.args))

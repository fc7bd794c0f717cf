# oracle: 3.10
import dis


class C:
    x: int = 1

    def m(self, y):
        return super().m(y) + self.x

    @property
    def p(self):
        return [lambda: (self, i) for i in range(3)]


dis.dis(C)
dis.show_code(C.m)
print(dis.stack_effect(dis.opmap["BUILD_LIST"], 3), dis.stack_effect(dis.opmap["POP_TOP"]))
print(list(dis.findlinestarts(C.m.__code__)))
print([i.opname for i in dis.get_instructions("x = 1")])

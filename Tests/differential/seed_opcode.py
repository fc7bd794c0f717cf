# oracle: 3.10
import opcode
print(opcode.HAVE_ARGUMENT, opcode.opmap["LOAD_CONST"], opcode.opname[100], opcode.EXTENDED_ARG, opcode.cmp_op)

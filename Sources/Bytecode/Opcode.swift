// Derived from InstructionTable.swift by Tools/derive-opcodes. Do not edit.

/// The operations of the wordcode, by number.
public enum Opcode: UInt8, Sendable, CaseIterable {
  /// `POP_TOP` `(value --)` Discard the top of the stack.
  case popTop = 1
  /// `ROT_TWO` `(a, b -- b, a)` Exchange the two topmost values (either may be NULL).
  case rotTwo = 2
  /// `ROT_THREE` `(a, b, c -- c, a, b)` Sink the top below the next two values.
  case rotThree = 3
  /// `DUP_TOP` `(value -- value, value)` Push the top once more.
  case dupTop = 4
  /// `DUP_TOP_TWO` `(a, b -- a, b, a, b)` Push the two topmost values once more, in order.
  case dupTopTwo = 5
  /// `ROT_FOUR` `(a, b, c, d -- d, a, b, c)` Sink the top below the next three values.
  case rotFour = 6
  /// `NOP` `(--)` Do nothing; keeps a line visible to tracers.
  case nop = 9
  /// `UNARY_POSITIVE` `(value -- result)` Push +value.
  case unaryPositive = 10
  /// `UNARY_NEGATIVE` `(value -- result)` Push -value.
  case unaryNegative = 11
  /// `UNARY_NOT` `(value -- result)` Push `not value`, a bool.
  case unaryNot = 12
  /// `UNARY_INVERT` `(value -- result)` Push ~value.
  case unaryInvert = 15
  /// `BINARY_MATRIX_MULTIPLY` `(left, right -- product)` Push left @ right.
  case binaryMatrixMultiply = 16
  /// `INPLACE_MATRIX_MULTIPLY` `(left, right -- product)` Push the result of left @= right.
  case inplaceMatrixMultiply = 17
  /// `BINARY_POWER` `(base, exponent -- power)` Push base ** exponent.
  case binaryPower = 19
  /// `BINARY_MULTIPLY` `(left, right -- product)` Push left * right.
  case binaryMultiply = 20
  /// `BINARY_MODULO` `(left, right -- remainder)` Push left % right (also string formatting).
  case binaryModulo = 22
  /// `BINARY_ADD` `(left, right -- sum)` Push left + right.
  case binaryAdd = 23
  /// `BINARY_SUBTRACT` `(left, right -- difference)` Push left - right.
  case binarySubtract = 24
  /// `BINARY_SUBSCR` `(container, key -- value)` Push container[key].
  case binarySubscr = 25
  /// `BINARY_FLOOR_DIVIDE` `(left, right -- quotient)` Push left // right.
  case binaryFloorDivide = 26
  /// `BINARY_TRUE_DIVIDE` `(left, right -- quotient)` Push left / right.
  case binaryTrueDivide = 27
  /// `INPLACE_FLOOR_DIVIDE` `(left, right -- quotient)` Push the result of left //= right.
  case inplaceFloorDivide = 28
  /// `INPLACE_TRUE_DIVIDE` `(left, right -- quotient)` Push the result of left /= right.
  case inplaceTrueDivide = 29
  /// `GET_LEN` `(subject -- subject, length)` Push len(subject).
  case getLen = 30
  /// `MATCH_MAPPING` `(subject -- subject, matched)` Push whether the type of subject has the mapping flag.
  case matchMapping = 31
  /// `MATCH_SEQUENCE` `(subject -- subject, matched)` Push whether the type of subject has the sequence flag.
  case matchSequence = 32
  /// `MATCH_KEYS` `(subject, keys -- subject, keys, values, matched)` Look every key of the tuple up in subject: push the tuple of values and True, or None and False when one is missing.
  case matchKeys = 33
  /// `COPY_DICT_WITHOUT_KEYS` `(subject, keys -- subject, rest)` Push a dict copy of subject without the given keys.
  case copyDictWithoutKeys = 34
  /// `RERAISE_VALUE` `(exception --)` Raise the exception instance again with the traceback it carries: no new context, no new traceback entry for this frame (like RERAISE 0 with one stack entry instead of three).
  case reraiseValue = 36
  /// `CHECK_EG_MATCH` `(exception, types -- rest, match)` `except*`: check that `types` is an exception class or a tuple of them and no exception group (else TypeError), then split the exception
  case checkEgMatch = 37
  /// `WITH_EXCEPT_START` `(exit, b, c, d, traceback, value, type -- exit, b, c, d, traceback, value, type, result)` Call exit(type, value, traceback), where exit lies seventh from the top, and push what it returns.
  case withExceptStart = 49
  /// `GET_AITER` `(iterable -- iterator)` Replace the top by the asynchronous iterator its `__aiter__` returns.
  case getAiter = 50
  /// `GET_ANEXT` `(iterator -- iterator, awaitable)` Push the awaitable of the iterator's `__anext__`.
  case getAnext = 51
  /// `BEFORE_ASYNC_WITH` `(manager -- exit, awaitable)` Push the bound `__aexit__` and what `__aenter__()` returns.
  case beforeAsyncWith = 52
  /// `END_ASYNC_FOR` `(iterator, b, c, d, traceback, value, type --)` End of an `async for`: swallow StopAsyncIteration (leaving the handler block and dropping the iterator), raise anything else again.
  case endAsyncFor = 54
  /// `INPLACE_ADD` `(left, right -- sum)` Push the result of left += right.
  case inplaceAdd = 55
  /// `INPLACE_SUBTRACT` `(left, right -- difference)` Push the result of left -= right.
  case inplaceSubtract = 56
  /// `INPLACE_MULTIPLY` `(left, right -- product)` Push the result of left *= right.
  case inplaceMultiply = 57
  /// `INPLACE_MODULO` `(left, right -- remainder)` Push the result of left %= right.
  case inplaceModulo = 59
  /// `STORE_SUBSCR` `(value, container, key --)` container[key] = value.
  case storeSubscr = 60
  /// `DELETE_SUBSCR` `(container, key --)` del container[key].
  case deleteSubscr = 61
  /// `BINARY_LSHIFT` `(left, right -- result)` Push left << right.
  case binaryLshift = 62
  /// `BINARY_RSHIFT` `(left, right -- result)` Push left >> right.
  case binaryRshift = 63
  /// `BINARY_AND` `(left, right -- result)` Push left & right.
  case binaryAnd = 64
  /// `BINARY_XOR` `(left, right -- result)` Push left ^ right.
  case binaryXor = 65
  /// `BINARY_OR` `(left, right -- result)` Push left | right.
  case binaryOr = 66
  /// `INPLACE_POWER` `(base, exponent -- power)` Push the result of base **= exponent.
  case inplacePower = 67
  /// `GET_ITER` `(iterable -- iterator)` Push iter(iterable).
  case getIter = 68
  /// `GET_YIELD_FROM_ITER` `(iterable -- iterator)` Leave a generator (or a coroutine, inside a coroutine) as it is, replace anything else by iter(iterable).
  case getYieldFromIter = 69
  /// `PRINT_EXPR` `(value --)` Hand the value of an interactive statement to sys.displayhook.
  case printExpr = 70
  /// `LOAD_BUILD_CLASS` `(-- function)` Push builtins.__build_class__.
  case loadBuildClass = 71
  /// `YIELD_FROM` `(receiver, value -- result)` Send value to the receiver
  case yieldFrom = 72
  /// `GET_AWAITABLE` `(object -- awaitable)` Replace the top by the iterator that `await` drives: a coroutine as it is, else the result of `__await__`.
  case getAwaitable = 73
  /// `LOAD_ASSERTION_ERROR` `(-- class)` Push AssertionError, whatever the name is bound to.
  case loadAssertionError = 74
  /// `INPLACE_LSHIFT` `(left, right -- result)` Push the result of left <<= right.
  case inplaceLshift = 75
  /// `INPLACE_RSHIFT` `(left, right -- result)` Push the result of left >>= right.
  case inplaceRshift = 76
  /// `INPLACE_AND` `(left, right -- result)` Push the result of left &= right.
  case inplaceAnd = 77
  /// `INPLACE_XOR` `(left, right -- result)` Push the result of left ^= right.
  case inplaceXor = 78
  /// `INPLACE_OR` `(left, right -- result)` Push the result of left |= right.
  case inplaceOr = 79
  /// `LOAD_LOCALS` `(-- namespace)` Push the namespace of the frame (`f_locals` of a class or module body); SystemError when it has none.
  case loadLocals = 80
  /// `LIST_TO_TUPLE` `(list -- tuple)` Replace the list by a tuple of its items.
  case listToTuple = 82
  /// `RETURN_VALUE` `(value --)` Return the top to the caller.
  case returnValue = 83
  /// `IMPORT_STAR` `(module --)` Bind every public name of the module in the local namespace.
  case importStar = 84
  /// `SETUP_ANNOTATIONS` `(--)` Make sure that the namespace has a dict `__annotations__`.
  case setupAnnotations = 85
  /// `YIELD_VALUE` `(value -- sent)` Hand value to the caller and stop; on resumption push what was sent
  case yieldValue = 86
  /// `POP_BLOCK` `(--)` Leave the innermost block of the block stack.
  case popBlock = 87
  /// `PREP_RERAISE_STAR` `(original, results -- exception)` End of `except*`: results is the list of exceptions the clauses raised and, last, what no clause matched (None entries mean nothing)
  case prepReraiseStar = 88
  /// `POP_EXCEPT` `(traceback, value, type --)` Leave the handler block and make the popped exception the one being handled again.
  case popExcept = 89
  /// `STORE_NAME` `(value --)` Bind a name in the local namespace (module or class body).
  case storeName = 90
  /// `DELETE_NAME` `(--)` Unbind a name in the local namespace.
  case deleteName = 91
  /// `UNPACK_SEQUENCE` `(sequence -- items[oparg])` Replace the top by its oparg items, first item on top.
  case unpackSequence = 92
  /// `FOR_ITER` `(iterator -- iterator, item)` Push the next item; at the end drop the iterator and jump.
  case forIter = 93
  /// `UNPACK_EX` `(iterable -- before[oparg & 255], rest, after[oparg >> 8])` Unpack with a starred target: low byte = targets before it, higher bits = targets after it; first item on top.
  case unpackEx = 94
  /// `STORE_ATTR` `(value, object --)` object.name = value.
  case storeAttr = 95
  /// `DELETE_ATTR` `(object --)` del object.name.
  case deleteAttr = 96
  /// `STORE_GLOBAL` `(value --)` Bind a name in the globals.
  case storeGlobal = 97
  /// `DELETE_GLOBAL` `(--)` Unbind a name in the globals.
  case deleteGlobal = 98
  /// `ROT_N` `(values[oparg] -- values[oparg])` Sink the top below the next oparg - 1 values.
  case rotN = 99
  /// `LOAD_CONST` `(-- value)` Push a constant.
  case loadConst = 100
  /// `LOAD_NAME` `(-- value)` Look a name up in locals, globals, builtins and push its value.
  case loadName = 101
  /// `BUILD_TUPLE` `(items[oparg] -- tuple)` Push a tuple of the topmost oparg values.
  case buildTuple = 102
  /// `BUILD_LIST` `(items[oparg] -- list)` Push a list of the topmost oparg values.
  case buildList = 103
  /// `BUILD_SET` `(items[oparg] -- set)` Push a set of the topmost oparg values.
  case buildSet = 104
  /// `BUILD_MAP` `(pairs[oparg * 2] -- map)` Push a dict of the topmost oparg key, value pairs.
  case buildMap = 105
  /// `LOAD_ATTR` `(object -- value)` Replace the top by its attribute.
  case loadAttr = 106
  /// `COMPARE_OP` `(left, right -- result)` Compare by the operator with index oparg: < <= == != > >=.
  case compareOp = 107
  /// `IMPORT_NAME` `(level, names -- module)` Call `__import__` for the name and push the module.
  case importName = 108
  /// `IMPORT_FROM` `(module -- module, value)` Push an attribute or submodule of the module.
  case importFrom = 109
  /// `JUMP_FORWARD` `(--)` Jump forward.
  case jumpForward = 110
  /// `JUMP_IF_FALSE_OR_POP` `(value --)` Jump when the top is false and keep it, else drop it.
  case jumpIfFalseOrPop = 111
  /// `JUMP_IF_TRUE_OR_POP` `(value --)` Jump when the top is true and keep it, else drop it.
  case jumpIfTrueOrPop = 112
  /// `JUMP_ABSOLUTE` `(--)` Jump; signals and other threads get their turn on the way back.
  case jumpAbsolute = 113
  /// `POP_JUMP_IF_FALSE` `(value --)` Pop, jump when it was false.
  case popJumpIfFalse = 114
  /// `POP_JUMP_IF_TRUE` `(value --)` Pop, jump when it was true.
  case popJumpIfTrue = 115
  /// `LOAD_GLOBAL` `(-- value)` Look a name up in globals, then builtins, and push its value.
  case loadGlobal = 116
  /// `IS_OP` `(left, right -- result)` Push `left is right`, inverted when oparg is 1.
  case isOp = 117
  /// `CONTAINS_OP` `(item, container -- result)` Push `item in container`, inverted when oparg is 1.
  case containsOp = 118
  /// `RERAISE` `(traceback, value, type --)` Raise the popped exception again; when oparg is not 0, `f_lasti` becomes that of the handler block's original instruction first.
  case reraise = 119
  /// `JUMP_IF_NOT_EXC_MATCH` `(type, pattern --)` Pop both and jump unless the type matches the class or one of the tuple of classes.
  case jumpIfNotExcMatch = 121
  /// `SETUP_FINALLY` `(--)` Push a block whose handler is the target
  case setupFinally = 122
  /// `LOAD_FAST` `(-- value)` Push a local variable; UnboundLocalError when it is unbound.
  case loadFast = 124
  /// `STORE_FAST` `(value --)` Bind a local variable.
  case storeFast = 125
  /// `DELETE_FAST` `(--)` Unbind a local variable; UnboundLocalError when it is unbound.
  case deleteFast = 126
  /// `GEN_START` `(none --)` First instruction of a generator (0), coroutine (1) or asynchronous generator (2): pop what was sent first, which must be None.
  case genStart = 129
  /// `RAISE_VARARGS` `(arguments[oparg] --)` 0: raise again what is being handled; 1: raise exception; 2: raise exception from cause.
  case raiseVarargs = 130
  /// `CALL_FUNCTION` `(callable, arguments[oparg] -- result)` Call with oparg positional arguments.
  case callFunction = 131
  /// `MAKE_FUNCTION` `(defaults[oparg & 1], kwdefaults[oparg >> 1 & 1], annotations[oparg >> 2 & 1], closure[oparg >> 3 & 1], code, qualname -- function)` Make a function of a code object
  case makeFunction = 132
  /// `BUILD_SLICE` `(start, stop, step[oparg == 3 ? 1 : 0] -- slice)` Push a slice of two or three values.
  case buildSlice = 133
  /// `LOAD_CLOSURE` `(-- cell)` Push the cell itself.
  case loadClosure = 135
  /// `LOAD_DEREF` `(-- value)` Push what the cell holds; NameError or UnboundLocalError when it is empty.
  case loadDeref = 136
  /// `STORE_DEREF` `(value --)` Put a value into the cell.
  case storeDeref = 137
  /// `DELETE_DEREF` `(--)` Empty the cell; an error when it is empty.
  case deleteDeref = 138
  /// `CALL_FUNCTION_KW` `(callable, arguments[oparg], names -- result)` Call with oparg arguments, of which the last len(names) are keyword arguments.
  case callFunctionKw = 141
  /// `CALL_FUNCTION_EX` `(callable, arguments, mapping[oparg & 1] -- result)` Call with an iterable of arguments and, when oparg is 1, a mapping of keyword arguments.
  case callFunctionEx = 142
  /// `SETUP_WITH` `(manager -- exit, result)` Push the bound `__exit__`, push a block like SETUP_FINALLY, push what `__enter__()` returns.
  case setupWith = 143
  /// `EXTENDED_ARG` `(--)` Upper bits of the next instruction's oparg.
  case extendedArg = 144
  /// `LIST_APPEND` `(list, between[oparg - 1], value -- list, between[oparg - 1])` Append value to the list oparg below it.
  case listAppend = 145
  /// `SET_ADD` `(set, between[oparg - 1], value -- set, between[oparg - 1])` Add value to the set oparg below it.
  case setAdd = 146
  /// `MAP_ADD` `(map, between[oparg - 1], key, value -- map, between[oparg - 1])` Set map[key] = value; the dict lies oparg below the pair.
  case mapAdd = 147
  /// `LOAD_CLASSDEREF` `(-- value)` Like LOAD_DEREF in a class body: the class namespace comes first.
  case loadClassderef = 148
  /// `MATCH_CLASS` `(subject, class, names -- attributes, matched)` Class pattern with oparg positional and len(names) keyword patterns: push the tuple of attributes and True, or None and False.
  case matchClass = 152
  /// `SETUP_ASYNC_WITH` `(result -- result)` Push a block like SETUP_FINALLY, with its depth below the result.
  case setupAsyncWith = 154
  /// `FORMAT_VALUE` `(value, spec[oparg >> 2 & 1] -- text)` Replacement field of an f-string
  case formatValue = 155
  /// `BUILD_CONST_KEY_MAP` `(values[oparg], keys -- map)` Push a dict of a tuple of keys and oparg values.
  case buildConstKeyMap = 156
  /// `BUILD_STRING` `(pieces[oparg] -- text)` Push the concatenation of oparg strings.
  case buildString = 157
  /// `LOAD_METHOD` `(object -- method, self)` Look a method up for a call: unbound method and object, or NULL and the attribute when it is no method.
  case loadMethod = 160
  /// `CALL_METHOD` `(method, self, arguments[oparg] -- result)` Call what LOAD_METHOD prepared with oparg positional arguments.
  case callMethod = 161
  /// `LIST_EXTEND` `(list, between[oparg - 1], iterable -- list, between[oparg - 1])` Extend the list oparg below the iterable.
  case listExtend = 162
  /// `SET_UPDATE` `(set, between[oparg - 1], iterable -- set, between[oparg - 1])` Update the set oparg below the iterable.
  case setUpdate = 163
  /// `DICT_MERGE` `(map, between[oparg - 1], mapping -- map, between[oparg - 1])` Merge `**mapping` of a call; a key that is there already is an error
  case dictMerge = 164
  /// `DICT_UPDATE` `(map, between[oparg - 1], mapping -- map, between[oparg - 1])` Update the dict oparg below the mapping.
  case dictUpdate = 165
  /// `CALL_INTRINSIC_1` `(value -- result)` Call the one-argument intrinsic oparg (`IntrinsicFunction1`).
  case callIntrinsic1 = 173
  /// `CALL_INTRINSIC_2` `(first, second -- result)` Call the two-argument intrinsic oparg (`IntrinsicFunction2`).
  case callIntrinsic2 = 174
  /// `LOAD_FROM_DICT_OR_GLOBALS` `(namespace -- value)` Look a name up in the popped mapping, then globals, then builtins; NameError when none has it.
  case loadFromDictOrGlobals = 175
  /// `LOAD_FROM_DICT_OR_DEREF` `(namespace -- value)` Look the name of a cell up in the popped mapping, else push what the cell holds; NameError when both fail.
  case loadFromDictOrDeref = 176
  /// `LOAD_FAST_AND_CLEAR` `(-- saved)` Start of an inlined comprehension: push the local variable, NULL when it is unbound, and unbind it.
  case loadFastAndClear = 177
  /// `STORE_FAST_MAYBE_NULL` `(saved --)` End of an inlined comprehension: give the local variable back its saved value; NULL unbinds it.
  case storeFastMaybeNull = 178
  /// `LOAD_CELL_AND_CLEAR` `(-- saved)` Start of an inlined comprehension: push the cell object in the slot and put a new empty cell into its place.
  case loadCellAndClear = 179
  /// `STORE_CELL` `(saved --)` End of an inlined comprehension: put the saved cell object back into its slot.
  case storeCell = 180
}

extension Opcode {
  /// The printed name, as in `opcode.opname`.
  public var name: String {
    switch self {
    case .popTop: "POP_TOP"
    case .rotTwo: "ROT_TWO"
    case .rotThree: "ROT_THREE"
    case .dupTop: "DUP_TOP"
    case .dupTopTwo: "DUP_TOP_TWO"
    case .rotFour: "ROT_FOUR"
    case .nop: "NOP"
    case .unaryPositive: "UNARY_POSITIVE"
    case .unaryNegative: "UNARY_NEGATIVE"
    case .unaryNot: "UNARY_NOT"
    case .unaryInvert: "UNARY_INVERT"
    case .binaryMatrixMultiply: "BINARY_MATRIX_MULTIPLY"
    case .inplaceMatrixMultiply: "INPLACE_MATRIX_MULTIPLY"
    case .binaryPower: "BINARY_POWER"
    case .binaryMultiply: "BINARY_MULTIPLY"
    case .binaryModulo: "BINARY_MODULO"
    case .binaryAdd: "BINARY_ADD"
    case .binarySubtract: "BINARY_SUBTRACT"
    case .binarySubscr: "BINARY_SUBSCR"
    case .binaryFloorDivide: "BINARY_FLOOR_DIVIDE"
    case .binaryTrueDivide: "BINARY_TRUE_DIVIDE"
    case .inplaceFloorDivide: "INPLACE_FLOOR_DIVIDE"
    case .inplaceTrueDivide: "INPLACE_TRUE_DIVIDE"
    case .getLen: "GET_LEN"
    case .matchMapping: "MATCH_MAPPING"
    case .matchSequence: "MATCH_SEQUENCE"
    case .matchKeys: "MATCH_KEYS"
    case .copyDictWithoutKeys: "COPY_DICT_WITHOUT_KEYS"
    case .reraiseValue: "RERAISE_VALUE"
    case .checkEgMatch: "CHECK_EG_MATCH"
    case .withExceptStart: "WITH_EXCEPT_START"
    case .getAiter: "GET_AITER"
    case .getAnext: "GET_ANEXT"
    case .beforeAsyncWith: "BEFORE_ASYNC_WITH"
    case .endAsyncFor: "END_ASYNC_FOR"
    case .inplaceAdd: "INPLACE_ADD"
    case .inplaceSubtract: "INPLACE_SUBTRACT"
    case .inplaceMultiply: "INPLACE_MULTIPLY"
    case .inplaceModulo: "INPLACE_MODULO"
    case .storeSubscr: "STORE_SUBSCR"
    case .deleteSubscr: "DELETE_SUBSCR"
    case .binaryLshift: "BINARY_LSHIFT"
    case .binaryRshift: "BINARY_RSHIFT"
    case .binaryAnd: "BINARY_AND"
    case .binaryXor: "BINARY_XOR"
    case .binaryOr: "BINARY_OR"
    case .inplacePower: "INPLACE_POWER"
    case .getIter: "GET_ITER"
    case .getYieldFromIter: "GET_YIELD_FROM_ITER"
    case .printExpr: "PRINT_EXPR"
    case .loadBuildClass: "LOAD_BUILD_CLASS"
    case .yieldFrom: "YIELD_FROM"
    case .getAwaitable: "GET_AWAITABLE"
    case .loadAssertionError: "LOAD_ASSERTION_ERROR"
    case .inplaceLshift: "INPLACE_LSHIFT"
    case .inplaceRshift: "INPLACE_RSHIFT"
    case .inplaceAnd: "INPLACE_AND"
    case .inplaceXor: "INPLACE_XOR"
    case .inplaceOr: "INPLACE_OR"
    case .loadLocals: "LOAD_LOCALS"
    case .listToTuple: "LIST_TO_TUPLE"
    case .returnValue: "RETURN_VALUE"
    case .importStar: "IMPORT_STAR"
    case .setupAnnotations: "SETUP_ANNOTATIONS"
    case .yieldValue: "YIELD_VALUE"
    case .popBlock: "POP_BLOCK"
    case .prepReraiseStar: "PREP_RERAISE_STAR"
    case .popExcept: "POP_EXCEPT"
    case .storeName: "STORE_NAME"
    case .deleteName: "DELETE_NAME"
    case .unpackSequence: "UNPACK_SEQUENCE"
    case .forIter: "FOR_ITER"
    case .unpackEx: "UNPACK_EX"
    case .storeAttr: "STORE_ATTR"
    case .deleteAttr: "DELETE_ATTR"
    case .storeGlobal: "STORE_GLOBAL"
    case .deleteGlobal: "DELETE_GLOBAL"
    case .rotN: "ROT_N"
    case .loadConst: "LOAD_CONST"
    case .loadName: "LOAD_NAME"
    case .buildTuple: "BUILD_TUPLE"
    case .buildList: "BUILD_LIST"
    case .buildSet: "BUILD_SET"
    case .buildMap: "BUILD_MAP"
    case .loadAttr: "LOAD_ATTR"
    case .compareOp: "COMPARE_OP"
    case .importName: "IMPORT_NAME"
    case .importFrom: "IMPORT_FROM"
    case .jumpForward: "JUMP_FORWARD"
    case .jumpIfFalseOrPop: "JUMP_IF_FALSE_OR_POP"
    case .jumpIfTrueOrPop: "JUMP_IF_TRUE_OR_POP"
    case .jumpAbsolute: "JUMP_ABSOLUTE"
    case .popJumpIfFalse: "POP_JUMP_IF_FALSE"
    case .popJumpIfTrue: "POP_JUMP_IF_TRUE"
    case .loadGlobal: "LOAD_GLOBAL"
    case .isOp: "IS_OP"
    case .containsOp: "CONTAINS_OP"
    case .reraise: "RERAISE"
    case .jumpIfNotExcMatch: "JUMP_IF_NOT_EXC_MATCH"
    case .setupFinally: "SETUP_FINALLY"
    case .loadFast: "LOAD_FAST"
    case .storeFast: "STORE_FAST"
    case .deleteFast: "DELETE_FAST"
    case .genStart: "GEN_START"
    case .raiseVarargs: "RAISE_VARARGS"
    case .callFunction: "CALL_FUNCTION"
    case .makeFunction: "MAKE_FUNCTION"
    case .buildSlice: "BUILD_SLICE"
    case .loadClosure: "LOAD_CLOSURE"
    case .loadDeref: "LOAD_DEREF"
    case .storeDeref: "STORE_DEREF"
    case .deleteDeref: "DELETE_DEREF"
    case .callFunctionKw: "CALL_FUNCTION_KW"
    case .callFunctionEx: "CALL_FUNCTION_EX"
    case .setupWith: "SETUP_WITH"
    case .extendedArg: "EXTENDED_ARG"
    case .listAppend: "LIST_APPEND"
    case .setAdd: "SET_ADD"
    case .mapAdd: "MAP_ADD"
    case .loadClassderef: "LOAD_CLASSDEREF"
    case .matchClass: "MATCH_CLASS"
    case .setupAsyncWith: "SETUP_ASYNC_WITH"
    case .formatValue: "FORMAT_VALUE"
    case .buildConstKeyMap: "BUILD_CONST_KEY_MAP"
    case .buildString: "BUILD_STRING"
    case .loadMethod: "LOAD_METHOD"
    case .callMethod: "CALL_METHOD"
    case .listExtend: "LIST_EXTEND"
    case .setUpdate: "SET_UPDATE"
    case .dictMerge: "DICT_MERGE"
    case .dictUpdate: "DICT_UPDATE"
    case .callIntrinsic1: "CALL_INTRINSIC_1"
    case .callIntrinsic2: "CALL_INTRINSIC_2"
    case .loadFromDictOrGlobals: "LOAD_FROM_DICT_OR_GLOBALS"
    case .loadFromDictOrDeref: "LOAD_FROM_DICT_OR_DEREF"
    case .loadFastAndClear: "LOAD_FAST_AND_CLEAR"
    case .storeFastMaybeNull: "STORE_FAST_MAYBE_NULL"
    case .loadCellAndClear: "LOAD_CELL_AND_CLEAR"
    case .storeCell: "STORE_CELL"
    }
  }

  /// What `oparg` stands for.
  @inlinable public var argument: ArgumentKind {
    switch self {
    case .loadConst:
      .const
    case .storeName,
      .deleteName,
      .storeAttr,
      .deleteAttr,
      .storeGlobal,
      .deleteGlobal,
      .loadName,
      .loadAttr,
      .importName,
      .importFrom,
      .loadGlobal,
      .loadMethod,
      .loadFromDictOrGlobals:
      .name
    case .loadFast,
      .storeFast,
      .deleteFast,
      .loadFastAndClear,
      .storeFastMaybeNull:
      .local
    case .loadClosure,
      .loadDeref,
      .storeDeref,
      .deleteDeref,
      .loadClassderef,
      .loadFromDictOrDeref,
      .loadCellAndClear,
      .storeCell:
      .free
    case .forIter,
      .jumpForward,
      .setupFinally,
      .setupWith,
      .setupAsyncWith:
      .relativeJump
    case .jumpIfFalseOrPop,
      .jumpIfTrueOrPop,
      .jumpAbsolute,
      .popJumpIfFalse,
      .popJumpIfTrue,
      .jumpIfNotExcMatch:
      .absoluteJump
    case .compareOp:
      .compare
    case .unpackSequence,
      .unpackEx,
      .rotN,
      .buildTuple,
      .buildList,
      .buildSet,
      .buildMap,
      .raiseVarargs,
      .callFunction,
      .buildSlice,
      .callFunctionKw,
      .extendedArg,
      .listAppend,
      .setAdd,
      .mapAdd,
      .matchClass,
      .buildConstKeyMap,
      .buildString,
      .callMethod,
      .listExtend,
      .setUpdate,
      .dictMerge,
      .dictUpdate:
      .count
    case .isOp,
      .containsOp,
      .reraise,
      .genStart,
      .makeFunction,
      .callFunctionEx,
      .formatValue:
      .flags
    case .callIntrinsic1,
      .callIntrinsic2:
      .intrinsic
    default: .none
    }
  }

  /// Whether executing it can leave an exception.
  public var mayRaise: Bool {
    switch self {
    case .popTop,
      .rotTwo,
      .rotThree,
      .dupTop,
      .dupTopTwo,
      .rotFour,
      .nop,
      .matchMapping,
      .matchSequence,
      .loadAssertionError,
      .listToTuple,
      .returnValue,
      .popBlock,
      .popExcept,
      .rotN,
      .loadConst,
      .jumpForward,
      .jumpAbsolute,
      .isOp,
      .setupFinally,
      .storeFast,
      .loadClosure,
      .storeDeref,
      .extendedArg,
      .setupAsyncWith,
      .loadFastAndClear,
      .storeFastMaybeNull,
      .loadCellAndClear,
      .storeCell:
      false
    default: true
    }
  }

  /// How many entries the stack grows by.
  ///
  /// - Parameter jump: the way where the jump is taken (for blocks: where the handler is entered).
  public func stackEffect(_ oparg: Int, jump: Bool) -> Int {
    switch self {
    case .popTop: -1
    case .rotTwo: 0
    case .rotThree: 0
    case .dupTop: 1
    case .dupTopTwo: 2
    case .rotFour: 0
    case .nop: 0
    case .unaryPositive: 0
    case .unaryNegative: 0
    case .unaryNot: 0
    case .unaryInvert: 0
    case .binaryMatrixMultiply: -1
    case .inplaceMatrixMultiply: -1
    case .binaryPower: -1
    case .binaryMultiply: -1
    case .binaryModulo: -1
    case .binaryAdd: -1
    case .binarySubtract: -1
    case .binarySubscr: -1
    case .binaryFloorDivide: -1
    case .binaryTrueDivide: -1
    case .inplaceFloorDivide: -1
    case .inplaceTrueDivide: -1
    case .getLen: 1
    case .matchMapping: 1
    case .matchSequence: 1
    case .matchKeys: 2
    case .copyDictWithoutKeys: 0
    case .reraiseValue: -1
    case .checkEgMatch: 0
    case .withExceptStart: 1
    case .getAiter: 0
    case .getAnext: 1
    case .beforeAsyncWith: 1
    case .endAsyncFor: -7
    case .inplaceAdd: -1
    case .inplaceSubtract: -1
    case .inplaceMultiply: -1
    case .inplaceModulo: -1
    case .storeSubscr: -3
    case .deleteSubscr: -2
    case .binaryLshift: -1
    case .binaryRshift: -1
    case .binaryAnd: -1
    case .binaryXor: -1
    case .binaryOr: -1
    case .inplacePower: -1
    case .getIter: 0
    case .getYieldFromIter: 0
    case .printExpr: -1
    case .loadBuildClass: 1
    case .yieldFrom: -1
    case .getAwaitable: 0
    case .loadAssertionError: 1
    case .inplaceLshift: -1
    case .inplaceRshift: -1
    case .inplaceAnd: -1
    case .inplaceXor: -1
    case .inplaceOr: -1
    case .loadLocals: 1
    case .listToTuple: 0
    case .returnValue: -1
    case .importStar: -1
    case .setupAnnotations: 0
    case .yieldValue: 0
    case .popBlock: 0
    case .prepReraiseStar: -1
    case .popExcept: -3
    case .storeName: -1
    case .deleteName: 0
    case .unpackSequence: -1 + oparg
    case .forIter: jump ? -1 : 1
    case .unpackEx: (oparg & 255) + (oparg >> 8)
    case .storeAttr: -2
    case .deleteAttr: -1
    case .storeGlobal: -1
    case .deleteGlobal: 0
    case .rotN: 0
    case .loadConst: 1
    case .loadName: 1
    case .buildTuple: 1 - oparg
    case .buildList: 1 - oparg
    case .buildSet: 1 - oparg
    case .buildMap: 1 - (oparg * 2)
    case .loadAttr: 0
    case .compareOp: -1
    case .importName: -1
    case .importFrom: 1
    case .jumpForward: 0
    case .jumpIfFalseOrPop: jump ? 0 : -1
    case .jumpIfTrueOrPop: jump ? 0 : -1
    case .jumpAbsolute: 0
    case .popJumpIfFalse: -1
    case .popJumpIfTrue: -1
    case .loadGlobal: 1
    case .isOp: -1
    case .containsOp: -1
    case .reraise: -3
    case .jumpIfNotExcMatch: -2
    case .setupFinally: jump ? 6 : 0
    case .loadFast: 1
    case .storeFast: -1
    case .deleteFast: 0
    case .genStart: -1
    case .raiseVarargs: 0 - oparg
    case .callFunction: 0 - oparg
    case .makeFunction: -1 - (oparg & 1) - (oparg >> 1 & 1) - (oparg >> 2 & 1) - (oparg >> 3 & 1)
    case .buildSlice: -1 - (oparg == 3 ? 1 : 0)
    case .loadClosure: 1
    case .loadDeref: 1
    case .storeDeref: -1
    case .deleteDeref: 0
    case .callFunctionKw: -1 - oparg
    case .callFunctionEx: -1 - (oparg & 1)
    case .setupWith: jump ? 6 : 1
    case .extendedArg: 0
    case .listAppend: -1
    case .setAdd: -1
    case .mapAdd: -2
    case .loadClassderef: 1
    case .matchClass: -1
    case .setupAsyncWith: jump ? 5 : 0
    case .formatValue: 0 - (oparg >> 2 & 1)
    case .buildConstKeyMap: 0 - oparg
    case .buildString: 1 - oparg
    case .loadMethod: 1
    case .callMethod: -1 - oparg
    case .listExtend: -1
    case .setUpdate: -1
    case .dictMerge: -1
    case .dictUpdate: -1
    case .callIntrinsic1: 0
    case .callIntrinsic2: -1
    case .loadFromDictOrGlobals: 0
    case .loadFromDictOrDeref: 0
    case .loadFastAndClear: 1
    case .storeFastMaybeNull: -1
    case .loadCellAndClear: 1
    case .storeCell: -1
    }
  }
}

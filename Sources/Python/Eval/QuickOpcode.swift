import Bytecode

/// The operations of quickened code: the wordcode's own, their specialised forms and fused pairs.
///
/// In memory a case is its ordinal, one byte, so a dispatch is one table jump without a bounds check.
/// The order is free; `QuickOpcode(wordcode:)` and `wordcode` tie the two sets together.
enum QuickOpcode: UInt8, CaseIterable {
  /// Number 0, what every opcode and-ed with an empty mask becomes: a trace function is set.
  case traced
  // Stack
  case nop, popTop, rotTwo, rotThree, rotFour, rotN, dupTop, dupTopTwo
  // Loads and stores
  case loadConst, loadFast, storeFast, deleteFast, loadName, storeName, deleteName
  case loadGlobal, storeGlobal, deleteGlobal
  case loadClosure, loadDeref, storeDeref, deleteDeref, loadClassDeref
  case loadFastAndClear, storeFastMaybeNull, loadCellAndClear, storeCell
  case loadLocals, loadFromDictOrGlobals, loadFromDictOrDeref
  case loadAttr, storeAttr, deleteAttr, loadMethod
  case loadBuildClass, loadAssertionError
  // Arithmetic
  case unaryPositive, unaryNegative, unaryNot, unaryInvert
  case binaryPower, binaryMultiply, binaryMatrixMultiply, binaryModulo, binaryAdd, binarySubtract
  case binaryFloorDivide, binaryTrueDivide, binaryLshift, binaryRshift, binaryAnd, binaryXor
  case binaryOr
  case inplacePower, inplaceMultiply, inplaceMatrixMultiply, inplaceModulo, inplaceAdd
  case inplaceSubtract, inplaceFloorDivide, inplaceTrueDivide, inplaceLshift, inplaceRshift
  case inplaceAnd, inplaceXor, inplaceOr
  case compareOp, isOp, containsOp
  // Containers
  case binarySubscr, storeSubscr, deleteSubscr
  case buildTuple, buildList, buildSet, buildMap, buildConstKeyMap, buildString, buildSlice
  case listAppend, setAdd, mapAdd, listExtend, setUpdate, dictUpdate, dictMerge, listToTuple
  case unpackSequence, unpackEx, formatValue
  // Control
  case jumpForward, jumpAbsolute, popJumpIfFalse, popJumpIfTrue, jumpIfFalseOrPop
  case jumpIfTrueOrPop, getIter, forIter
  case returnValue, yieldValue, yieldFrom, genStart, getYieldFromIter
  case getAwaitable, getAiter, getAnext, endAsyncFor, beforeAsyncWith, setupAsyncWith
  // Blocks and exceptions
  case setupFinally, setupWith, popBlock, popExcept, reraise, reraiseValue, raiseVarargs
  case jumpIfNotExcMatch, withExceptStart, checkEgMatch, prepReraiseStar
  // Calls
  case callFunction, callFunctionKw, callFunctionEx, callMethod, makeFunction
  // Imports and the rest
  case importName, importFrom, importStar, setupAnnotations, printExpr
  case getLen, matchMapping, matchSequence, matchKeys, matchClass, copyDictWithoutKeys
  case callIntrinsic1, callIntrinsic2
  // Specialised forms
  case loadGlobalModule, loadGlobalBuiltin, storeGlobalModule
  case loadAttrInstance, loadAttrSlot, loadAttrModule, loadAttrClass, loadAttrProperty
  case loadAttrHint, loadAttrOfType, loadAttrBound, loadAttrGetSet
  case storeAttrInstance, storeAttrSlot
  case loadMethodValues, loadMethodNoDict, loadMethodLazyDict, loadMethodModule, loadMethodClass
  case callPythonExact, callBuiltinO, callBuiltinFast, callTypeOne, callClassInit
  case callSuperMethod, callSuperMethodOf, callPythonKeywords
  case callMethodPythonExact, callMethodNoargs, callMethodO, callMethodFast, callMethodListAppend
  // Fused pairs
  case loadFastLoadFast, loadFastLoadConst, storeFastLoadFast, storeFastStoreFast
  case compareOpJump, buildSliceSubscr, buildSliceStore
  case loadFastLoadAttr, loadFastStoreAttr

  @inline(__always) init(_ instruction: UInt16) {
    self.init(number: UInt8(truncatingIfNeeded: instruction))
  }

  /// The case of a number, which must be one of them.
  @inline(__always) init(number: UInt8) { self = unsafeBitCast(number, to: QuickOpcode.self) }

  /// As it is stored in an instruction.
  @inline(__always) var stored: UInt16 { UInt16(unsafeBitCast(self, to: UInt8.self)) }
}

extension QuickOpcode {
  /// The general form of an opcode of the wordcode.
  init(wordcode opcode: Opcode) {
    switch opcode {
    case .popTop: self = .popTop
    case .rotTwo: self = .rotTwo
    case .rotThree: self = .rotThree
    case .dupTop: self = .dupTop
    case .dupTopTwo: self = .dupTopTwo
    case .rotFour: self = .rotFour
    case .nop, .extendedArg: self = .nop
    case .unaryPositive: self = .unaryPositive
    case .unaryNegative: self = .unaryNegative
    case .unaryNot: self = .unaryNot
    case .unaryInvert: self = .unaryInvert
    case .binaryMatrixMultiply: self = .binaryMatrixMultiply
    case .inplaceMatrixMultiply: self = .inplaceMatrixMultiply
    case .binaryPower: self = .binaryPower
    case .binaryMultiply: self = .binaryMultiply
    case .binaryModulo: self = .binaryModulo
    case .binaryAdd: self = .binaryAdd
    case .binarySubtract: self = .binarySubtract
    case .binarySubscr: self = .binarySubscr
    case .binaryFloorDivide: self = .binaryFloorDivide
    case .binaryTrueDivide: self = .binaryTrueDivide
    case .inplaceFloorDivide: self = .inplaceFloorDivide
    case .inplaceTrueDivide: self = .inplaceTrueDivide
    case .getLen: self = .getLen
    case .matchMapping: self = .matchMapping
    case .matchSequence: self = .matchSequence
    case .matchKeys: self = .matchKeys
    case .copyDictWithoutKeys: self = .copyDictWithoutKeys
    case .reraiseValue: self = .reraiseValue
    case .checkEgMatch: self = .checkEgMatch
    case .withExceptStart: self = .withExceptStart
    case .getAiter: self = .getAiter
    case .getAnext: self = .getAnext
    case .beforeAsyncWith: self = .beforeAsyncWith
    case .endAsyncFor: self = .endAsyncFor
    case .inplaceAdd: self = .inplaceAdd
    case .inplaceSubtract: self = .inplaceSubtract
    case .inplaceMultiply: self = .inplaceMultiply
    case .inplaceModulo: self = .inplaceModulo
    case .storeSubscr: self = .storeSubscr
    case .deleteSubscr: self = .deleteSubscr
    case .binaryLshift: self = .binaryLshift
    case .binaryRshift: self = .binaryRshift
    case .binaryAnd: self = .binaryAnd
    case .binaryXor: self = .binaryXor
    case .binaryOr: self = .binaryOr
    case .inplacePower: self = .inplacePower
    case .getIter: self = .getIter
    case .getYieldFromIter: self = .getYieldFromIter
    case .printExpr: self = .printExpr
    case .loadBuildClass: self = .loadBuildClass
    case .yieldFrom: self = .yieldFrom
    case .getAwaitable: self = .getAwaitable
    case .loadAssertionError: self = .loadAssertionError
    case .inplaceLshift: self = .inplaceLshift
    case .inplaceRshift: self = .inplaceRshift
    case .inplaceAnd: self = .inplaceAnd
    case .inplaceXor: self = .inplaceXor
    case .inplaceOr: self = .inplaceOr
    case .loadLocals: self = .loadLocals
    case .listToTuple: self = .listToTuple
    case .returnValue: self = .returnValue
    case .importStar: self = .importStar
    case .setupAnnotations: self = .setupAnnotations
    case .yieldValue: self = .yieldValue
    case .popBlock: self = .popBlock
    case .prepReraiseStar: self = .prepReraiseStar
    case .popExcept: self = .popExcept
    case .storeName: self = .storeName
    case .deleteName: self = .deleteName
    case .unpackSequence: self = .unpackSequence
    case .forIter: self = .forIter
    case .unpackEx: self = .unpackEx
    case .storeAttr: self = .storeAttr
    case .deleteAttr: self = .deleteAttr
    case .storeGlobal: self = .storeGlobal
    case .deleteGlobal: self = .deleteGlobal
    case .rotN: self = .rotN
    case .loadConst: self = .loadConst
    case .loadName: self = .loadName
    case .buildTuple: self = .buildTuple
    case .buildList: self = .buildList
    case .buildSet: self = .buildSet
    case .buildMap: self = .buildMap
    case .loadAttr: self = .loadAttr
    case .compareOp: self = .compareOp
    case .importName: self = .importName
    case .importFrom: self = .importFrom
    case .jumpForward: self = .jumpForward
    case .jumpIfFalseOrPop: self = .jumpIfFalseOrPop
    case .jumpIfTrueOrPop: self = .jumpIfTrueOrPop
    case .jumpAbsolute: self = .jumpAbsolute
    case .popJumpIfFalse: self = .popJumpIfFalse
    case .popJumpIfTrue: self = .popJumpIfTrue
    case .loadGlobal: self = .loadGlobal
    case .isOp: self = .isOp
    case .containsOp: self = .containsOp
    case .reraise: self = .reraise
    case .jumpIfNotExcMatch: self = .jumpIfNotExcMatch
    case .setupFinally: self = .setupFinally
    case .loadFast: self = .loadFast
    case .storeFast: self = .storeFast
    case .deleteFast: self = .deleteFast
    case .genStart: self = .genStart
    case .raiseVarargs: self = .raiseVarargs
    case .callFunction: self = .callFunction
    case .makeFunction: self = .makeFunction
    case .buildSlice: self = .buildSlice
    case .loadClosure: self = .loadClosure
    case .loadDeref: self = .loadDeref
    case .storeDeref: self = .storeDeref
    case .deleteDeref: self = .deleteDeref
    case .callFunctionKw: self = .callFunctionKw
    case .callFunctionEx: self = .callFunctionEx
    case .setupWith: self = .setupWith
    case .listAppend: self = .listAppend
    case .setAdd: self = .setAdd
    case .mapAdd: self = .mapAdd
    case .loadClassderef: self = .loadClassDeref
    case .matchClass: self = .matchClass
    case .setupAsyncWith: self = .setupAsyncWith
    case .formatValue: self = .formatValue
    case .buildConstKeyMap: self = .buildConstKeyMap
    case .buildString: self = .buildString
    case .loadMethod: self = .loadMethod
    case .callMethod: self = .callMethod
    case .listExtend: self = .listExtend
    case .setUpdate: self = .setUpdate
    case .dictMerge: self = .dictMerge
    case .dictUpdate: self = .dictUpdate
    case .callIntrinsic1: self = .callIntrinsic1
    case .callIntrinsic2: self = .callIntrinsic2
    case .loadFromDictOrGlobals: self = .loadFromDictOrGlobals
    case .loadFromDictOrDeref: self = .loadFromDictOrDeref
    case .loadFastAndClear: self = .loadFastAndClear
    case .storeFastMaybeNull: self = .storeFastMaybeNull
    case .loadCellAndClear: self = .loadCellAndClear
    case .storeCell: self = .storeCell
    }
  }

  /// Instructions whose quickened argument counts from the first local, not from the first cell.
  static let usesCells: Set<Opcode> = [.loadClosure, .loadDeref, .storeDeref, .deleteDeref]

  /// Whether the instruction has an entry in the cache table.
  var isCached: Bool {
    switch self {
    case .loadGlobal, .storeGlobal, .loadAttr, .storeAttr, .loadMethod, .callFunction, .callFunctionKw, .callMethod,
      .forIter, .binarySubscr:
      true
    default: false
    }
  }
}

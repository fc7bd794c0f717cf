import UnicodeData

// The seam to the Unicode tables (Unicode 15.1, as CPython 3.13).

/// Whether `scalar` may begin an identifier (PEP 3131).
func isIdentifierStart(_ scalar: UInt32) -> Bool { apus_isidentifierstart(scalar) }

/// Whether `scalar` may continue an identifier (PEP 3131).
func isIdentifierContinue(_ scalar: UInt32) -> Bool { apus_isxidcontinue(scalar) }

/// `str.isprintable` of one character.
func isPrintable(_ scalar: UInt32) -> Bool { apus_isprintable(scalar) }

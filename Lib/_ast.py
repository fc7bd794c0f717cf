"""The node classes of syntax trees, made from the abstract grammar; `ast` shows them to programs."""

PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_ONLY_AST = 0x400
PyCF_OPTIMIZED_AST = 0x8400
PyCF_TYPE_COMMENTS = 0x1000

# One line per sum or product: `?` marks what may be None, `*` lists. A trailing @ means that the nodes
# have positions, @@ that the end is required as well.
_GRAMMAR = """
mod = Module(stmt* body, type_ignore* type_ignores) | Interactive(stmt* body) | Expression(expr body) | FunctionType(expr* argtypes, expr returns)
stmt = FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params) | Return(expr? value) | Delete(expr* targets) | Assign(expr* targets, expr value, string? type_comment) | TypeAlias(expr name, type_param* type_params, expr value) | AugAssign(expr target, operator op, expr value) | AnnAssign(expr target, expr annotation, expr? value, int simple) | For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | While(expr test, stmt* body, stmt* orelse) | If(expr test, stmt* body, stmt* orelse) | With(withitem* items, stmt* body, string? type_comment) | AsyncWith(withitem* items, stmt* body, string? type_comment) | Match(expr subject, match_case* cases) | Raise(expr? exc, expr? cause) | Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | Assert(expr test, expr? msg) | Import(alias* names) | ImportFrom(identifier? module, alias* names, int? level) | Global(identifier* names) | Nonlocal(identifier* names) | Expr(expr value) | Pass | Break | Continue @
expr = BoolOp(boolop op, expr* values) | NamedExpr(expr target, expr value) | BinOp(expr left, operator op, expr right) | UnaryOp(unaryop op, expr operand) | Lambda(arguments args, expr body) | IfExp(expr test, expr body, expr orelse) | Dict(expr* keys, expr* values) | Set(expr* elts) | ListComp(expr elt, comprehension* generators) | SetComp(expr elt, comprehension* generators) | DictComp(expr key, expr value, comprehension* generators) | GeneratorExp(expr elt, comprehension* generators) | Await(expr value) | Yield(expr? value) | YieldFrom(expr value) | Compare(expr left, cmpop* ops, expr* comparators) | Call(expr func, expr* args, keyword* keywords) | FormattedValue(expr value, int conversion, expr? format_spec) | JoinedStr(expr* values) | Constant(constant value, string? kind) | Attribute(expr value, identifier attr, expr_context ctx) | Subscript(expr value, expr slice, expr_context ctx) | Starred(expr value, expr_context ctx) | Name(identifier id, expr_context ctx) | List(expr* elts, expr_context ctx) | Tuple(expr* elts, expr_context ctx) | Slice(expr? lower, expr? upper, expr? step) @
expr_context = Load | Store | Del
boolop = And | Or
operator = Add | Sub | Mult | MatMult | Div | Mod | Pow | LShift | RShift | BitOr | BitXor | BitAnd | FloorDiv
unaryop = Invert | Not | UAdd | USub
cmpop = Eq | NotEq | Lt | LtE | Gt | GtE | Is | IsNot | In | NotIn
comprehension(expr target, expr iter, expr* ifs, int is_async)
excepthandler = ExceptHandler(expr? type, identifier? name, stmt* body) @
arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr* kw_defaults, arg? kwarg, expr* defaults)
arg(identifier arg, expr? annotation, string? type_comment) @
keyword(identifier? arg, expr value) @
alias(identifier name, identifier? asname) @
withitem(expr context_expr, expr? optional_vars)
match_case(pattern pattern, expr? guard, stmt* body)
pattern = MatchValue(expr value) | MatchSingleton(constant value) | MatchSequence(pattern* patterns) | MatchMapping(expr* keys, pattern* patterns, identifier? rest) | MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns) | MatchStar(identifier? name) | MatchAs(pattern? pattern, identifier? name) | MatchOr(pattern* patterns) @@
type_ignore = TypeIgnore(int lineno, string tag)
type_param = TypeVar(identifier name, expr? bound, expr? default_value) | ParamSpec(identifier name, expr? default_value) | TypeVarTuple(identifier name, expr? default_value) @@
"""

_POSITIONS = ('lineno', 'col_offset', 'end_lineno', 'end_col_offset')


def _deprecated(message):
    import warnings
    warnings.warn(message, DeprecationWarning, stacklevel=3)


class AST:
    """A node of a syntax tree."""

    __module__ = 'ast'
    _fields = ()
    _attributes = ()
    __match_args__ = ()

    def __new__(cls, /, *args, **kwargs):
        return object.__new__(cls)

    def __init__(self, /, *args, **kwargs):
        cls = type(self)
        try:
            fields = cls._fields
        except AttributeError:
            if cls is not AST:
                raise
            raise AttributeError("type object 'ast.AST' has no attribute '_fields'",
                                 name='_fields', obj=cls) from None
        if len(args) > len(fields):
            raise TypeError("%s constructor takes at most %d positional argument%s"
                            % (cls.__name__, len(fields), "" if len(fields) == 1 else "s"))
        missing = set(fields)
        for name, value in zip(fields, args):
            setattr(self, name, value)
            missing.discard(name)
        for name, value in kwargs.items():
            if name in fields:
                if name not in missing:
                    raise TypeError("%s got multiple values for argument %r" % (cls.__name__, name))
                missing.discard(name)
            elif name not in cls._attributes:
                _deprecated("%s.__init__ got an unexpected keyword argument %r. Support for "
                            "arbitrary keyword arguments is deprecated and will be removed in "
                            "Python 3.15." % (cls.__name__, name))
            setattr(self, name, value)
        if not missing:
            return
        types = getattr(cls, '_field_types', None)
        if types is None:
            return
        for name in fields:
            if name not in missing:
                continue
            if name not in types:
                _deprecated("Field %r is missing from %s._field_types. This will become an error "
                            "in Python 3.15." % (name, cls.__name__))
                continue
            kind = types[name]
            if isinstance(kind, _ListOf):
                setattr(self, name, [])
            elif kind is expr_context:
                setattr(self, name, _instances['Load'])
            elif not isinstance(kind, _Union):
                _deprecated("%s.__init__ missing 1 required positional argument: %r. This will "
                            "become an error in Python 3.15." % (cls.__name__, name))

    def __reduce__(self):
        # The values are all in the state, so that nodes may refer to their parents.
        values = dict(self.__dict__)
        given = 0
        for name in type(self)._fields:
            if name not in values:
                break
            given += 1
        return type(self), (None,) * given, values


# A class made in C has neither.
for _name in '__firstlineno__', '__static_attributes__':
    # The body of a class does not store them with -X classic.
    if _name in AST.__dict__:
        delattr(AST, _name)
del _name

_ListOf = type(list[int])
_Union = type(int | None)


def _split(text):
    """The name and the (kind, mark, name) fields of `Name(kind mark name, ...)`."""
    name, _, rest = text.strip().partition('(')
    fields = []
    for field in rest.rstrip(')').split(', ') if rest else ():
        kind, _, field_name = field.partition(' ')
        mark = kind[-1] if kind[-1] in '?*' else ''
        fields.append((kind.rstrip('?*'), mark, field_name))
    return name, fields


def _add_positions(members, positions):
    if positions:
        members['_attributes'] = _POSITIONS
    if positions == '@':
        members['end_lineno'] = members['end_col_offset'] = None


def _make(base, text, positions, namespace):
    """Make one node class; its field types come later, when all classes are there."""
    name, fields = _split(text)
    names = tuple(field[2] for field in fields)
    members = {'_fields': names, '__match_args__': names, '__module__': 'ast', '__doc__': text.strip()}
    for _, mark, field in fields:
        if mark == '?':
            members[field] = None
    _add_positions(members, positions)
    namespace[name] = type(name, (base,), members)
    return namespace[name], fields


def _define(namespace):
    """Make all node classes."""
    made = []
    for line in _GRAMMAR.strip().split('\n'):
        line, mark, positions = line.partition(' @')
        positions = mark.strip() + positions
        if ' = ' not in line:
            made.append(_make(AST, line, positions, namespace))
            continue
        name, _, rest = line.partition(' = ')
        parts = rest.split(' | ')
        members = {'_fields': (), '__match_args__': (), '__module__': 'ast'}
        plain = '(' not in rest
        joint = ' | ' if plain else '\n' + ' ' * len(name) + ' | '
        members['__doc__'] = name + ' = ' + joint.join(parts)
        _add_positions(members, positions)
        base = namespace[name] = type(name, (AST,), members)
        for part in parts:
            made.append(_make(base, part, '', namespace))
    kinds = {'identifier': str, 'string': str, 'int': int, 'constant': object}
    for cls, fields in made:
        if not fields and cls.__base__ is not stmt:
            _instances[cls.__name__] = cls()
        types = {}
        for kind, mark, name in fields:
            kind = kinds.get(kind) or namespace[kind]
            types[name] = list[kind] if mark == '*' else kind | None if mark == '?' else kind
        cls._field_types = cls.__annotations__ = types


# The one instance of each operator and context that trees made by the parser share.
_instances = {}
_define(globals())

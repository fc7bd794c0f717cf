"""A program that uses what Apus adds, for type checkers: mypy --strict accepts it. It also runs."""
from __future__ import annotations

import sys

import apus
import apus.memory
from apus.bytecode import Body, Instruction, Label
from apus.stages import quickened, symbols, tokens, tree, wordcode
from apus.trace import Tracer, Writer


def area(width: int, height: int) -> int:
    return width * height


def depths() -> list[int | None]:
    result, steps = apus.trace(area, 3, 4, limit=100)
    total: int = result + 1
    assert total == 13
    return [step.depth for step in steps]


def told() -> int:
    writer = Writer(sys.stdout, 'json', stamps=True)
    tracer = Tracer(writer, lambda frame: frame.f_code is area.__code__, limit=10)
    sys.settrace(tracer)
    try:
        area(1, 2)
    finally:
        sys.settrace(None)
        tracer.finish()
    return tracer.count


def counted() -> dict[str, int]:
    found = apus.profile(area, 3, height=4)
    count: apus.Count = found.total
    print(found.report(most=3), count.plus(1, 0, 0).runs, found.unit)
    return {name: number.runs for name, number in found.opcodes.items()}


def functions() -> list[str]:
    nesting = apus.runtime()['runtime']
    return [frame['function'] for interpreter in nesting['interpreters'] for thread in interpreter['threads']
            for frame in thread['frames']]


def doubled() -> int:
    body = Body.from_code(area.__code__)
    label = Label()
    for item in body:
        if isinstance(item, Instruction) and item.name == 'BINARY_MULTIPLY':
            item.name = 'BINARY_ADD'
    assert label not in body
    scope: dict[str, int] = {}
    exec(compile('x = 1', '<one>', 'exec'), scope)
    area.__code__ = body.to_code()
    return area(3, 4) + scope['x']


if __name__ == '__main__':
    print(depths(), told(), counted(), functions()[0])
    print(apus.show('wordcode', 'a + b'), apus.show('ast', b'a + b', format='json'), apus.STAGES)
    print(len(tokens('a')), tree('a')['node'], symbols('a')['type'], wordcode(area)['name'], quickened(area)['name'])
    print(apus.layers()['+2']['bytes'] > 0, apus.memory.report().count('\n') > 10)
    print(doubled())

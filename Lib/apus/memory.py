"""The layers of memory, from the free lists of the types down to physical pages, with their bytes.

    +3  objects: dead ones that their type keeps for the next of the kind
    +2  the allocator of objects: arenas, pools, blocks
    +1  the raw allocator: what Python asks malloc() and mmap() for
     0  malloc() of the C library
    -1  virtual memory: what the kernel has mapped
    -2  physical memory: what of it is in RAM

`python -m apus layers` prints those of a fresh interpreter.
"""
import _machine

__all__ = ['layers', 'report']

_PAGE = 4096


def layers():
    """Return the layers as a dict: '+3', '+2', '+1', '0', '-1', '-2', and 'identities'.

    Each layer is a dict with its name, its bytes and their parts, which add up to bytes. identities is a
    list of dicts that say how the layers fit together: text, left, relation, right, holds.

    With PYTHONMALLOC=malloc or debug the object allocator takes each block from malloc(): there are no
    arenas then, and the blocks are part of the other blocks of malloc.
    """
    numbers = _machine.memory()
    virtual, resident, total_virtual, total_resident = _mappings(numbers['arenas'])

    free = {}
    for name, count, size in numbers['free_lists']:
        kind = name.rpartition(' ')[2]
        free[kind] = free.get(kind, 0) + count * size
    python = numbers['large_bytes'] + numbers['raw_bytes']
    in_use = numbers['malloc_used'] + numbers['malloc_mapped']
    result = {
        '+3': _layer('free lists of the types', free),
        '+2': _layer('object allocator', {
            'blocks in use': numbers['allocated'], 'free blocks': numbers['available'],
            'unused pools': numbers['unused_pools'], 'pool headers': numbers['pool_headers'],
            'behind the last block': numbers['quantization']}),
        '+1': _layer('raw allocator', {
            'arenas': numbers['arena_bytes'], 'large blocks': numbers['large_bytes'],
            'raw blocks': numbers['raw_bytes']}),
        '0': _layer('malloc', {
            'large and raw blocks of Python': python, 'other blocks': in_use - python,
            'free': numbers['malloc_free']}),
        '-1': _layer('virtual memory', virtual),
        '-2': _layer('physical memory', resident),
    }
    result['+2']['allocator'] = numbers['allocator']
    result['+2']['classes'] = [
        {'size': size, 'pools': pools, 'used': used, 'free': available}
        for size, pools, used, available in numbers['classes'] if pools]
    counted = numbers['allocator'] in ('pymalloc', 'traced')
    result['+1']['blocks'] = {'arenas': len(numbers['arenas']),
                              'large blocks': numbers['large_blocks'] if counted else 0,
                              'raw blocks': numbers['raw_blocks']}
    result['identities'] = [_identity(*parts) for parts in (
        ('free lists are part of the blocks in use', result['+3']['bytes'], '<=', numbers['allocated']),
        ('the parts of the pools are the arenas', result['+2']['bytes'], '==', numbers['arena_bytes']),
        ('large and raw blocks are part of what malloc gave out', python, '<=', in_use),
        ('heap and mapped blocks are what malloc has', result['0']['bytes'], '==',
         numbers['malloc_heap'] + numbers['malloc_mapped']),
        ('the arenas are mapped', virtual['object arenas'], '==', numbers['arena_bytes']),
        ('the mappings are the size of the process', result['-1']['bytes'], '==', total_virtual),
        ('what is in RAM is part of what is mapped', result['-2']['bytes'], '<=', result['-1']['bytes']),
        ('the resident mappings are the resident size', result['-2']['bytes'], '==', total_resident),
    )]
    return result


def _layer(name, parts):
    return {'name': name, 'bytes': sum(parts.values()), 'parts': parts}


def _identity(text, left, relation, right):
    return {'text': text, 'left': left, 'relation': relation, 'right': right,
            'holds': left == right if relation == '==' else left <= right}


def _read(path):
    with open(path, 'rb', 0) as file:
        return file.readall()


def _mappings(arenas):
    """Return (virtual, resident, their totals as the kernel counts them); the first two by kind."""
    # Reading moves memory too, so that a second look may be needed for a picture in which nothing moved.
    for _ in range(20):
        status = _read('/proc/self/statm')
        text = _read('/proc/self/smaps')
        rollup = _read('/proc/self/smaps_rollup')
        virtual, resident = _by_kind(text, arenas)
        total_virtual = int(status.split()[0]) * _PAGE
        total_resident = _kilobytes(rollup, b'Rss:')
        if sum(virtual.values()) == total_virtual and sum(resident.values()) == total_resident:
            break
    return virtual, resident, total_virtual, total_resident


def _kilobytes(text, name):
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def _by_kind(text, arenas):
    kinds = ('program and libraries', 'malloc heap', 'object arenas', 'stack', 'other')
    virtual, resident = dict.fromkeys(kinds, 0), dict.fromkeys(kinds, 0)
    size = 1 << 20
    kind, inside, start, end = 'other', 0, 0, 0
    for line in text.splitlines():
        fields = line.split(None, 5)
        if not fields[0].endswith(b':'):
            start, end = (int(part, 16) for part in fields[0].split(b'-'))
            path = fields[5] if len(fields) > 5 else b''
            # The kernel joins neighbouring mappings, so that an arena may be a part of one.
            inside = sum(max(0, min(end, arena + size) - max(start, arena)) for arena in arenas)
            if path == b'[vsyscall]':
                kind = None
            elif path == b'[heap]':
                kind = 'malloc heap'
            elif path.startswith(b'[stack'):
                kind = 'stack'
            elif path.startswith(b'/'):
                kind = 'program and libraries'
            else:
                kind = 'other'
            if kind is not None:
                virtual['object arenas'] += inside
                virtual[kind] += end - start - inside
        elif fields[0] == b'Rss:' and kind is not None:
            bytes = int(fields[1]) * 1024
            # Of a mapping that is only in part arenas, those come first: they are used from their start.
            part = bytes if inside == end - start else min(bytes, inside)
            resident['object arenas'] += part
            resident[kind] += bytes - part
    return virtual, resident


def report():
    """Return the layers as text."""
    found = layers()
    rows = []
    for number in ('+3', '+2', '+1', '0', '-1', '-2'):
        layer = found[number]
        rows.append('%2s %-41s %15s' % (number, layer['name'], format(layer['bytes'], ',')))
        rows += ['       %-38s %13s' % (name, format(bytes, ',')) for name, bytes in layer['parts'].items()]
    rows.append('')
    rows += ['%s: %s %s %s%s' % (one['text'], format(one['left'], ','), one['relation'],
                                 format(one['right'], ','), '' if one['holds'] else ', which is not so')
             for one in found['identities']]
    return '\n'.join(rows) + '\n'

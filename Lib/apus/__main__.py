"""`python -m apus layers` prints the layers of memory, `python -m apus runtime` what runs in the process."""
import json
import sys

from .memory import report
from .nesting import runtime


def _main(arguments):
    if arguments == ['layers']:
        sys.stdout.write(report())
    elif arguments == ['runtime']:
        print(json.dumps(runtime(), indent=1))
    else:
        sys.exit('usage: python -m apus layers|runtime')


if __name__ == '__main__':
    _main(sys.argv[1:])

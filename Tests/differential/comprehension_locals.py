import sys
y=3
print([sorted(k for k in locals() if '__' not in k) for x in [1]], 'y' in locals())
print([type(sys._getframe().f_locals) for x in [1]])
print([(sys._getframe().f_locals.__class__, sys._getframe().f_locals.get('y'), 'y' in sys._getframe().f_locals) for x in [1]])
[exec("q=x") for x in [1]]
print('q' in globals())
class C:
    z=1
    print([sorted(k for k in locals() if '__' not in k) for x in [1]], 'y' in locals())
    print([eval('x') for x in [1]])
    try: print([eval('z') for x in [1]])
    except NameError as e: print(e)

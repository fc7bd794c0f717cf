# set: PYTHONDONTWRITEBYTECODE=1
import warnings
warnings.simplefilter("always")
exec("print(~True)")
print(~False)

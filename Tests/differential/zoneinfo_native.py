import pickle
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo
import _zoneinfo


def show(function, *args, **keywords):
    try:
        print(repr(function(*args, **keywords)))
    except Exception as error:
        print(type(error).__name__, error)


assert ZoneInfo is _zoneinfo.ZoneInfo
for key in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca"):
    zone = ZoneInfo(key)
    print(key, repr(zone), str(zone), zone is ZoneInfo(key), zone is ZoneInfo.no_cache(key), zone.utcoffset(None))
    for year in (1850, 1916, 1945, 1970, 2000, 2024, 2037, 2038, 2100, 9998):
        for month, day, hour in ((1, 1, 0), (3, 31, 2), (4, 7, 2), (7, 1, 12), (10, 27, 2), (11, 3, 1), (12, 31, 23)):
            for fold in (0, 1):
                moment = datetime(year, month, day, hour, 30, fold=fold, tzinfo=zone)
                print(moment.isoformat(), moment.dst(), moment.tzname(), end=" ")
            there = datetime(year, month, day, hour, 30, tzinfo=timezone.utc).astimezone(zone)
            print(there.isoformat(), there.fold)
    print(pickle.loads(pickle.dumps(zone)) is zone, time(1, tzinfo=zone).utcoffset())
show(ZoneInfo, "No/Where")
show(ZoneInfo, "../etc")
show(ZoneInfo)
show(ZoneInfo("UTC").fromutc, 3)
show(ZoneInfo("UTC").fromutc, datetime(2000, 1, 1))
show(ZoneInfo.clear_cache, only_keys=["UTC"])
show(ZoneInfo.clear_cache, 1)


class Sub(ZoneInfo):
    pass


print(type(Sub("UTC")).__name__, Sub("UTC") is Sub("UTC"), Sub("UTC") is ZoneInfo("UTC"))

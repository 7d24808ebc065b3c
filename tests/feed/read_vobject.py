"""Events of a calendar on standard input as lines of JSON, read by vobject."""
import datetime
import json
import sys

import vobject

text = sys.stdin.buffer.read().decode()
cal = vobject.readOne(text)
for e in cal.contents.get("vevent", []):
    start, end, stamp = e.dtstart.value, e.dtend.value, e.dtstamp.value
    assert type(start) is datetime.date and type(end) is datetime.date, "not whole days"
    print(json.dumps({"uid": e.uid.value, "start": start.isoformat(), "end": end.isoformat(), "title": e.summary.value,
                      "text": e.description.value if hasattr(e, "description") else "", "url": e.url.value if hasattr(e, "url") else "",
                      "transp": e.transp.value, "stamp": stamp.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}))

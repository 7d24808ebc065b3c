"""Events of a calendar on standard input as lines of JSON, read by icalendar."""
import datetime
import json
import sys

import icalendar

cal = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
for e in cal.walk("VEVENT"):
    start, end, stamp = e["DTSTART"].dt, e["DTEND"].dt, e["DTSTAMP"].dt
    assert type(start) is datetime.date and type(end) is datetime.date, "not whole days"
    print(json.dumps({"uid": str(e["UID"]), "start": start.isoformat(), "end": end.isoformat(), "title": str(e["SUMMARY"]),
                      "text": str(e.get("DESCRIPTION", "")), "url": str(e.get("URL", "")), "transp": str(e["TRANSP"]),
                      "stamp": stamp.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}))

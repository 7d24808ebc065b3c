// Events of a calendar on standard input as lines of JSON, read by ical.js.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const cal = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const e of cal.getAllSubcomponents("vevent")) {
  const value = (name) => e.getFirstPropertyValue(name);
  const [start, end, stamp] = [value("dtstart"), value("dtend"), value("dtstamp")];
  if (!start.isDate || !end.isDate) throw new Error("not whole days");
  console.log(JSON.stringify({ uid: value("uid"), start: start.toString(), end: end.toString(), title: value("summary"),
    text: value("description") ?? "", url: value("url") ?? "", transp: value("transp"), stamp: stamp.toString() }));
}

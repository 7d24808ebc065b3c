// Writes the public holidays that ship, one iCalendar file a country: node tools/holidays_build.mjs OUT
//
// OUT/<country>.ics for the countries below, 2020 to 2035, from the npm package date-holidays (see
// docs/adr/0011-holidays.md). A file changes when a holiday does and not otherwise: it holds no date of
// its making and no version of the package, since dates that are due are kept with the hash of the file.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const Holidays = createRequire(path.join(root, "package.json"))("date-holidays");
const first = 2020, last = 2035;

// Holidays of the nation as a whole; `note` says where its parts differ. Of the United Kingdom there are
// none for the whole: what is taken is England.
const countries = {
  AT: { name: "Austria", note: "Days of a state's patron saint are not among them." },
  BE: { name: "Belgium", note: "Days of the communities and regions are not among them." },
  CH: { name: "Switzerland", note: "Only 1 August is a holiday by federal law; these are the days that nearly all cantons keep. Good Friday is worked in Ticino and Valais. The cantons add their own." },
  DE: { name: "Germany", note: "The nine holidays of all states. The states add their own, such as Epiphany, Corpus Christi, Reformation Day and All Saints." },
  ES: { name: "Spain", note: "Days of the autonomous communities and of towns are not among them, nor the Mondays to which some of them move a Sunday." },
  FR: { name: "France", note: "Alsace and Moselle also keep Good Friday and 26 December; overseas there are further days." },
  GB: { name: "the United Kingdom", state: "ENG", note: "Those of England and Wales. Scotland and Northern Ireland keep other days." },
  IT: { name: "Italy", note: "Days of a town's patron saint are not among them, nor Whit Monday, which South Tyrol keeps." },
  NL: { name: "the Netherlands", note: "Good Friday and Liberation Day (5 May) are off in some sectors only and not among them." },
  PL: { name: "Poland", note: "The same in the whole country." },
  SE: { name: "Sweden", note: "The eves of Midsummer, Christmas and New Year are no public holidays and not among them, though few work on them." },
  US: { name: "the United States", language: "en-us", note: "Federal holidays. The states add and leave out some." },
};

// In the United States a federal holiday on a weekend is kept on the Friday before or the Monday after,
// Veterans Day too, which the package counts among the holidays of banks.
function counts(code, day) {
  return day.type === "public" || (code === "US" && day.type === "bank" && day.substitute);
}

function holidays_of(code) {
  const { state, language } = countries[code];
  const all = state ? new Holidays(code, state) : new Holidays(code);
  all.setLanguages(language ? [language, "en"] : ["en"]);
  const days = [];
  for (let year = first; year <= last; year++) {
    for (const day of all.getHolidays(year)) {
      if (!counts(code, day)) continue;
      const hours = (day.end - day.start) / 3600000;
      if (hours < 23 || hours > 25) throw new Error(`${code} ${day.date} ${day.name} is no whole day`);
      days.push({ iso: day.date.slice(0, 10), name: day.name });
    }
  }
  return days.sort((a, b) => (a.iso + a.name < b.iso + b.name ? -1 : 1));
}

const escaped = (text) => text.replace(/\\/g, "\\\\").replace(/;/g, "\\;").replace(/,/g, "\\,");

// Lines of at most 75 bytes, cut between characters (RFC 5545, 3.1).
function folded(line) {
  let out = "", bytes = 0;
  for (const letter of line) {
    const n = Buffer.byteLength(letter);
    if (bytes + n > 75) {
      out += "\r\n ";
      bytes = 1;
    }
    out += letter;
    bytes += n;
  }
  return out + "\r\n";
}

function calendar_of(code) {
  const { name, note } = countries[code];
  const source = "Made from date-holidays (https://github.com/commenthol/date-holidays), whose data rests on articles of Wikipedia; CC BY-SA 3.0.";
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rapport//Public holidays//EN", "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:Public holidays of ${escaped(name)}`, `X-WR-CALDESC:${escaped(note)}`, `COMMENT:${escaped(source)}`];
  const seen = {};
  for (const { iso, name: holiday } of holidays_of(code)) {
    const day = iso.replace(/-/g, "");
    seen[day] = (seen[day] ?? 0) + 1;
    lines.push("BEGIN:VEVENT", `UID:${code}-${day}-${seen[day]}@holidays.invalid`, "DTSTAMP:20200101T000000Z",
      `DTSTART;VALUE=DATE:${day}`, `SUMMARY:${escaped(holiday)}`, "TRANSP:TRANSPARENT", "END:VEVENT");
  }
  return [...lines, "END:VCALENDAR"].map(folded).join("");
}

const out = process.argv[2];
if (!out) {
  console.error("usage: holidays_build.mjs OUT");
  process.exit(2);
}
fs.mkdirSync(out, { recursive: true });
for (const code of Object.keys(countries)) fs.writeFileSync(path.join(out, `${code}.ics`), calendar_of(code));

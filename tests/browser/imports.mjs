// One's own study from the table one has, in a real browser: node tests/browser/imports.mjs PROGRAM
//
// A tracker with wrong rows is refused row by row, the mended one comes in, again it adds nothing, and
// it goes back with a reason. Questions are asked where a file leaves them open. All without
// JavaScript; the pages on the way pass axe in light and dark, wide and on a phone.
import { axe, expect, Report, root, sign_in, start_browser, start_demo } from "./lib.mjs";
import { workbook } from "./sheets.mjs";
import path from "node:path";

const report = new Report();
const day = (date) => ({ date });
const head = ["Centre", "Country", "Subject no.", "Screened", "Randomised", "Status", "Reason"];
const wrong = workbook({
  "Read me": [["How to fill this in"]],
  Log: [["Tracker of trial ABC"], ["as of 20 Nov 2026"], [], head,
    ["01", "Germany", "01-001", day("2026-03-02"), day("2026-03-09"), "Randomised"], [],
    ["01", "Deutschland", "01-003", day("2026-04-01"), "31.02.2026", "Randomised"],
    ["02", "Atlantis", "02-002", day("2026-04-05"), day("2026-04-21"), "Randomised"],
    ["", "France", "02-003", day("2026-05-02"), day("2026-05-11"), "Randomised"],
    ["=cmd()", "France", "=1+1", day("2026-05-02"), "@SUM(A1)", "Randomised"],
    ["02", "France", "<script>alert(1)</script>", day("2026-05-02"), day("2026-05-13"), "on hold?"]],
  Old: [["Site", "Subject", "Enrolled"], ["9", "9-1", day("2026-01-02")], ["9", "9-2", day("2026-01-03")]],
}, { Log: ["A1:G1"] });
const mended = workbook({ Log: [["Tracker of trial ABC"], head, ...Array.from({ length: 18 }, (_, i) => [
  String(1 + (i % 3)), "Germany", `S-${i}`, day(`2026-0${3 + Math.floor(i / 4)}-0${1 + (i % 4)}`),
  i % 5 === 4 ? null : day(`2026-0${3 + Math.floor(i / 4)}-1${i % 9}`), i % 5 === 4 ? "Screen failure" : "Randomised"])] });

const demo = await start_demo(path.resolve(process.argv[2] ?? path.join(root, "build/rapport")));
const browser = await start_browser();
const director = demo.links.find((l) => l.role === "Director");
const page = await sign_in(browser, director, { javaScriptEnabled: false });
const eyes = await sign_in(browser, director);

const text = async () => (await page.innerText("main")).replace(/\s+/g, " ");
const says = async (...wanted) => {
  const found = await text();
  for (const w of wanted) expect(w instanceof RegExp ? w.test(found) : found.includes(w), `“${w}” is not said: ${found.slice(0, 700)}`);
};

async function send(name, data, kind = "enrolment") {
  await page.goto(`${demo.url}/studies/ABC-1/imports/new`);
  await page.check(`[name=kind][value=${kind}]`);
  await page.setInputFiles("[name=file]", { name, mimeType: "application/octet-stream", buffer: Buffer.from(data) });
  await page.click("main form button.primary");
}

// What axe and a narrow screen say of the page the other one is on.
async function look() {
  const problems = [];
  await eyes.goto(page.url());
  for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [390, "light"], [390, "dark"]]) {
    await eyes.setViewportSize({ width, height: 900 });
    await eyes.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const t of await axe(eyes)) problems.push(`${width} ${colorScheme}: ${t}`);
  }
  await eyes.setViewportSize({ width: 320, height: 640 });
  const over = await eyes.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return over > 0 ? [...problems, `320: ${over} pixels run off sideways`] : problems;
}

try {
  await report.step("a tracker with wrong rows becomes a study; each wrong value is named", async () => {
    await page.goto(`${demo.url}/studies/from-tracker`);
    await page.fill("[name=code]", "ABC-1");
    await page.fill("[name=title]", "A trial of one's own");
    await page.fill("[name=target]", "40");
    await page.setInputFiles("[name=file]", { name: "tracker.xlsx", mimeType: "application/octet-stream", buffer: wrong });
    await page.click("main form button.primary");
    await says("31.02.2026", "February 2026 has days 1 to 28", "Atlantis", "This country is not known", "The site is missing", "on hold?");
    expect(!(await page.locator("button[value=take]").count()), "it can be taken in");
    return look();
  });
  await report.step("the refused values come as CSV, safe for a spreadsheet", async () => {
    const csv = await (await page.request.get(demo.url + (await page.getAttribute("a:has-text('All as CSV')", "href")))).text();
    expect(csv.startsWith("row,column,value,reason\r\n7,Randomised,31.02.2026,"), csv.slice(0, 200));
    expect(csv.includes(",'@SUM(A1),") || csv.includes("\"'@SUM(A1)\""), csv);
  });
  await report.step("another sheet can be chosen", async () => {
    await page.selectOption("[name=sheet]", "Old");
    await page.click("button[value=look]");
    await says("Rows 2 New 2");
  });
  await report.step("the mended tracker comes in, and its forecast is there", async () => {
    await send("mended.xlsx", mended);
    await says("Rows 18 New 18 New sites: 3", "Refused 0");
    const problems = await look();
    await page.click("button[value=take]");
    await says("Enrolled 15 of 40", "Likely last participant", "15 enrolled at 3 sites");
    return problems.concat(await look());
  });
  await report.step("the same file again adds nothing", async () => {
    await send("mended.xlsx", mended);
    await says("New 0", "Here already 18");
    await page.click("button[value=take]");
    await page.goto(`${demo.url}/studies/ABC-1/imports`);
    expect((await page.locator("main table tbody tr").count()) === 1, await text());
    return look();
  });
  await report.step("03/04/2026 is asked about, never guessed", async () => {
    await send("orders.csv", "site,subject,randomised\n1,X-1,03/04/2026\n1,X-2,05/06/2026\n");
    await says("In which order are the dates?", "3 Apr 2026", "4 Mar 2026");
    expect(!(await page.locator("button[value=take]").count()), "it can be taken in");
    await page.selectOption("[name=dates]", "dmy");
    await page.click("button[value=look]");
    await says("Rows 2 New 2");
    await page.click("button[value=drop]");
    await says("orders.csv").then(() => expect(false, "it is still there"), () => {});
  });
  await report.step("columns are mapped by hand; a wrong date is then a refused row", async () => {
    await send("hand.csv", "Wo,Wer,Wann\nUlm,U1,2026-03-05\nUlm,U2,nn\n");
    for (const [n, label] of [[1, "site"], [2, "participant code"], [3, "date of randomisation"]]) await page.selectOption(`[name=column_${n}]`, { label });
    await page.click("button[value=look]");
    await says("Rows 2 New 1", "“nn” is not a date");
    return look();
  });
  await report.step("of a file of several studies one is chosen", async () => {
    await send("several.csv", "study,site,subject,date\nP,1,p1,2026-03-05\nP,1,p2,2026-03-06\nQ,1,q1,2026-03-05\nQ,1,q2,2026-03-05\n");
    const problems = await look();
    await page.selectOption("[name=only]", "Q");
    await page.click("button[value=look]");
    await says("Rows 2 New 2", "Only the rows of Q are read: 2 of 4.");
    return problems;
  });
  await report.step("counts per day of one site become participants without codes", async () => {
    await send("funnel.csv", "Day,Enrolled,Screen failed\n2026-05-01,3,1\n2026-05-02,0,2\n2026-05-03,1,0\n");
    const problems = await look();
    await page.fill("[name=site]", "Lone site");
    await page.click("button[value=look]");
    await says("Rows 3 New 7 New sites: 1");
    return problems;
  });
  await report.step("German letters and UTF-16 are read, and said", async () => {
    await send("deutsch.csv", Buffer.from("Prüfzentrum;Patientennr.;Land;Eingeschlossen am\nKöln;K-1;Österreich;13.04.2026\nKöln;K-2;Österreich;14.4.26\n", "latin1"));
    await says("Rows 2 New 2", "Köln", "Windows");
    await send("wide.txt", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Centre\tParticipant\tRandomisation date\nÉvry\tE-1\t12-Mar-2026\nÉvry\tE-2\t13 mars 2026\n", "utf16le")]));
    await says("Rows 2 New 2", "Évry", "UTF-16");
  });
  await report.step("names and birth dates are refused, allocation is left out", async () => {
    await send("names.csv", "site,subject,patient name,dob,randomised\n1,x1,Ann Lee,1960-01-01,2026-03-05\n1,x2,Bo Lee,1961-02-02,2026-03-06\n");
    await says("looks like names of participants", "looks like birth dates");
    await send("arms.csv", "site,subject,arm,randomised\n1,x1,Active,2026-03-05\n1,x2,Placebo,2026-03-06\n");
    await says("Left out", "Rows 2 New 2");
    expect(!(await page.content()).includes("Placebo"), "an arm is shown");
  });
  await report.step("what is no table is told beside the form", async () => {
    for (const [name, data, wanted] of [["page.xlsx", "<html><body></body></html>", "web page"], ["cut.xlsx", mended.subarray(0, -9), "damaged or cut off"],
      ["old.xls", Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(3000)]), "old Excel"], ["nul.csv", "a,b\0\n1,2\n", "not a text file"]]) {
      await send(name, data);
      await says(wanted);
      expect(await page.locator("[name=file]").count(), `${name}: the form is gone`);
    }
    return look();
  });
  await report.step("sites with openings, and a plan, and why it is replaced", async () => {
    await send("sites.xlsx", workbook({ Sites: [["Site", "Hospital", "City", "Country", "Planned opening", "Opened", "Suspended from", "Suspended to", "Goal"],
      ["1", "Ulm General", "Ulm", "Germany", day("2026-01-05"), day("2026-02-01"), day("2026-05-01"), day("2026-05-20"), 10],
      ["7", "Jena Clinic", "Jena", "Germany", day("2026-02-05"), day("2026-02-20"), null, null, 12]] }), "sites");
    await page.click("button[value=take]");
    await says("Jena Clinic");
    await send("plan.csv", "Month;Planned per month\n2026-03;4\n2026-04;6\n2026-05;8\n", "plan");
    await page.click("button[value=take]");
    await send("plan-2.csv", "Month;Planned cumulative\n2026-03;4\n2026-04;10\n2026-05;30\n", "plan");
    await page.fill("[name=reason]", "two more sites");
    await page.click("button[value=take]");
    await says("The plan was taken in.");
    return look();
  });
  await report.step("only the newest of its kind goes back, with a reason; what was changed since stays", async () => {
    const rows = page.locator("main table tbody tr");
    await page.goto(`${demo.url}/studies/ABC-1/imports`);
    expect((await rows.filter({ hasText: "plan.csv" }).locator("a:has-text('Take back')").count()) === 0, "an older plan can go back");
    await rows.filter({ hasText: "mended.xlsx" }).locator("a:has-text('Take back')").click();
    const problems = await look();
    await page.fill("[name=reason]", "the wrong file");
    await page.click("main form button.primary");
    await says("The import was taken back.", "the wrong file");
    await page.goto(`${demo.url}/studies/ABC-1/sites`);
    const site = await page.getAttribute("main a[href*='/sites/']:has-text('Jena')", "href");
    await page.goto(`${demo.url}${site}/opening`);
    await page.fill("[name=opened_on]", "2026-03-01");
    await page.fill("[name=reason]", "the initiation letter says so");
    await page.click("main form button.primary >> nth=0");
    await page.goto(`${demo.url}/studies/ABC-1/imports`);
    await rows.filter({ hasText: "sites.xlsx" }).locator("a:has-text('Take back')").click();
    await page.fill("[name=reason]", "the wrong file");
    await page.click("main form button.primary");
    await says("was changed since this import");
    return problems;
  });
  await report.step("the server had nothing to complain about", async () => demo.wrong().split("\n").filter((l) => /error|warn|failed/i.test(l) && !/ info request_failed .* status=4/.test(l)).slice(0, 10));
} finally {
  await browser.close();
  await demo.stop();
}
report.end();

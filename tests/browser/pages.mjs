// Every page that a role reaches by links, in a real browser: node tests/browser/pages.mjs PROGRAM
//
// axe finds nothing in light and dark, wide and on a phone; nothing runs off at 320 pixels; the console
// is quiet. Then the main jobs without JavaScript and with the keyboard, and the demonstration's clock.
import { crawl, expect, look, Report, root, sign_in, start_browser, start_demo } from "./lib.mjs";
import path from "node:path";

const report = new Report();
async function all_pages(browser, demo) {
  for (const link of demo.links.filter((l) => l.href.includes("/demo/as/"))) {
    const page = await sign_in(browser, link);
    const pages = await crawl(page, demo.url);
    await report.step(`${link.role}: navigation leads to ${pages.length} kinds of pages`, async () => {
      expect(pages.length >= 4, `only ${pages.map((p) => p.path).join(", ")}`);
    });
    for (const one of pages) await report.step(`${link.role}: ${one.pattern}`, () => look(page, demo.url, one));
    await page.context().close();
  }
  const page = await sign_in(browser, null);
  for (const p of ["/sign-in", "/nowhere", "/studies"])
    await report.step(`nobody: ${p}`, async () => (await look(page, demo.url, { path: p, status: 200 })).filter((t) => !/status of (404|401|403)/.test(t)));
  await page.context().close();
}

const link_of = (demo, role) => demo.links.find((l) => l.role === role);

// ---- the main jobs without JavaScript ----
async function find_without_scripts(page, demo) {
  await report.step("no JavaScript: find a study and open it, its sites, its people", async () => {
    await page.fill("input[type=search] >> nth=0", "urticaria");
    await page.press("input[type=search] >> nth=0", "Enter");
    await page.waitForURL(/\/search\?|\/studies\?/);
    await page.click("main a[href^='/studies/NCT00130234']");
    expect((await page.textContent("h1")).length > 3, "no heading");
    await page.click("main a[href$='/sites']");
    expect(page.url().endsWith("/sites"), page.url());
    await page.click("main a[href*='/sites/'] >> nth=0");
    expect(/\/sites\/[^/]+$/.test(page.url()), page.url());
    await page.goto(`${demo.url}/people`);
    await page.click("main a[href^='/people/']:not([href$='/new']) >> nth=0");
    expect(/\/people\/[^/]+$/.test(page.url()), page.url());
  });
  await page.context().close();
}

async function without_scripts(browser, demo) {
  await find_without_scripts(await sign_in(browser, link_of(demo, "Director"), { javaScriptEnabled: false }), demo);
  const page = await sign_in(browser, link_of(demo, "Study manager"), { javaScriptEnabled: false });
  await report.step("no JavaScript: a link signs in", async () => {
    expect(new URL(page.url()).pathname.startsWith("/studies"), `at ${page.url()}`);
  });
  await report.step("no JavaScript: create a study", async () => {
    await page.goto(`${demo.url}/studies/new`);
    await page.fill("[name=code]", "BROWSER-1");
    await page.fill("[name=title]", "Made <in> a \"browser\"");
    await page.click("main form button.primary");
    expect(page.url().endsWith("/studies/BROWSER-1"), page.url());
    expect((await page.textContent("main")).includes("Made <in> a \"browser\""), "the title is not as typed");
  });
  await report.step("no JavaScript: a refused form keeps what was typed and says what is wrong", async () => {
    await page.goto(`${demo.url}/studies/new`);
    await page.fill("[name=code]", "BROWSER-1");
    await page.fill("[name=title]", "A second study of that code");
    await page.click("main form button.primary");
    expect((await page.inputValue("[name=title]")) === "A second study of that code", "the title is gone");
    expect(await page.locator("[role=alert], .error-summary, .errors").count(), "no error is shown");
  });
  await report.step("no JavaScript: upload a registry file", async () => {
    await page.goto(`${demo.url}/import/registry`);
    await page.setInputFiles("[name=file]", path.join(root, "samples/ctgov/NCT00189228.json"));
    await page.click("main form button.primary");
    expect(/NCT00189228|known|already/.test(await page.textContent("main")), (await page.textContent("main")).slice(0, 300));
  });
  await report.step("no JavaScript: the clock of the demonstration moves, and back", async () => {
    await page.goto(`${demo.url}/studies`);
    const field = page.locator("form[action='/demo/clock'] [name=day]").first();
    const before = await field.inputValue();
    const after = new Date(Date.parse(before) + 14 * 864e5).toISOString().slice(0, 10);
    for (const day of [after, before]) {
      await field.fill(day);
      await page.locator("form[action='/demo/clock'] button").first().click();
      expect((await field.inputValue()) === day, `the day is ${await field.inputValue()}, not ${day}`);
    }
  });
  await report.step("no JavaScript: sign out", async () => {
    await page.locator("summary.account").click();
    await page.click("form[action='/sign-out'] button");
    await page.goto(`${demo.url}/studies`);
    expect(!(await page.content()).includes("form action=\"/sign-out\"") && (await page.locator("[name=password]").count() || /sign in/i.test(await page.textContent("body"))), "still signed in");
  });
  await page.context().close();
}

// ---- the keyboard ----
// Walks with Tab through the page: what took the focus, in order, and what had no visible ring.
async function walk(page, most) {
  const stops = [], bare = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      e.__stop ??= (window.__stops = (window.__stops ?? 0) + 1);
      const visible = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
      const ring = [e, e.parentElement, e.parentElement?.parentElement].some((x) => x && visible(getComputedStyle(x)));
      const box = e.getBoundingClientRect();
      return { id: e.__stop, ring, name: `${e.tagName.toLowerCase()} ${(e.textContent || e.name || "").trim().slice(0, 30)}`, shown: box.width > 0 && box.height > 0 };
    });
    if (at && at.id === stops.at(-1)?.id) continue; // the parts of a date
    if (!at || stops.some((s) => s.id === at.id)) break;
    stops.push(at);
    if (!at.ring || !at.shown) bare.push(`${at.name}: ${at.shown ? "no ring" : "not visible"}`);
  }
  return { stops, bare };
}

async function keyboard(browser, demo) {
  const page = await sign_in(browser, link_of(demo, "Director"));
  for (const where of ["/studies", "/studies/new", "/studies/NCT00130234", "/people"]) {
    await report.step(`keyboard: Tab reaches everything on ${where}, with a ring`, async () => {
      await page.goto(demo.url + where);
      const want = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) && !(e.type === "radio" && !e.checked)).length);
      const { stops, bare } = await walk(page, want + 40);
      expect(/skip/i.test(stops[0]?.name ?? ""), `the first stop is ${stops[0]?.name}`);
      expect(stops.length >= want - 1, `${stops.length} stops for ${want} controls; the last was ${stops.at(-1)?.name}`);
      return bare;
    });
  }
  await report.step("keyboard: / goes to search, Enter searches", async () => {
    await page.goto(`${demo.url}/studies`);
    await page.keyboard.press("/");
    expect((await page.evaluate(() => document.activeElement.type)) === "search", "search has no focus");
    await page.keyboard.type("urticaria");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?/);
    expect((await page.textContent("main")).includes("Urticaria"), "the study is not found");
  });
  await report.step("keyboard: the skip link goes to the main part", async () => {
    await page.goto(`${demo.url}/studies`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect((await page.evaluate(() => document.activeElement.id || location.hash)).includes("main"), "the focus is elsewhere");
  });
  await page.context().close();
}

const demo = await start_demo(path.resolve(process.argv[2] ?? path.join(root, "build/rapport")));
const browser = await start_browser();
try {
  await without_scripts(browser, demo);
  await keyboard(browser, demo);
  await all_pages(browser, demo);
  await report.step("the server had nothing to complain about", async () => demo.wrong().split("\n").filter((l) => / (error|warn) /.test(l)).slice(0, 10));
} finally {
  await browser.close();
  await demo.stop();
}
report.end();

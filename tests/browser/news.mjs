// What moved, in a real browser: node tests/browser/news.mjs PROGRAM
//
// Two people with pages open: what one does stands on the other's page within a moment, as a message with a
// link, and the counts of the navigation follow; a hidden page lets its stream go; without scripts the page
// What moved tells the same.
import { axe, expect, look, Report, root, sign_in, start_browser, start_demo } from "./lib.mjs";
import path from "node:path";

const report = new Report();
const demo = await start_demo(path.resolve(process.argv[2] ?? path.join(root, "build/rapport")));
const browser = await start_browser();
const manager = demo.links.find((l) => l.role === "Study manager");
const monitor = demo.links.find((l) => l.role === "Clinical research associate");
const study = "/studies/CGD-1989";

async function ask(page, title) {
  await page.goto(`${demo.url}${study}/ask`);
  const options = await page.$$eval("#f-to option", (all) => all.map((o) => [o.value, o.textContent]));
  const to = options.find(([, text]) => text.includes(monitor_name));
  expect(to, `nobody is called ${monitor_name}: ${options.map((o) => o[1]).join("; ")}`);
  await page.selectOption("#f-to", to[0]);
  await page.fill("#f-title", title);
  await page.fill("#f-due_on", "2099-03-02");
  await page.click("main form button.primary");
  await page.waitForURL(/\/due\//);
}
const count = (page) => page.$eval('.nav a[href="/my-day"]', (a) => parseInt(a.querySelector(".badge")?.textContent ?? "0", 10));

const reader = await sign_in(browser, monitor);
await reader.goto(demo.url + "/me");
const monitor_name = (await reader.textContent(".account + .menu-list .who b, .menu-list .who b")).trim();
const writer = await sign_in(browser, manager);

try {
  await report.step("what one asks stands on the other's open page, with a link", async () => {
    await reader.goto(demo.url + "/my-day");
    await reader.waitForTimeout(500);
    const before = await count(reader);
    await ask(writer, "Bring the centrifuge log");
    await reader.waitForSelector(".toast", { timeout: 5000 });
    const text = await reader.textContent(".toast");
    expect(/asked for it: Bring the centrifuge log/.test(text), text);
    expect(before >= 99 || (await count(reader)) === before + 1, `count ${before} became ${await count(reader)}`);
    expect((await reader.textContent("#live")).includes("Bring the centrifuge log"), "it is not said to a screen reader");
    const problems = await axe(reader);
    await reader.click(".toast a");
    await reader.waitForURL(/\/due\//);
    expect((await reader.textContent("h1")).includes("centrifuge"), "the link leads elsewhere");
    return problems;
  });
  await report.step("the answer stands on the page of who asked", async () => {
    await writer.goto(demo.url + "/my-day");
    await writer.waitForTimeout(500);
    await reader.click("main button:has-text('Yes')");
    await writer.waitForSelector(".toast", { timeout: 5000 });
    expect(/agreed to it: Bring the centrifuge log/.test(await writer.textContent(".toast")), await writer.textContent(".toast"));
  });
  await report.step("a message on a phone", async () => {
    await reader.setViewportSize({ width: 390, height: 844 });
    await reader.goto(demo.url + "/my-day");
    await reader.waitForTimeout(500);
    await ask(writer, "A second thing with a title that is long enough to need more than one line on a telephone");
    await reader.waitForSelector(".toast", { timeout: 5000 });
    const over = await reader.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    return (await axe(reader)).concat(over > 0 ? [`${over} pixels run off sideways`] : []);
  });
  await report.step("what came while the stream was gone is told when the page is looked at again", async () => {
    await reader.goto(demo.url + "/my-day");
    const hide = (hidden) => reader.evaluate((h) => {
      Object.defineProperty(document, "hidden", { value: h, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    await reader.waitForTimeout(500);
    await hide(true);
    await ask(writer, "The third thing");
    await reader.waitForTimeout(1000);
    expect(!(await reader.$(".toast")), "a hidden page heard it");
    await hide(false);
    await reader.waitForSelector(".toast", { timeout: 5000 });
    expect(/The third thing/.test(await reader.textContent(".toast")), await reader.textContent(".toast"));
  });
  await report.step("the page What moved, wide and on a phone", () => look(reader, demo.url, { path: "/me/news", status: 200 }));
  const plain = await sign_in(browser, monitor, { javaScriptEnabled: false });
  await report.step("without scripts", async () => {
    await plain.goto(demo.url + "/me/news");
    expect((await plain.textContent("main")).includes("The third thing"), "it is not there");
  });
} finally {
  await browser.close();
  await demo.stop();
}
report.end();

// A picture of every page that somebody reaches by links, light and dark, wide and on a phone:
//
//   node tests/browser/screens.mjs [PROGRAM]          into build/screens
//   node tests/browser/screens.mjs [PROGRAM] --docs   those of README.md, into docs/screens
//
// Each kind of page is taken once, as the first role that reaches it sees it. Nothing is tested here;
// pages.mjs does that.
import { crawl, modes, root, sign_in, start_browser, start_demo } from "./lib.mjs";
import fs from "node:fs";
import path from "node:path";

const docs = process.argv.includes("--docs");
const program = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? path.join(root, "build/rapport");
const folder = path.join(root, docs ? "docs/screens" : "build/screens");
const of_docs = [["Clinical research associate", "/my-day", "my-day", 1440], ["Director", "/studies", "studies", 1440],
  ["Study manager", "/studies/CGD-1989/waiting", "waiting", 1440],
  ["Director", "/studies/CGD-1989/recruitment", "recruitment", 1440],
  ["Director", "/studies/CGD-1989/recruitment", "recruitment-phone", 390]];

async function take(page, url, address, name, width, scheme, fullPage) {
  await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.goto(url + address, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
}

const name_of = (pattern) => pattern.replace(/[{}]/g, "").replace(/^\/$/, "first").replace(/^\//, "").replaceAll("/", "-");

async function every_page(browser, demo) {
  const done = new Set();
  const nobody = await sign_in(browser, null);
  const all = [[nobody, [{ path: "/sign-in", pattern: "/sign-in" }]]];
  for (const link of demo.links) {
    const page = await sign_in(browser, link);
    all.push([page, await crawl(page, demo.url)]);
  }
  for (const [page, pages] of all) {
    for (const one of pages.filter((p) => !done.has(p.pattern))) {
      done.add(one.pattern);
      for (const [width, scheme] of modes) await take(page, demo.url, one.path, `${name_of(one.pattern)}-${width}-${scheme}`, width, scheme, true);
    }
  }
  return done.size;
}

fs.mkdirSync(folder, { recursive: true });
const demo = await start_demo(path.resolve(program));
const browser = await start_browser();
try {
  if (docs) {
    for (const [role, address, name, width] of of_docs) {
      const page = await sign_in(browser, demo.links.find((l) => l.role === role));
      await take(page, demo.url, address, name, width, "light", false);
    }
  } else {
    console.log(`${await every_page(browser, demo)} kinds of pages, four pictures each, in ${path.relative(process.cwd(), folder)}`);
  }
} finally {
  await browser.close();
  await demo.stop();
}

// What the browser tests share: Debian's Chromium, a demonstration of its own, a crawl, a report.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const axe_source = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Lines "ok 1 - name", which tests/check.py counts.
export class Report {
  n = 0;
  failed = 0;
  line(problems, name) {
    this.n++;
    if (problems.length) this.failed++;
    console.log(`${problems.length ? "not ok" : "ok"} ${this.n} - ${name}`);
    for (const text of problems) console.log(`#   ${String(text).replaceAll("\n", "\n#   ")}`);
  }
  // Runs fn; what it throws is the problem.
  async step(name, fn) {
    try {
      this.line((await fn()) ?? [], name);
    } catch (e) {
      this.line([String(e.message ?? e).slice(0, 1200)], name);
    }
  }
  end() {
    process.exitCode = this.failed || !this.n ? 1 : 0;
  }
}

export const expect = (truth, text) => {
  if (!truth) throw new Error(text);
};

// Starts a program that serves; resolves when `ready` matches what it printed.
function serve(program, words, ready) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], cwd: root });
  let said = "", wrong = "";
  child.stderr.on("data", (d) => (wrong += d));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => { child.kill("SIGKILL"); reject(new Error("not ready after 120 s\n" + said + wrong)); }, 120000);
    child.on("exit", (code) => reject(new Error(`exit ${code}\n${said}${wrong}`)));
    child.stdout.on("data", (d) => {
      said += d;
      if (!ready.test(said)) return;
      clearTimeout(late);
      child.removeAllListeners("exit");
      const stop = () => new Promise((done) => { child.on("exit", done); child.kill("SIGTERM"); setTimeout(() => child.kill("SIGKILL"), 15000).unref(); });
      resolve({ said, stop, wrong: () => wrong, url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)[0] });
    });
  });
}

// { url, links: [{ role, href }], stop() }
export async function start_demo(program) {
  const demo = await serve(program, ["demo", "--port", "0", "--samples", path.join(root, "samples")], /Ctrl-C/);
  const links = [...demo.said.matchAll(/^ {2}(\S.*?) {2,}(http:\S+)$/gm)].map((m) => ({ role: m[1], href: m[2] }));
  return { ...demo, links };
}

export const start_server = (program, words) => serve(program, ["serve", "--port", "0", ...words], /is ready/);

export async function start_browser() {
  const path_of = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => fs.existsSync(p));
  if (!path_of) {
    console.error("Chromium is not installed; skipped.");
    process.exit(77);
  }
  return chromium.launch({ executablePath: path_of, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"] });
}

// A page signed in by a demonstration's link, with what its console says in `page.noise`.
export async function sign_in(browser, link, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.noise = [];
  page.on("console", (m) => m.type() === "error" && page.noise.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => page.noise.push(`script: ${e.message}`));
  page.on("requestfailed", (r) => !/ERR_ABORTED/.test(r.failure()?.errorText ?? "") && page.noise.push(`failed: ${r.url()}`));
  if (link) await page.goto(link.href);
  return page;
}

// Violations of axe's rules, one line each.
export async function axe(page) {
  if (!(await page.evaluate("typeof window.axe")).startsWith("object")) await page.evaluate(axe_source + ";0");
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} (${n.any.concat(n.all, n.none)[0]?.message ?? v.help})`).join("; ")}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ""}`);
}

// Width and colour scheme in which a page is looked at.
export const modes = [[1440, "light"], [1440, "dark"], [390, "light"], [390, "dark"]];

// One page in all of them: what axe finds, what runs off sideways at 320, what the console says.
export async function look(page, url, one) {
  const problems = one.status === 200 ? [] : [`status ${one.status}`];
  page.noise.length = 0;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(url + one.path, { waitUntil: "load" });
  for (const [width, scheme] of modes) {
    await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const text of await axe(page)) problems.push(`${width} ${scheme}: ${text}`);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) {
    const who = await page.evaluate(() => [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 321 && getComputedStyle(e).position !== "fixed").slice(0, 3).map((e) => e.tagName.toLowerCase() + "." + e.className).join(", "));
    problems.push(`320: ${over} pixels run off sideways: ${who}`);
  }
  return problems.concat(page.noise);
}

// Studies of the registry and those with a log of their own have pages of different kinds.
const patterns = [
  [/^\/studies\/NCT\d+/, "/studies/{registry}"],
  [/^\/studies\/(?!new$|export$|from-tracker$|\{)[^/]+/, "/studies/{study}"], [/\/sites\/(?!new$)[^/]+/, "/sites/{site}"],
  [/^\/organisations\/(?!new$)[^/]+/, "/organisations/{org}"], [/^\/people\/(?!new$)[^/]+/, "/people/{person}"],
  [/^\/visits\/[^/]+/, "/visits/{visit}"], [/^\/documents\/[^/]+/, "/documents/{document}"], [/^\/handover\/[^/]+/, "/handover/{handover}"],
  [/^\/due\/[^/]+/, "/due/{due}"], [/^\/own\/[^/]+/, "/own/{own}"], [/^\/calendars\/[^/]+/, "/calendars/{country}"],
  [/\/imports\/(?!new$|draft)[^/]+/, "/imports/{import}"], [/\/draft\/[^/]+/, "/draft/{draft}"],
];
export const pattern_of = (pathname) => patterns.reduce((p, [from, to]) => p.replace(from, to), pathname);

// One address of each pattern that links lead to, from "/" on: [{ path, pattern, status }].
export async function crawl(page, url) {
  const queue = ["/"], seen = new Set(), found = [];
  while (queue.length) {
    const next = queue.shift();
    const answer = await page.goto(url + next).catch((e) => { if (!/Download is starting/.test(e.message)) throw e; });
    if (!answer) continue; // a file, not a page
    const here = new URL(page.url());
    const pattern = pattern_of(here.pathname);
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    if (!found.some((f) => f.pattern === pattern)) found.push({ path: here.pathname, pattern, status: answer.status() });
    const links = await page.$$eval("a[href]", (all) => all.filter((a) => !a.hasAttribute("download")).map((a) => a.href));
    for (const href of links) {
      const to = new URL(href);
      const p = pattern_of(to.pathname);
      if (to.origin !== url || seen.has(p) || /\/download|\/pdf(\/|$)|\/confirmation$|\.(csv|json|svg)$|\/data$|^\/static\/|^\/demo\/as/.test(to.pathname)) continue;
      seen.add(p);
      queue.push(to.pathname);
    }
  }
  return found;
}

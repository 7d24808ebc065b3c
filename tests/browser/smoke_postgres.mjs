// The web server on PostgreSQL, in a real browser: node tests/browser/smoke_postgres.mjs PROGRAM
//
// Runs under tests/with_postgres.sh. An installation is made and served by the role that owns nothing;
// somebody signs in with a password, brings in a registry file, opens the study and makes one by hand.
// What a page looks like is pages.mjs's business.
import { expect, look, Report, root, sign_in, start_browser, start_server } from "./lib.mjs";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const owner = process.env.RAPPORT_TEST_PG, db = process.env.RAPPORT_TEST_PG_APP;
if (!owner || !db) {
  console.error("Run it under tests/with_postgres.sh; skipped.");
  process.exit(77);
}
const program = path.resolve(process.argv[2] ?? path.join(root, "build/rapport"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rapport-smoke."));
const where = ["--db", db, "--keys", path.join(folder, "test.keys")];
const email = "ada@example.org", password = "a long pass phrase for tests";

async function jobs(page, url, report) {
  await report.step("PostgreSQL: sign in", async () => {
    await page.goto(`${url}/sign-in`);
    await page.fill("[name=email]", email);
    await page.fill("[name=password]", password);
    await page.click("main form button.primary");
    await page.waitForURL(`${url}/studies`);
  });
  await report.step("PostgreSQL: bring in a registry file", async () => {
    await page.goto(`${url}/import/registry`);
    await page.setInputFiles("[name=file]", path.join(root, "samples/ctgov/NCT00189228.json"));
    await page.click("main form button.primary");
    expect((await page.textContent("main")).includes("NCT00189228"), (await page.textContent("main")).slice(0, 300));
  });
  await report.step("PostgreSQL: find the study and open its pages", async () => {
    await page.goto(`${url}/studies?q=NCT00189228`);
    await page.click("main a[href='/studies/NCT00189228'] >> nth=0");
    const at = new URL(page.url()).pathname;
    for (const one of ["", "/sites", "/people", "/recruitment", "/history", "/original"]) {
      const answer = await page.goto(url + at + one);
      expect(answer.status() === 200, `${at}${one}: ${answer.status()}`);
      expect((await page.textContent("h1")).trim().length > 3, `${at}${one}: no heading`);
    }
  });
  await report.step("PostgreSQL: create a study", async () => {
    await page.goto(`${url}/studies/new`);
    await page.fill("[name=code]", "SMOKE-1");
    await page.fill("[name=title]", "Made on <PostgreSQL>");
    await page.click("main form button.primary");
    expect(page.url().endsWith("/studies/SMOKE-1"), page.url());
    expect((await page.textContent("main")).includes("Made on <PostgreSQL>"), "the title is not as typed");
  });
}

execFileSync(program, ["init", ...where, "--owner-db", owner, "--email", email, "--password-stdin",
  "--name", "Ada Lovelace", "--organisation", "Test Unit"], { input: password + "\n", stdio: ["pipe", "ignore", "inherit"] });
const report = new Report(), browser = await start_browser();
const server = await start_server(program, where);
try {
  const page = await sign_in(browser, null);
  await jobs(page, server.url, report);
  for (const one of ["/users", "/me"]) // the administrator's own, whom a demonstration has not got
    await report.step(`PostgreSQL: ${one}`, () => look(page, server.url, { path: one, status: 200 }));
  await report.step("PostgreSQL: the console was quiet", async () => page.noise);
  await report.step("PostgreSQL: the record holds", async () => {
    execFileSync(program, ["audit", "verify", ...where], { stdio: ["ignore", "pipe", "pipe"] });
  });
} finally {
  await browser.close();
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
report.end();

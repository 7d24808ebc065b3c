// Answering without an account, in a real browser: node tests/browser/answers.mjs PROGRAM
//
// The page behind a link at 320 and 390 pixels, light and dark, without violations and without sign-in;
// the three answers, taking one back, words with a file, "Done", all without JavaScript; copying a link.
import { axe, expect, look, Report, root, sign_in, start_browser, start_demo } from "./lib.mjs";
import path from "node:path";

const report = new Report();
const demo = await start_demo(path.resolve(process.argv[2] ?? path.join(root, "build/rapport")));
const browser = await start_browser();
const link = new URL(demo.links.find((l) => /without an account/.test(l.role)).href).pathname;
const main = (page) => page.textContent("main");

async function looks() {
  const page = await sign_in(browser, null);
  await report.step("the page behind a link, wide and on a phone", () => look(page, demo.url, { path: link, status: 200 }));
  for (const width of [320, 390]) for (const scheme of ["light", "dark"])
    await report.step(`the page with an answer unfolded at ${width}, ${scheme}`, async () => {
      await page.setViewportSize({ width, height: 700 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(demo.url + link);
      await page.click("summary:has-text('Another date')");
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      return (await axe(page)).concat(over > 0 ? [`${over} pixels run off sideways`] : []);
    });
  await report.step("it is kept by nobody and told to no other server", async () => {
    const headers = (await page.goto(demo.url + link)).headers();
    expect(headers["cache-control"] === "no-store", `Cache-Control: ${headers["cache-control"]}`);
    expect(headers["referrer-policy"] === "same-origin", `Referrer-Policy: ${headers["referrer-policy"]}`);
    expect(/noindex/.test(headers["x-robots-tag"] ?? ""), `X-Robots-Tag: ${headers["x-robots-tag"]}`);
    expect(!/CGD|Leeds|participant/i.test(await page.content()), "it says more than what is asked");
  });
  await page.context().close();
}

async function answers() {
  const page = await sign_in(browser, null, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  await report.step("no JavaScript: another date, taken back, yes", async () => {
    await page.goto(demo.url + link);
    await page.click("summary:has-text('Another date')");
    await page.fill("#d-counter", "2099-03-09");
    await page.fill("#r-counter", "We move house");
    await page.click("#o-counter button");
    expect(/You offered 9 Mar 2099/.test(await main(page)), (await main(page)).slice(0, 300));
    await page.click("text=Take my last answer back");
    await page.click("button:has-text('Yes')");
    expect(/You agreed to do it by/.test(await main(page)), (await main(page)).slice(0, 300));
  });
  await report.step("no JavaScript: words and a file, then Done", async () => {
    await page.fill("#f-text", "It comes tomorrow");
    await page.setInputFiles("#f-file", { name: "certificate.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 checked") });
    await page.click("form[action$='/say'] button");
    expect((await main(page)).includes("certificate.pdf"), (await main(page)).slice(0, 300));
    await page.setInputFiles("#f-file", { name: "tool.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") });
    await page.click("form[action$='/say'] button");
    expect(/Files of this kind are not taken/.test(await main(page)), (await main(page)).slice(0, 300));
    await page.goto(demo.url + link);
    await page.click("summary:has-text('Done')");
    await page.click("#o-deliver button");
    expect(/You said on/.test(await main(page)), (await main(page)).slice(0, 300));
  });
  await page.context().close();
}

async function asks() {
  const page = await sign_in(browser, demo.links.find((l) => l.role === "Study manager"));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const study = "/studies/CGD-1989";
  await report.step("asking somebody outside, and copying the link", async () => {
    await page.goto(`${demo.url}${study}/due`);
    await page.click("a.title:has-text('Send the certificate of the freezer check')");
    expect(/by link sent to h…@cooling\.demo\.invalid/.test(await main(page)), (await main(page)).slice(0, 400));
    expect((await main(page)).includes("certificate.pdf"), "the file is not there");
    await page.goto(`${demo.url}${study}/ask/outside`);
    await page.fill("#f-name", "Pia Porter");
    await page.fill("#f-email", "pia@porter.example");
    await page.fill("#f-title", "Bring the boxes");
    await page.click("main form button.primary");
    await page.click("text=Copy the link");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied === (await page.inputValue("#f-url")) && copied.includes("/a/"), `copied ${copied}`);
    return axe(page);
  });
  await report.step("the form to ask, wide and on a phone", () => look(page, demo.url, { path: `${study}/ask/outside`, status: 200 }));
  await page.context().close();
}

try {
  await looks();
  await answers();
  await asks();
} finally {
  await browser.close();
  await demo.stop();
}
report.end();

// Called by .ci/a11y: serves a built book on this machine and looks at every page with axe-core.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const axe = require("axe-core");
const puppeteer = require("puppeteer-core");

const folder = process.argv[2];
const KINDS = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json" };
const LOOKS = [["light", 1200], ["light", 390], ["dark", 1200], ["dark", 390]];
/** Pages that a reader reaches; mdBook's own `toc.html` is a frame without content. */
const pages = fs.readdirSync(folder).filter((name) => name.endsWith(".html") && name !== "toc.html").sort();

const server = http.createServer((ask, answer) => {
  const name = decodeURIComponent(new URL(ask.url, "http://book").pathname);
  const file = path.join(folder, path.normalize(name));
  if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    answer.writeHead(404).end();
    return;
  }
  answer.writeHead(200, { "content-type": KINDS[path.extname(file)] || "application/octet-stream" });
  fs.createReadStream(file).pipe(answer);
});

/** What is wrong on a page as it stands. */
const look = async (page) => {
  const found = await page.evaluate(() => window.axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const faults = found.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id} (${one.impact}): ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) faults.push(`overflow: the page is ${over} px too wide`);
  return faults;
};

(async () => {
  await new Promise((ready) => { server.listen(0, "127.0.0.1", ready); });
  const home = `http://127.0.0.1:${server.address().port}`;
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"],
  });
  let runs = 0;
  let wrong = 0;
  const page = await browser.newPage();
  for (const name of pages) {
    for (const [scheme, width] of LOOKS) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport({ width, height: 900 });
      await page.goto(`${home}/${encodeURIComponent(name)}`, { waitUntil: "load" });
      await page.evaluate(axe.source);
      const states = [["closed", () => {}], ["open", () => {
        document.querySelectorAll("details").forEach((one) => { one.open = true; });
        const box = document.getElementById("sorgu");
        box.value = "küme";
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }]];
      for (const [state, prepare] of states) {
        await page.evaluate(prepare);
        if (state === "open") await page.waitForSelector("#sonuclar a", { timeout: 10_000 });
        runs += 1;
        for (const fault of await look(page)) {
          wrong += 1;
          console.log(`${name} [${scheme}, ${width} px, ${state}] ${fault}`);
        }
      }
    }
  }
  await browser.close();
  server.close();
  console.log(`${pages.length} pages, ${runs} looks, ${wrong} violations`);
  process.exit(wrong === 0 ? 0 : 1);
})().catch((why) => {
  console.error(why);
  process.exit(2);
});

// Opens a report in Chromium without a window, uses it as a person would, and fails at the first thing that is wrong.
//   node check.mjs REPORT.html [FOLDER FOR SCREENSHOTS]
import { strict as assert } from "node:assert";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, shots] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ locale: "de-DE", viewport: { width: 1200, height: 900 } });
const page = await context.newPage();
const wrong = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
page.on("pageerror", (error) => wrong.push(String(error)));
page.on("dialog", (dialog) => { wrong.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
page.on("request", (request) => request.url().startsWith("file:") || request.url().startsWith("data:") || wrong.push(`asks for ${request.url()}`));

let number = 0;
const shot = async (name) => shots && page.screenshot({ path: `${shots}/${++number}-${name}.png` });
/** Milliseconds until the page shows what it was asked for. */
const timed = async (act, what) => {
  const begun = performance.now();
  await act();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  times[what] = Math.round(performance.now() - begun);
};
const times = {};
const title = () => page.locator("main h1").first().innerText();

await timed(() => page.goto(pathToFileURL(report).href), "load");
const data = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
assert.equal(await title(), "Überblick");
await shot("overview");

// The list of names, filtered by kind and text.
await timed(() => page.click("nav a[href='#/entities']"), "names");
const person = Math.max(0, data.entities.findIndex((entity) => entity.label === "PER"));
const kind = data.entities[person].label;
await timed(() => page.selectOption(".filters select >> nth=0", kind), "filter by kind");
const rows = page.locator("tbody tr");
assert.ok((await rows.count()) > 0);
const called = await page.evaluate((kind) => WORDS.de.of[kind], kind);
for (const shown of await page.locator("tbody .label").allInnerTexts()) assert.equal(shown, called);
const name = data.entities[person].name;
await timed(() => page.fill(".filters input", name.toUpperCase()), "filter by name");
assert.ok((await rows.allInnerTexts()).some((row) => row.startsWith(name)));
await shot("names");

// A name, its forms with reasons, a mention, and the document at that place.
await timed(() => page.click(`tbody a[href='#/entity/${person}']`), "a name");
assert.ok((await title()).startsWith(name));
assert.equal(await page.locator("table").first().locator("tbody tr").count(), Math.min(100, data.entities[person].forms.length));
await shot("entity");
// Reasons are said in German, all of them.
const english = await page.evaluate((reasons) => reasons.filter((reason) => WORDS.de.reason(reason) === reason),
  [...new Set(data.entities.flatMap((one) => one.forms.map((form) => form[3])))]);
assert.deepEqual(english, []);
const at = data.documents.findIndex((one) => one.places.some((place) => place.entity === person));
const mention = data.documents[at].places.findIndex((place) => place.entity === person);
await timed(() => page.goto(`${pathToFileURL(report).href}#/document/${at}/${mention}`), "a document");
if (data.documents[at].pieces.length) {
  const shown = await page.locator(".text").innerText();
  const places = data.documents[at].places;
  const whole = data.documents[at].pieces.map((piece, n) => piece + (places[n]?.surface ?? "")).join("");
  const squeezed = (text) => text.replace(/\s+/g, " ").trim();
  assert.equal(squeezed(shown), squeezed(whole));
  assert.equal(await page.locator(".text mark").count(), places.length);
  assert.ok(await page.locator("mark.here").isVisible());
}
await shot("document");
assert.ok(!(await page.locator("main").innerText()).includes("[object"));

// Search, without case and marks.
await timed(() => page.fill("#search", name.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")), "search");
assert.ok((await page.locator("main a").allInnerTexts()).includes(name));
await shot("search");

// The network, and a click through the table below it.
await timed(() => page.goto(`${pathToFileURL(report).href}#/network`), "network");
if (data.pairs.length) {
  await page.waitForSelector("canvas");
  await page.waitForTimeout(1500);
  await shot("network");
  await page.locator("tbody a").first().click();
  assert.ok((await title()).length > 0);
}

// Of a corpus that is too large for a page, the page says so.
for (const [place, key] of [["", "documents"], ["entities", "entities"], ["documents", "documents"]]) {
  await page.goto(`${pathToFileURL(report).href}#/${place}`);
  if (data[key].length < data.all[key]) assert.match(await page.locator(".note").first().innerText(), /^Gezeigt werden /);
}

// The keyboard: past the head of the page to its content, and what has the focus is seen.
await page.goto(pathToFileURL(report).href);
await page.reload();
await page.evaluate(() => document.activeElement.blur());
await page.keyboard.press("Tab");
assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
await page.keyboard.press("Enter");
assert.equal(await page.evaluate(() => document.activeElement.id), "main");
assert.equal(await title(), "Überblick");
await page.keyboard.press("Tab");
assert.ok(await page.evaluate(() => document.activeElement.closest("main") && getComputedStyle(document.activeElement).outlineStyle === "solid"));
// What is drawn is told in words, too.
if (await page.locator(".chart").count()) {
  assert.match(await page.locator(".chart").first().getAttribute("aria-label"), /^Dokumente nach (Monaten|Jahren)$/);
  await page.click("summary");
  assert.ok(await page.locator("details tbody tr").first().isVisible());
}

// Dark face, the other language, paper.
await page.click("#scheme");
const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
assert.equal(ground, "rgb(22, 24, 28)");
await page.click("#language");
assert.equal(await title(), "Overview");
await shot("dark");
await page.emulateMedia({ media: "print" });
await shot("print");
await page.emulateMedia({ media: "screen" });

// A telephone: nothing is wider than it is.
await page.setViewportSize({ width: 390, height: 844 });
for (const place of ["", "entities", `entity/${person}`, "documents", `document/${at}`, "network"]) {
  await page.goto(`${pathToFileURL(report).href}#/${place}`);
  await page.waitForTimeout(place === "network" ? 1000 : 100);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${place || "overview"} is too wide`);
  await shot(`phone-${place.split("/")[0] || "overview"}`);
}

// Every document that holds markup shows it as text.
assert.equal(await page.evaluate(() => window.harmed), undefined);
assert.deepEqual(wrong, []);
const memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
console.log(`${data.documents.length} of ${data.all.documents} documents, ${data.entities.length} of ${data.all.entities} names, ${data.all.mentions} mentions: ${(statSync(report).size / 1e6).toFixed(1)} MB, heap ${(memory / 1e6).toFixed(0)} MB, ms: ${JSON.stringify(times)}`);
await browser.close();

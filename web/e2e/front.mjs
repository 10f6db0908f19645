// Takes the front page's screenshot anew, of the site in .out/site: make site,
// npm ci, node front.mjs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { launch, open, settled, sizes } from "./harness.mjs";

const world = await launch();
const page = await open("en/#cram-md5@11", { size: sizes.wide });
await page.waitForFunction(() => document.querySelector("#position").textContent === "11");
await settled(page);
await page.screenshot({ path: join(import.meta.dirname, "../../.github/screenshot.png"), animations: "disabled" });
assert.deepEqual(page.complaints, []);
await world.close();

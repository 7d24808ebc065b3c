// Every text and mark colour of web/tokens.json against every ground it stands on (WCAG 2.2, 1.4.3 and
// 1.4.11). Exit 1 when a pair is too weak or a colour token is in no pair at all. Runs as a test.
import fs from "node:fs";

const tokens = JSON.parse(fs.readFileSync(new URL("../web/tokens.json", import.meta.url), "utf8"));
const grounds = ["canvas", "surface", "sunken", "raised"];
const states = ["good", "warn", "bad", "info", "voice"];

const text_pairs = [
  ...["text", "text-2", "text-3", "accent-text"].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...["text", "text-2", "accent-text"].map((ink) => [ink, "accent-weak"]),
  ["on-accent", "accent"], ["on-accent", "accent-hover"],
  ...states.flatMap((s) => [[s, `${s}-weak`], [s, "surface"], [s, "canvas"]]),
  ["text", "warn-weak"], // a found word in a result
  ["canvas", "text"], // toast, chosen pill
  ["focus-ink", "focus"],
  ["chart-plan", "surface"], ["chart-actual", "surface"],
];
const mark_pairs = [
  ...["surface", "canvas", "sunken"].map((ground) => ["line-strong", ground]),
  ...["accent", "warn", "bad", "info", "chart-plan", "chart-actual"].map((ink) => [ink, "surface"]),
  ["accent", "sunken"], ["chart-plan", "sunken"],
];
// Decoration: no meaning is carried by these alone.
const decoration = ["line", "chart-grid", "chart-fan-1", "chart-fan-2", "shadow"];

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ratio(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (high + 0.05) / (low + 0.05);
}

let bad = 0, n = 0, lowest = Infinity;
for (const [scheme, set] of Object.entries(tokens)) {
  for (const [limit, pairs] of [[4.5, text_pairs], [3, mark_pairs]]) {
    for (const [ink, ground] of pairs) {
      if (!set[ink] || !set[ground]) throw new Error(`${scheme} has no ${set[ink] ? ground : ink}`);
      const r = ratio(set[ink], set[ground]);
      n++;
      if (limit === 4.5) lowest = Math.min(lowest, r);
      if (r >= limit) continue;
      bad++;
      console.log(`${scheme}: ${ink} on ${ground} is ${r.toFixed(2)}, needs ${limit}`);
    }
  }
  const used = new Set([...text_pairs, ...mark_pairs].flat().concat(decoration));
  for (const name of Object.keys(set).filter((name) => !used.has(name))) {
    bad++;
    console.log(`${scheme}: ${name} is checked against nothing`);
  }
}
console.log(`${n} pairs, ${bad} problems, lowest text contrast ${lowest.toFixed(2)}`);
process.exit(bad ? 1 : 0);

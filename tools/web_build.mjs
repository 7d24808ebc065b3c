// Bundles the web surface: node tools/web_build.mjs OUT [STAMP-DEPFILE]
//
// Writes into OUT:
//   static/     style sheet, scripts, fonts, icon, licences, under names with a content hash; .gz beside
//   template/   icon/<name>.html, icon/any.html and asset/{head,app_js,chart_js}.html
//   manifest.json   logical name -> { path, type, size, gz }
//   web.d       a dependency file for ninja (target: manifest.json)
// Runs `npm ci` only when node_modules is missing or older than package-lock.json.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const web = path.join(root, "web");
const targets = ["chrome109", "safari15.6", "firefox115"];
const types = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

function install_packages() {
  const lock = path.join(root, "package-lock.json");
  const done = path.join(root, "node_modules", ".package-lock.json");
  if (fs.existsSync(done) && fs.statSync(done).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2] });
  fs.utimesSync(done, new Date(), new Date());
}

// Tokens become custom properties, once for the system's scheme and once for the person's own choice.
function tokens_css() {
  const tokens = JSON.parse(fs.readFileSync(path.join(web, "tokens.json"), "utf8"));
  const block = (selector, scheme, values) =>
    `${selector}{color-scheme:${scheme};${Object.entries(values).map(([k, v]) => `--${k}:${v}`).join(";")}}`;
  return [
    block(":root", "light", tokens.light),
    `@media (prefers-color-scheme:dark){${block(":root:not([data-theme=light])", "dark", tokens.dark)}}`,
    block(":root[data-theme=dark]", "dark", tokens.dark),
  ].join("\n");
}

const tokens_plugin = {
  name: "tokens",
  setup(build) {
    build.onResolve({ filter: /^tokens\.css$/ }, () => ({ path: "tokens.css", namespace: "tokens" }));
    build.onLoad({ filter: /.*/, namespace: "tokens" }, () => ({ contents: tokens_css(), loader: "css" }));
  },
};

// The outputs of esbuild as { file name: bytes }, and which of them each entry became.
async function bundle(esbuild) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { staff: "web/css/staff.css", app: "web/js/app.js", chart: "web/js/chart.js" },
    outdir: "static",
    write: false,
    bundle: true,
    minify: true,
    metafile: true,
    format: "iife",
    target: targets,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    publicPath: "/static",
    loader: { ".woff2": "file" },
    nodePaths: [path.join(root, "node_modules")],
    plugins: [tokens_plugin],
  });
  const files = {}, named = {};
  for (const file of result.outputFiles) files[path.basename(file.path)] = Buffer.from(file.contents);
  for (const [out, meta] of Object.entries(result.metafile.outputs)) {
    const name = path.basename(out);
    if (meta.entryPoint) named[path.basename(meta.entryPoint)] = name;
    else named[name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = name;
  }
  return { files, named };
}

function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${hash}${ext}`;
}

// The licences of what is shipped, as one text. The holidays made from date-holidays are data.
function licences() {
  const shipped = ["htmx.org", "lucide-static", "@fontsource-variable/atkinson-hyperlegible-next", "date-holidays"];
  return Buffer.from(shipped.map((name) => {
    const dir = path.join(root, "node_modules", name);
    const { version } = JSON.parse(fs.readFileSync(path.join(dir, "package.json"), "utf8"));
    return `${name} ${version}\n\n${fs.readFileSync(path.join(dir, "LICENSE"), "utf8").trim()}\n`;
  }).join("\n----\n\n"));
}

function icon_list() {
  return fs.readFileSync(path.join(web, "icons.txt"), "utf8").split("\n")
    .map((line) => line.replace(/#.*/, "").trim()).filter(Boolean)
    .map((line) => { const [name, any] = line.split(/\s+/); return { name, any: any === "any" }; });
}

function icon_markup(name) {
  const file = path.join(root, "node_modules", "lucide-static", "icons", `${name}.svg`);
  const svg = fs.readFileSync(file, "utf8");
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ").replace(/> </g, "><").replace(/ \/>/g, "/>").trim();
  return `<svg class="i" viewBox="0 0 24 24" aria-hidden="true">${inner}</svg>`;
}

function icon_templates() {
  const templates = {};
  let any = "{{! One icon chosen by a flag in the view: icon_map_pin for map-pin. Made from web/icons.txt. }}";
  for (const icon of icon_list()) {
    const markup = icon_markup(icon.name);
    templates[`icon/${icon.name}.html`] = markup;
    const flag = `icon_${icon.name.replace(/-/g, "_")}`;
    if (icon.any) any += `{{#${flag}}}${markup}{{/${flag}}}`;
  }
  templates["icon/any.html"] = any;
  return templates;
}

function asset_templates(named) {
  const url = (name) => `/static/${named[name]}`;
  const script = (name) => `<script src="${url(name)}" defer></script>`;
  return {
    "asset/head.html": [
      `<link rel="stylesheet" href="${url("staff.css")}">`,
      `<link rel="preload" as="font" type="font/woff2" href="${url("atkinson-hyperlegible-next-latin-wght-normal.woff2")}" crossorigin>`,
      `<link rel="icon" type="image/svg+xml" href="${url("icon.svg")}">`,
    ].join("\n"),
    "asset/app_js.html": script("app.js"),
    "asset/chart_js.html": script("chart.js"),
  };
}

function write(file, bytes) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

// Everything read, with the folders so that a new file is seen too.
function write_depfile(out) {
  const inputs = [fileURLToPath(import.meta.url), path.join(root, "package-lock.json"), path.join(web, "tokens.json"),
    path.join(web, "icons.txt"), path.join(web, "icon.svg")];
  for (const dir of ["css", "js"]) {
    inputs.push(path.join(web, dir));
    for (const name of fs.readdirSync(path.join(web, dir))) inputs.push(path.join(web, dir, name));
  }
  const escape = (name) => name.replace(/ /g, "\\ ");
  write(path.join(out, "web.d"), `${escape(path.relative(process.cwd(), path.join(out, "manifest.json")))}: ${inputs.map(escape).join(" ")}\n`);
}

async function main() {
  if (!process.argv[2]) throw new Error("usage: web_build.mjs OUT");
  const out = path.resolve(process.argv[2]);
  install_packages();
  const esbuild = createRequire(path.join(root, "package.json"))("esbuild");
  const { files, named } = await bundle(esbuild);
  for (const [name, bytes] of [["icon.svg", fs.readFileSync(path.join(web, "icon.svg"))], ["licences.txt", licences()]]) {
    named[name] = hashed(name, bytes);
    files[named[name]] = bytes;
  }

  for (const dir of ["static", "template"]) fs.rmSync(path.join(out, dir), { recursive: true, force: true });
  const manifest = {};
  for (const name of Object.keys(named).sort()) {
    const bytes = files[named[name]];
    const gz = zlib.gzipSync(bytes, { level: 9 });
    const smaller = gz.length < bytes.length * 0.95;
    write(path.join(out, "static", named[name]), bytes);
    if (smaller) write(path.join(out, "static", `${named[name]}.gz`), gz);
    manifest[name] = { path: `/static/${named[name]}`, type: types[path.extname(name)], size: bytes.length,
      gz: smaller ? gz.length : null };
  }
  for (const [name, text] of Object.entries({ ...icon_templates(), ...asset_templates(named) }))
    write(path.join(out, "template", name), text + "\n");
  write_depfile(out);
  write(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
}

main().catch((error) => {
  console.error(`web_build: ${error.message}`);
  process.exit(1);
});

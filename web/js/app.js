// The staff island: htmx for lists and filters, keys, menus, toast, and where the focus goes.
// Everything works without this file; it adds speed, never meaning. It holds no words: what it says
// comes from the page.
import htmx from "htmx.org/dist/htmx.esm.js";

// Nothing in a page may become code: the content policy forbids it, and so does this.
const refuse = () => { throw new Error("code in attributes is switched off"); };
htmx.registerExtension("no-eval", {
  init(api) { api.initSecurity(null, refuse, refuse); },
});

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// One line for screen readers. Emptied first, so that the same words twice are said twice.
function say(text) {
  const live = $("#live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

// ---- keys: an element names its key in data-key. <html data-keys="off"> switches them off. ----
function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return close_menus(null);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || typing(event.target)) return;
  const element = $$("[data-key]").find((e) => e.dataset.key === event.key && e.getClientRects().length);
  if (!element) return;
  event.preventDefault();
  if (typing(element)) { element.focus(); element.select?.(); } else element.click();
});

// ---- queues: j and k move along the rows, e does what the row offers, h asks for a later day ----
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || typing(event.target)) return;
  const rows = $$("[data-row]");
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const to = { j: at + 1, k: at < 0 ? rows.length - 1 : at - 1 }[event.key];
  if (to !== undefined && rows[to]) {
    event.preventDefault();
    $("a", rows[to]).focus();
    rows[to].scrollIntoView({ block: "nearest" });
  } else if (event.key === "e" && at >= 0) {
    ($("form button", rows[at]) ?? $(".act a", rows[at]))?.click();
  } else if (event.key === "h" && at >= 0) {
    location.href = $(".answers a", rows[at])?.href ?? `${$("a.title", rows[at]).href}#o-move`;
  }
});

// ---- a button that copies a field; without this file the field can be selected by hand ----
for (const button of $$("[data-copy]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  say(button.dataset.copied);
  button.textContent = button.dataset.copied;
});

// ---- menus and term notes are <details>; one open at a time, closed by Escape or a click elsewhere ----
function close_menus(except) {
  for (const menu of $$("details.menu[open], details.term[open]")) {
    if (menu.contains(except)) continue;
    const had_focus = menu.contains(document.activeElement);
    menu.open = false;
    if (had_focus && !except) $("summary", menu).focus();
  }
}
document.addEventListener("click", (event) => close_menus(event.target));
// What opens stays on the screen.
document.addEventListener("toggle", (event) => {
  const box = event.target.open && event.target.matches(".menu, .term") && event.target.lastElementChild;
  if (!box) return;
  box.style.translate = "";
  const { left, right } = box.getBoundingClientRect();
  const edge = document.documentElement.clientWidth - 8;
  if (right > edge) box.style.translate = `${edge - right}px`;
  else if (left < 8) box.style.translate = `${8 - left}px`;
}, true);

// ---- toast: goes after ten seconds, waits while pointed at or focused ----
function start_toast(toast) {
  let timer;
  const start = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), 10000); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("mouseenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("mouseleave", start);
  toast.addEventListener("focusout", start);
  start();
  say($(".toast-text", toast)?.textContent);
}

// ---- errors: the reader is put at the summary, and from there at the field ----
function show_errors(root) {
  $(".es", root)?.focus();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".es a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".fg") || field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

// ---- the navigation sheet of the phone (#nav) closes by Escape too ----
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#nav") location.hash = "main";
});

// ---- fields with data-submit send their form when changed, where htmx does not ----
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// ---- htmx: busy mark, words after a swap, and pages that are not what was asked for ----
function target_of(event) {
  const target = event.detail.ctx?.target;
  return typeof target === "string" ? $(target) : target;
}
document.addEventListener("htmx:before:request", (event) => {
  target_of(event)?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", (event) => {
  target_of(event)?.removeAttribute("aria-busy");
});
// A list was asked for and something else came (signed out, an error page): go there as a page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const main = tasks.find((task) => task.type === "main");
  if (!ctx.select || !main || main.fragment.childElementCount) return;
  event.preventDefault();
  location.assign(ctx.request.action);
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = target_of(event);
  const id = target?.id;
  const now = (id && document.getElementById(id)) || target || document;
  say($("[data-say]", now)?.textContent);
  show_errors(now);
});
document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail;
  if (error?.name === "AbortError") return;
  say(document.documentElement.dataset.offline);
  if (ctx) target_of(event)?.removeAttribute("aria-busy");
});

// ---- news: the server says "look", the page asks what moved. Closed while nobody looks at the page, so
// that many open tabs hold one stream; asked at once when it is looked at again. ----
const news = $("#news");
let stream, opened, asking, again, pause = 5000;
function set_count(link, badge) {
  $(".badge", link)?.remove();
  if (badge) link.append(badge.cloneNode(true));
}
async function look() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(news.dataset.since);
    if (answer.redirected || !answer.ok) { stop_listening(); return; }
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const link of $$(".nav a[href]")) set_count(link, $(`nav a[href="${CSS.escape(link.getAttribute("href"))}"] .badge`, came));
    const toast = $(".toast", came);
    if (toast) {
      news.dataset.since = toast.dataset.last;
      for (const old of $$(".toast")) old.remove();
      news.after(document.adoptNode(toast));
      start_toast(toast);
    }
  } catch { /* no answer just now: the stream opens again by itself, and says so */ } finally {
    asking = false;
    if (again) { again = false; look(); }
  }
}
function stop_listening() {
  stream?.close();
  stream = undefined;
}
function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(news.dataset.stream);
  stream.addEventListener("look", look);
  stream.addEventListener("open", () => {
    pause = 5000;
    if (opened) look(); // what came between two streams
    opened = true;
  });
  stream.addEventListener("error", () => {
    if (stream?.readyState !== EventSource.CLOSED) return;
    stop_listening(); // refused: too many are open, or nobody is signed in any more
    setTimeout(() => { if (!document.hidden) listen(); }, pause);
    pause = Math.min(pause * 4, 600000);
  });
}
if (news && window.EventSource) {
  listen();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop_listening(); else { listen(); look(); }
  });
  addEventListener("pagehide", stop_listening);
  addEventListener("pageshow", (event) => { if (event.persisted) { listen(); look(); } });
}

$$(".toast").forEach(start_toast);
show_errors(document);

/* The outbox: what was written without network, kept on the phone until the fund has it. Used by the pages and by the
   worker, which needs no more than this part. The id is made here; the server does each id once, so sending twice is safe and silence is answered by sending
   again. No clock: the phone's may be wrong by a year. */
"use strict";
const Outbox = (() => {
  const TOKEN = "/member/outbox/token/";

  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

  async function store(mode, work) {
    const opening = indexedDB.open("outbox", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("acts", { keyPath: "id" });
    const base = await settled(opening);
    base.onversionchange = () => base.close(); // signing out deletes the base, also while a page lies open
    try {
      const transaction = base.transaction("acts", mode);
      const ended = new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onabort = transaction.onerror = () => failed(transaction.error);
      });
      const found = await settled(work(transaction.objectStore("acts")));
      await ended;
      return found;
    } finally {
      base.close();
    }
  }

  async function all() {
    // Looking makes nothing: a phone that never kept anything, or was signed out, has no base.
    if (indexedDB.databases && !(await indexedDB.databases()).some((base) => base.name === "outbox")) return [];
    return (await store("readonly", (acts) => acts.getAll())).sort((a, b) => a.order - b.order);
  }
  const put = (act) => store("readwrite", (acts) => acts.put(act));
  const drop = (id) => store("readwrite", (acts) => acts.delete(id));

  async function add(act) {
    const last = (await all()).pop();
    await put({ ...act, order: last ? last.order + 1 : 1 });
  }

  /* Who is signed in and a fresh token; null: nobody is. Throws without network. */
  async function fresh() {
    const answer = await fetch(TOKEN, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return null;
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  /* What the act became: state 'sent', 'needs' (with why), or 'waiting' where nobody can know yet. */
  async function send(act, token) {
    const body = new FormData();
    act.fields.forEach(([name, value]) => body.append(name, value));
    body.append("once", act.id);
    body.append("csrfmiddlewaretoken", token);
    let answer;
    try {
      answer = await fetch(act.url, { method: "POST", body, redirect: "manual", headers: { Outbox: "1" } });
    } catch (silence) {
      return { ...act, state: "waiting" };
    }
    if (answer.type === "opaqueredirect") return { ...act, state: "needs", why: "sign-in" };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 403) return { ...act, state: "waiting" };
    try {
      const told = await answer.json();
      const facts = { says: told.says, goes: told.url };
      if (told.state === "sent") return { ...act, ...facts, state: "sent", why: "", fields: [] };
      return { ...act, ...facts, state: "needs", why: told.state };
    } catch (noAnswerOfOurs) {
      return { ...act, state: answer.ok ? "waiting" : "needs", why: "refused" };
    }
  }

  const unsent = (act) => act.state === "waiting" || (act.state === "needs" && act.why === "sign-in");

  async function each() {
    if (!(await all()).some(unsent)) return;
    let door;
    try { door = await fresh(); } catch (silence) { return; }
    for (const act of (await all()).filter(unsent)) {
      if (!door) await put({ ...act, state: "needs", why: "sign-in" });
      else if (act.who === door.who && !(await all()).some((before) => holds(before, act))) {
        await settle(await send(act, door.token));
      }
    }
  }

  /* In the order in which they were written, where it matters: what belongs together (one claim, one month, insuring oneself)
     waits for what was written before it and is not sent, and a claim for its answers that were refused. */
  const room = (act) => act.url.split("?")[0].split("/").slice(0, act.url.startsWith("/member/voluntary/") ? 3 : 4).join("/");
  function holds(before, act) {
    if (before.order >= act.order || before.who !== act.who || room(before) !== room(act)) return false;
    return before.state === "waiting" || (before.why === "refused" && before.replaces && act.replaces && before.url !== act.url);
  }

  /* Keep what became of it. What it says anew was refused before: that need not be mended any more. */
  async function settle(act) {
    await put(act);
    if (act.state !== "sent" || !act.replaces) return;
    const stale = (old) => old.state === "needs" && old.why === "refused" && old.order < act.order &&
      old.who === act.who && old.url === act.url && old.label === act.label;
    for (const old of (await all()).filter(stale)) await drop(old.id);
  }

  /* Send what waits: one page or worker at a time where the browser can take turns, and safe where it cannot. */
  const sync = () => (navigator.locks ? navigator.locks.request("outbox", each) : each());

  /* Nothing stays: sign-out. */
  async function empty() {
    const names = await caches.keys();
    await Promise.all(names.map((name) => caches.delete(name)));
    await new Promise((done) => {
      const deleting = indexedDB.deleteDatabase("outbox");
      deleting.onsuccess = deleting.onerror = deleting.onblocked = done;
    });
  }

  return { all, add, put, drop, fresh, send, settle, sync, empty };
})();

/* The member app on the phone: registers the worker, hands forms to the outbox, shows what waits, empties the phone at
   sign-out. Every page works without it. */
(() => {
  if (typeof document === "undefined") return; // in the worker
  if (!("serviceWorker" in navigator && window.indexedDB && window.caches)) return;
  const said = document.querySelector("meta[name=phone]");
  const OUTBOX = "/member/outbox/";
  const MOST = 2000000; // bytes of a file that the phone keeps; a photo is made smaller, a larger paper goes by the page
  let unsent = 0;

  const worker = navigator.serviceWorker.register("/member/worker.js", { scope: "/member/" });
  worker.catch(() => {}); // an old browser or a private window: the pages work all the same

  function each(selector, work) { document.querySelectorAll(selector).forEach(work); }

  /* The profile of this page; of a page without network, the one that is in. */
  async function whoIsHere() {
    if (said) return said.content;
    const found = (await caches.has("state")) && (await (await caches.open("state")).match("/member/-/who"));
    return found ? (await found.json()).who : "none";
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /* What waits */

  async function show() {
    const who = await whoIsHere();
    const acts = (await Outbox.all()).filter((act) => act.who === who);
    const open = acts.filter((act) => act.state !== "sent");
    unsent = open.length;
    const state = open.some((act) => act.state === "needs") ? "needs" : "waiting";
    each("[data-outbox-count]", (link) => {
      link.hidden = !open.length;
      link.querySelector(".count").textContent = open.length;
      link.querySelectorAll("[data-state]").forEach((word) => { word.hidden = word.dataset.state !== state; });
    });
    if (Outbox.list) each("[data-outbox-list]", (list) => Outbox.list(list, acts));
    each("[data-outbox-none]", (none) => { none.hidden = acts.length > 0; });
    each("[data-outbox-any]", (any) => { any.hidden = !acts.length; });
    each("[data-outbox-some]", (some) => { some.hidden = !open.length; });
  }

  const sendAll = () => Outbox.sync().catch(() => {}).then(follow).then(show);

  /* Who had to sign in first goes on where the act leads, as if nothing had come between. */
  async function follow() {
    const who = await whoIsHere();
    const act = (await Outbox.all()).find((one) => one.follow && one.who === who && one.why !== "sign-in");
    if (!act || act.state === "waiting") return;
    await Outbox.put({ ...act, follow: false });
    await goOn(act);
  }

  async function goOn(act) {
    if (act.state === "sent" && act.goes) {
      await Outbox.drop(act.id); // the page it leads to says it
      location.assign(act.goes);
    } else if (act.state === "needs" && act.why === "refused") await hand(act);
    else location.assign(OUTBOX);
  }

  /* Hand the act to its page, as a browser without script would: the page shows what is wrong, with the words still in it.
     Nothing was done under this id, so nothing is done twice. */
  async function hand(act, door) {
    const token = door || (await Outbox.fresh().catch(() => null));
    const form = document.createElement("form");
    form.method = "post";
    form.enctype = "multipart/form-data";
    form.action = act.url;
    form.hidden = true;
    for (const [name, value] of [...act.fields, ["once", act.id], ["csrfmiddlewaretoken", token ? token.token : ""]]) {
      const field = document.createElement("input");
      field.name = name;
      if (value instanceof File) {
        const bag = new DataTransfer();
        if (value.name) bag.items.add(value);
        field.type = "file";
        field.files = bag.files;
      } else {
        field.type = "hidden";
        field.value = value;
      }
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }

  /* A form that may wait */

  function filled(form, button) {
    const fields = Array.from(new FormData(form)).filter(([name]) => name !== "once" && name !== "csrfmiddlewaretoken");
    if (button && button.name) fields.push([button.name, button.value]);
    return fields;
  }

  function large(form) {
    return Array.from(form.querySelectorAll("input[type=file]")).some((input) =>
      Array.from(input.files).some((file) => file.size > MOST));
  }

  async function submit(form, button) {
    const to = new URL(form.getAttribute("action") || location.href, location.href);
    const act = {
      id: newId(), who: said.content, url: to.pathname + to.search, label: form.dataset.outbox, fields: filled(form, button),
      state: "waiting", replaces: "replaces" in form.dataset || !!document.querySelector("[data-error-summary]"),
    };
    if (said.dataset.keep === "yes") return wait(act, ahead(form)[0]); // stored before it is sent: a killed tab loses nothing
    let door;
    try { door = await Outbox.fresh(); } catch (noNetwork) { return offer(form, act); }
    if (door && door.who !== act.who) return location.reload(); // another profile came in meanwhile
    const done = door ? await Outbox.send(act, door.token) : act;
    if (door && done.state === "waiting") offer(form, act);
    else if (done.state === "sent") location.assign(done.goes);
    else await hand(act, door); // signed out: the fund keeps the words and asks who it is; refused: the page says why
  }

  /* Nothing is stored without being asked for: the words stay in the form, and one tap keeps them. */
  function offer(form, act) {
    tell(form, "offer").querySelector("button").addEventListener("click", () => wait(act));
  }

  function tell(form, what) {
    const note = document.querySelector(`template[data-${what}]`).content.cloneNode(true).firstElementChild;
    form.querySelectorAll("[data-offered]").forEach((old) => old.remove());
    form.append(note);
    form.dataset.going = "";
    note.focus();
    return note;
  }

  /* What cannot wait on the phone (a code, a bank, a large file): without network it is said, and what was typed stays. */
  async function onlyNow(form, button) {
    try { await Outbox.fresh(); } catch (noNetwork) { return tell(form, "now"); }
    form.dataset.going = "now";
    form.requestSubmit(button);
    form.dataset.going = "";
  }

  /* The pages after this one, as the server sees them now. */
  const ahead = (form) => (form.dataset.ahead || "").split(" ").filter(Boolean);

  async function wait(act, next) {
    await Outbox.add(act);
    const ready = await worker.catch(() => null);
    if (ready && ready.sync) ready.sync.register("outbox").catch(() => {});
    await Outbox.sync().catch(() => {});
    const now = (await Outbox.all()).find((one) => one.id === act.id);
    if (now && now.why === "sign-in") {
      await Outbox.put({ ...now, follow: true });
      location.assign(location.pathname + location.search); // asks who it is, and comes back
    } else if (next && now && now.state === "waiting" && (await caches.match(next, { cacheName: "kept-" + act.who }))) {
      location.assign(next); // no network: the next page is here already
    } else await goOn(now || act);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return; // its photo is still being made smaller
    if (form.matches("[data-leave]")) {
      if (unsent && !form.matches("[data-leave=even]") && location.pathname !== OUTBOX) {
        event.preventDefault();
        location.assign(OUTBOX);
        return;
      }
      // Whatever becomes of the request: the server ends the session when it next hears of this phone.
      document.cookie = "left=1; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
      try { localStorage.clear(); sessionStorage.clear(); } catch (closed) { /* nothing was kept */ }
    } else if (form.matches("[data-outbox], [data-now]") && said && form.dataset.going !== "now") {
      event.preventDefault();
      if (form.dataset.going) return; // a second tap
      form.dataset.going = "yes";
      const go = form.matches("[data-now]") || large(form) ? onlyNow : submit;
      go(form, event.submitter).catch(() => { form.dataset.going = ""; form.submit(); });
    }
  });

  if (said && said.dataset.keep !== "yes") caches.delete("kept-" + said.content);
  each("[data-needs-worker]", (part) => { part.hidden = false; });
  each("[data-at]", (part) => { part.hidden = (part.dataset.at === "outbox") !== (location.pathname === OUTBOX); });
  if (said && said.dataset.keep === "yes" && navigator.serviceWorker.controller) {
    each("form[data-ahead]", (form) => navigator.serviceWorker.controller.postMessage({ ahead: ahead(form) }));
  }
  window.addEventListener("online", sendAll);
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "outbox") show(); });
  Object.assign(Outbox, { show, hand });
  sendAll();
})();

/* The outbox: what was written without network, kept on the phone until the fund has it; for the pages and the worker. The
   server does each id once: silence is answered by sending again. No clock: the phone's may be wrong by a year. */
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

  /* What waits for the person: who she is, or her PIN. Asked again each time, as it may have come by its page meanwhile. */
  const asks = (act) => act.state === "needs" && (act.why === "sign-in" || act.why === "prove");
  const unsent = (act) => act.state === "waiting" || asks(act);

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
  const DEEP = { voluntary: 3, for: 6 }; // parts of an address that name the room; a helper's claim lies deeper
  const room = (act) => act.url.split("?")[0].split("/").slice(0, DEEP[act.url.split("/")[2]] || 4).join("/");
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

  return { all, add, put, drop, asks, fresh, send, settle, sync, empty };
})();

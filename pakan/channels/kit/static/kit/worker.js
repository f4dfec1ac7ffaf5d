/* The service worker of the member app. Before it stands what the server writes: SHELL (addresses of this version),
   VERSION, OFFLINE (the page without network, by language), FILL (pages to keep once the person said so).

   A personal page is kept only if its answer says `Kept: <profile>; store`, under the profile's name. Without network,
   pages of the profile that is in now are opened, and no others; an answer that says `Kept: none` (signed out, locked,
   another profile's choice) closes them. Dates come from the server: the phone's clock may be wrong. */
"use strict";
const STATE = "state", WHO = "/member/-/who", SIGN_OUT = "/member/sign-out/";
const PATIENCE = 8000; // milliseconds on a bad line before the kept page is shown
const A_DAY = 24 * 3600 * 1000;
let left = false; // signed out: what is still on its way is not kept any more

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(VERSION);
    await cache.addAll(SHELL); // names carry their hash: what the page has loaded is not loaded again
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(Outbox.sync().then(tellPages));
});

self.addEventListener("message", (event) => {
  if (event.data === "close") event.waitUntil(setWho("none", ""));
  if (event.data === "empty") { left = true; event.waitUntil(Outbox.empty()); }
  if (event.data && event.data.ahead) event.waitUntil(ahead(event.data.ahead));
});

self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(visit(event));
    else if (address.pathname === SIGN_OUT) event.respondWith(signOut(request));
    else event.respondWith(fetch(request).catch(() => offline()));
  } else if (request.method === "GET" && SHELL.includes(address.pathname)) {
    event.respondWith(fromShell(request));
  }
});

async function fromShell(request) {
  return (await caches.match(request, { cacheName: VERSION })) || fetch(request);
}

async function tellPages() {
  for (const page of await self.clients.matchAll()) page.postMessage("outbox");
}

/* Network first; what is kept where there is none, or where it is too slow. */
async function visit(event) {
  const arriving = fetch(event.request);
  const slow = new Promise((done) => setTimeout(done, PATIENCE, "slow"));
  try {
    const first = await Promise.race([arriving, slow]);
    if (first !== "slow") {
      event.waitUntil(note(event.request.url, first.clone()));
      return first;
    }
    const kept = await keptPage(event.request.url);
    if (kept) {
      arriving.catch(() => {}); // it may still come; nobody waits for it
      return kept;
    }
    return await arriving;
  } catch (noNetwork) {
    return (await keptPage(event.request.url)) || offline();
  }
}

/* Who is in, and what of this answer may stay. */
async function note(url, answer) {
  const said = answer.headers.get("Kept");
  if (!said || !answer.ok) return;
  left = false;
  const [who, store] = said.split("; ");
  await setWho(who, answer.headers.get("Content-Language") || "");
  if (who === "none" || store !== "store") return;
  await keep(who, url, answer);
  await fill(who, answer);
}

async function keep(who, url, answer) {
  if (left) return;
  const cache = await caches.open("kept-" + who);
  if (!left) await cache.put(url, answer);
  if (left) await caches.delete("kept-" + who); // signed out meanwhile
}

/* The other pages of this profile, fetched when they are not there or a day old by the server's own clock. */
async function fill(who, answer) {
  const now = Date.parse(answer.headers.get("Date"));
  await bring(who, FILL, (old) => now - Date.parse(old.headers.get("Date")) < A_DAY);
}

/* The pages that come next where somebody is just writing: without network she can go on. */
async function ahead(addresses) {
  const { who } = await getWho();
  if (who !== "none") await bring(who, addresses.filter((one) => one.startsWith("/member/")), () => true);
}

/* Fetch and keep what is not there yet, or no longer good. */
async function bring(who, addresses, isGood) {
  const cache = await caches.open("kept-" + who);
  for (const address of addresses) {
    const old = await cache.match(address);
    if (left || (old && isGood(old))) continue;
    try {
      const found = await fetch(address, { redirect: "manual" });
      if (found.ok && found.headers.get("Kept") === who + "; store") await keep(who, address, found);
    } catch (noNetwork) {
      return;
    }
  }
}

async function setWho(who, language) {
  const before = await getWho();
  if (before.who === who && (before.language === language || !language)) return;
  if (who === "none" && before.who === "none") return;
  const cache = await caches.open(STATE);
  await cache.put(WHO, new Response(JSON.stringify({ who, language: language || before.language })));
}

async function getWho() {
  const found = (await caches.has(STATE)) && (await (await caches.open(STATE)).match(WHO));
  return found ? found.json() : { who: "none", language: "" };
}

/* A page of the profile that is in, with the line that says of when it is. */
async function keptPage(url) {
  const { who } = await getWho();
  if (who === "none" || !(await caches.has("kept-" + who))) return null;
  const found = await (await caches.open("kept-" + who)).match(url);
  if (!found) return null;
  const text = await found.text();
  return page(text.replace("data-kept hidden", "data-kept"), found.headers);
}

function page(text, headers) {
  const same = new Headers();
  for (const name of ["Content-Type", "Content-Security-Policy", "Content-Language", "Referrer-Policy"]) {
    if (headers.get(name)) same.set(name, headers.get(name));
  }
  return new Response(text, { headers: same });
}

async function offlinePage() {
  const { language } = await getWho();
  return caches.match(OFFLINE[language] || OFFLINE.lo, { cacheName: VERSION });
}

async function offline() {
  const found = await offlinePage();
  return found || Response.error();
}

/* Signing out empties the phone first, then tells the server; without network the cookie `left` tells it later. */
async function signOut(request) {
  left = true;
  const found = await offlinePage();
  const text = found ? await found.text() : "";
  await Outbox.empty();
  try {
    return await fetch(request);
  } catch (noNetwork) {
    const shown = text.replace('data-when="offline"', "hidden").replace('data-when="out" hidden', "");
    return found ? page(shown, found.headers) : Response.error();
  }
}

// Push carries one neutral sentence; what it is about is read inside, after signing in.
self.addEventListener("push", function (event) {
  var told = { title: "ປະກັນສັງຄົມ", text: "ມີຂໍ້ຄວາມໃໝ່" };
  try { told = event.data.json(); } catch (none) { /* then the sentence above */ }
  event.waitUntil(self.registration.showNotification(told.title, { body: told.text, tag: "message", icon: "/static/kit/icon.svg" }));
});
self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then(function (open) {
    for (var one of open) if ("focus" in one) return one.navigate("/member/messages/").then(function (page) { return (page || one).focus(); });
    return clients.openWindow("/member/messages/");
  }));
});

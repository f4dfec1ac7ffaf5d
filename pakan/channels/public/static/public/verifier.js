/* The reader for hospitals: scan, judge, note, send later. Whatever is scanned is hostile: shown as text, never sent. */
(function () {
  "use strict";
  var page = document.querySelector("[data-verifier]");
  if (!page) return;
  var DAY = 86400, held = null, shown = null, stream = null;

  function one(name) { return page.querySelector("[data-" + name + "]"); }
  function word(name) { return page.querySelector('[data-word="' + name + '"]').textContent.trim(); }
  function show(element, is) { element.hidden = !is; }
  function now() { return Math.floor(Date.now() / 1000); }
  /* Browsers know no Lao months: the page brings them. Days are Vientiane's, seven hours ahead. */
  function day(seconds) {
    var there = new Date((seconds + 7 * 3600) * 1000);
    return there.getUTCDate() + " " + page.dataset.months.split(",")[there.getUTCMonth()] + " " + there.getUTCFullYear();
  }

  /* What stays on this phone: the two lists, the hospital's key, and notes that are not sent yet. */
  var opening = new Promise(function (done, failed) {
    var asked = indexedDB.open("verifier", 1);
    asked.onupgradeneeded = function () {
      asked.result.createObjectStore("held");
      asked.result.createObjectStore("notes", { keyPath: "id" });
    };
    asked.onsuccess = function () { done(asked.result); };
    asked.onerror = failed;
  });
  async function stored(store, mode, act) {
    var db = await opening;
    return new Promise(function (done, failed) {
      var asked = act(db.transaction(store, mode).objectStore(store));
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = failed;
    });
  }
  function recall(name) { return stored("held", "readonly", function (box) { return box.get(name); }); }
  function keep(name, value) { return stored("held", "readwrite", function (box) { return box.put(value, name); }); }

  function bytes(base64) { return Uint8Array.from(atob(base64), function (c) { return c.charCodeAt(0); }); }
  function roots() {
    var found = new Map();
    JSON.parse(page.dataset.roots).forEach(function (root) {
      found.set(root.kid, { raw: bytes(root.raw), purpose: "keys", year: root.year, stolen: false });
    });
    return found;
  }

  /* A list is kept only when its signature is right and it is not older than the one we have. */
  async function take(name, address, check) {
    var before = await recall(name), best = null;
    if (before) best = await check(before).catch(function () { return null; });
    try {
      var answer = await fetch(address, { cache: "no-cache" });
      if (answer.ok) {
        var fresh = new Uint8Array(await answer.arrayBuffer()), read = await check(fresh);
        if (!best || read.at >= best.at) { await keep(name, fresh); best = read; }
      }
    } catch (offline) { /* what we have stays */ }
    return best;
  }

  async function renew() {
    var keys = await take("keys", page.dataset.keys, function (file) { return verdict.readKeys(file, roots()); });
    if (!keys) { held = null; return state(); }
    var revoked = await take("revoked", page.dataset.revoked, function (file) { return verdict.readRevoked(file, keys.keys); });
    held = { keys: keys.keys, keysAt: keys.at, guarantee: keys.guarantee, revoked: revoked };
    return state();
  }

  function state() {
    show(one("ready"), !!held);
    show(one("not-ready"), !held);
    one("today").textContent = day(now());
    if (held) one("list-day").textContent = held.revoked ? day(held.revoked.at) : word("none");
  }

  async function judge(text) {
    if (!held) return show(one("not-ready"), true);
    shown = await verdict.judge(text, held, now());
    var box = one("answer"), found = shown.found;
    page.querySelectorAll("[data-verdict]").forEach(function (each) { show(each, each.dataset.verdict === shown.code); });
    box.dataset.code = shown.code;
    var isCard = found && found.kind === "card";
    var isCompany = found && (found.kind === "clearance" || found.kind === "registration");
    show(one("facts"), !!found && !isCompany);
    show(one("company"), !!isCompany);
    /* What to do with a genuine card speaks of a person. */
    page.querySelectorAll("[data-verdict=genuine] > p").forEach(function (each) { show(each, !isCompany); });
    if (isCompany) {
      one("company-name").textContent = found.name;
      one("company-code").textContent = found.number.slice(0, 5) + "-" + found.number.slice(5);
      one("paper").textContent = found.serial;
      one("paper-until").textContent = day(found.expires);
      page.querySelectorAll("[data-plan]").forEach(function (each) { show(each, !!found.plan); });
      one("plan-number").textContent = found.plan;
    }
    show(one("covered"), !!isCard);
    show(one("note"), !!isCard);
    if (found) {
      one("name").textContent = found.name;
      one("latin").textContent = found.latin || "\u2014";
      one("number").textContent = found.insured || found.number;
      page.querySelectorAll("[data-family]").forEach(function (each) { show(each, !!found.family); });
      page.querySelectorAll("[data-relation]").forEach(function (each) { show(each, each.dataset.relation === found.family); });
      one("born").textContent = found.born ? day(Date.parse(found.born + "T05:00:00Z") / 1000) : "";
      one("sex").textContent = found.sex ? word(found.sex) : "";
      one("until").textContent = day(found.expires);
      one("guarantee").textContent = held.guarantee.toLocaleString("en-US").replace(/,/g, document.documentElement.lang === "lo" ? "." : ",");
    }
    one("date-used").textContent = day(now());
    one("list-age").textContent = held.revoked ? String(Math.max(0, Math.floor((now() - held.revoked.at) / DAY))) : "?";
    show(box, true);
    show(one("noted"), false);
    box.focus();
  }

  /* Scanning: the browser's own reader if it has one, else jsQR. */
  async function codeIn(source, width, height) {
    if (window.BarcodeDetector) {
      var found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(source).catch(function () { return []; });
      if (found.length) return found[0].rawValue;
    }
    var scale = Math.min(1, 1600 / Math.max(width, height)), canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    var pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    var dots = pen.getImageData(0, 0, canvas.width, canvas.height), read = jsQR(dots.data, dots.width, dots.height);
    return read ? read.data : "";
  }

  async function fromPhoto(file) {
    try {
      var picture = await createImageBitmap(file);
      await judge(await codeIn(picture, picture.width, picture.height));
    } catch (fault) { await judge(""); }
  }

  function stop() {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    show(one("camera"), false);
  }

  async function scan() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (refused) { return show(one("no-camera"), true); }
    var film = one("film");
    film.srcObject = stream;
    show(one("camera"), true);
    await film.play();
    while (stream) {
      var text = film.videoWidth ? await codeIn(film, film.videoWidth, film.videoHeight) : "";
      if (text) { stop(); return judge(text); }
      await new Promise(function (later) { setTimeout(later, 200); });
    }
  }

  /* Care that was given: only the card's number leaves this phone, and only with the hospital's key. */
  async function note(form) {
    await stored("notes", "readwrite", function (box) {
      return box.put({
        id: crypto.randomUUID(), serial: shown.found.serial, at: now(), kind: form.elements.kind.value,
        billed: Math.min(1e12, parseInt(form.elements.billed.value.replace(/\D/g, "") || "0", 10)), offline: !navigator.onLine
      });
    });
    show(one("noted"), true);
    form.reset();
    await count();
    await send();
  }

  async function notes() { return stored("notes", "readonly", function (box) { return box.getAll(); }); }
  async function count() {
    var waiting = (await notes()).filter(function (each) { return !each.answer; });
    one("waiting").textContent = String(waiting.length);
    var odd = (await notes()).filter(function (each) { return each.answer; });
    show(one("odd"), odd.length > 0);
    one("odd-count").textContent = String(odd.length);
  }

  async function send() {
    var place = await recall("place"), waiting = (await notes()).filter(function (each) { return !each.answer; }).slice(0, 200);
    show(one("no-key"), !place && waiting.length > 0);
    if (!place || !waiting.length) return count();
    try {
      var answer = await fetch(page.dataset.served, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ facility: place.code, key: place.key, notes: waiting })
      });
      show(one("bad-key"), answer.status === 403);
      if (!answer.ok) return count();
      var said = (await answer.json()).answers;
      for (var each of waiting) {
        var word = said[each.id];
        if (word === "stored" || word === "again") await stored("notes", "readwrite", function (box) { return box.delete(each.id); });
        else if (word) await stored("notes", "readwrite", function (box) { return box.put(Object.assign(each, { answer: word })); });
      }
    } catch (offline) { /* it stays here until there is a network */ }
    return count();
  }

  one("scan").addEventListener("click", scan);
  one("stop").addEventListener("click", stop);
  one("photo").addEventListener("change", function (event) { if (event.target.files[0]) fromPhoto(event.target.files[0]); });
  one("typed").addEventListener("submit", function (event) { event.preventDefault(); judge(event.target.elements.code.value); });
  one("note").addEventListener("submit", function (event) { event.preventDefault(); note(event.target); });
  one("place").addEventListener("submit", function (event) {
    event.preventDefault();
    keep("place", { code: event.target.elements.facility.value.trim(), key: event.target.elements.key.value.trim() })
      .then(function () { show(one("place-kept"), true); return send(); });
  });
  one("send").addEventListener("click", send);
  window.addEventListener("online", function () { renew().then(send); });
  show(one("scan"), !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia));

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope })
      .then(function () { return navigator.serviceWorker.ready; })
      .then(function () { page.dataset.installed = "yes"; show(one("kept"), true); });
  }
  renew().then(count).then(send).then(function () { page.dataset.state = held ? "ready" : "empty"; });
})();

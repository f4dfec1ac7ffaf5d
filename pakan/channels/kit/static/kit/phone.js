/* The member app on the phone: registers the worker, hands forms to the outbox (outbox.js), shows what waits, empties the
   phone at sign-out. Every page works without it. */
"use strict";
(() => {
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

  /* A random UUID; where a browser of 2021 makes none itself, one stands at the end of each address of a blob. */
  const newId = () => (crypto.randomUUID ? crypto.randomUUID() : URL.createObjectURL(new Blob()).slice(-36));

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
    const act = (await Outbox.all()).find((one) => one.follow && one.who === who && !Outbox.asks(one));
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
    const how = { method: "post", enctype: "multipart/form-data", action: act.url, hidden: true };
    const form = Object.assign(document.createElement("form"), how);
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

  const large = (form) => Array.from(form.querySelectorAll("input[type=file]")).some((input) =>
    Array.from(input.files).some((file) => file.size > MOST));

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

  /* What cannot wait on the phone (a code, a bank, a large file): without network it is said, and what was typed stays.
     Where the questions have a page that may wait, and it is here, it opens with what was typed. */
  async function onlyNow(form, button) {
    try { await Outbox.fresh(); } catch (noNetwork) {
      const other = form.dataset.instead;
      if (!other || !(await caches.match(other, { cacheName: "kept-" + said.content }))) return tell(form, "now");
      return location.assign(other + "#" + new URLSearchParams(filled(form)));
    }
    form.dataset.going = "now";
    form.requestSubmit(button);
    form.dataset.going = "";
  }

  /* Said before anything is filled in. */
  const warn = () => each("[data-before]", (note) => { note.hidden = navigator.onLine; });

  /* What was typed on the page before, which could not be sent. */
  const along = (form) => new URLSearchParams(location.hash.slice(1)).forEach((value, name) => {
    if (form.elements[name]) form.elements[name].value = value;
  });

  /* The pages after this one, as the server sees them now. */
  const ahead = (form) => (form.dataset.ahead || "").split(" ").filter(Boolean);

  async function wait(act, next) {
    await Outbox.add(act);
    const ready = await worker.catch(() => null);
    if (ready && ready.sync) ready.sync.register("outbox").catch(() => {});
    await Outbox.sync().catch(() => {});
    const now = (await Outbox.all()).find((one) => one.id === act.id);
    if (now && Outbox.asks(now)) {
      await Outbox.put({ ...now, follow: true });
      if (now.why === "prove") await hand(now);
      else location.assign(location.pathname + location.search); // asks who it is, and comes back
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
    each("[data-ahead]", (form) => navigator.serviceWorker.controller.postMessage({ ahead: ahead(form) }));
  }
  window.addEventListener("online", sendAll);
  ["online", "offline"].forEach((change) => window.addEventListener(change, warn));
  warn();
  each("form[data-along]", along);
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "outbox") show(); });
  Object.assign(Outbox, { show, hand });
  sendAll();
})();

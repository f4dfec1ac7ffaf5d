/* The list of what waits, on its page and on the page without network. Uses outbox.js and phone.js, which stand on every page. */
"use strict";
Outbox.list = (() => {
  function list(place, acts) {
    const template = document.querySelector("template[data-act]");
    place.replaceChildren(...acts.map((act) => {
      const row = template.content.cloneNode(true);
      row.querySelector("[data-label]").textContent = act.label;
      row.querySelectorAll("[data-state]").forEach((word) => { word.hidden = word.dataset.state !== act.state; });
      row.querySelectorAll("[data-why]").forEach((word) => {
        word.hidden = act.state !== "needs" || word.dataset.why !== act.why;
      });
      row.querySelector("[data-says]").textContent = (act.says || []).join(" ");
      const again = act.state === "needs" && (act.why === "refused" || act.why === "prove");
      const way = row.querySelector("[data-goes]");
      way.hidden = again || !act.goes || !act.goes.startsWith("/");
      if (!way.hidden) way.href = act.goes;
      if (act.replaces) way.addEventListener("click", () => Outbox.drop(act.id)); // what is there now says more
      const mend = row.querySelector("[data-mend]");
      mend.hidden = !again;
      mend.addEventListener("click", () => tryAgain(act));
      const away = row.querySelector("[data-drop]");
      away.hidden = act.state === "waiting";
      away.addEventListener("click", () => Outbox.drop(act.id).then(Outbox.show));
      return row;
    }));
  }

  async function tryAgain(act) {
    const door = await Outbox.fresh().catch(() => null);
    const done = door && door.who === act.who ? await Outbox.send(act, door.token) : act;
    await Outbox.settle(done);
    if (done.state === "needs" && (done.why === "refused" || done.why === "prove")) await Outbox.hand(done, door);
    else await Outbox.show();
  }

  return list;
})();
Outbox.show();

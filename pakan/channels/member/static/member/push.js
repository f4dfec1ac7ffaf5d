/* Asks the browser whether it may be woken, only after the person has pressed the button. */
(function () {
  "use strict";
  var form = document.querySelector("[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  form.hidden = false;
  function octets(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4));
    return Uint8Array.from(raw, function (one) { return one.charCodeAt(0); });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var says = form.querySelector("[role=status]");
    navigator.serviceWorker.ready.then(function (worker) {
      return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(form.dataset.push) });
    }).then(function (found) {
      var keys = found.toJSON().keys, body = new FormData(form);
      body.set("endpoint", found.endpoint); body.set("key", keys.p256dh); body.set("secret", keys.auth);
      return fetch(form.action, { method: "POST", body: body });
    }).then(function (answer) { return answer.json(); })
      .then(function (told) { says.textContent = told.says; })
      .catch(function () { says.textContent = form.dataset.cannot; });
  });
})();

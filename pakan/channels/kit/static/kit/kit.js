/* Progressive enhancement only: every page works without this file. */
(function () {
  "use strict";
  var leaving = false;

  function token() {
    var field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function enhance(root) {
    root.querySelectorAll("[data-copy]").forEach(function (button) {
      if (navigator.clipboard) button.hidden = false;
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      var says = button.querySelector("[data-says]") || button;
      var before = says.textContent;
      says.textContent = button.dataset.done;
      setTimeout(function () { says.textContent = before; }, 3000);
    });
  });

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-unsaved]");
    if (form) form.dataset.changed = "yes";
  });
  document.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !document.querySelector("form[data-changed]")) return;
    event.preventDefault();
    event.returnValue = "";
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print]");
    if (button) window.print();
  });

  // htmx (employer and office pages): the token of any form on the page goes with each request.
  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:afterSwap", function (event) { enhance(event.target); });

  enhance(document);
  document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  var summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();

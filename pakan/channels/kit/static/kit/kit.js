/* Every page works without this file. */
(function () {
  "use strict";
  var leaving = false;
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

  // What was typed outlives a change of language, a reload and the end of a session: the tab keeps it until the page
  // shows something else there, or the person signs out.
  var KEPT = "unsaved:" + location.pathname;

  function before(field) {
    if (field.tagName !== "SELECT") return field.defaultValue;
    var chosen = Array.prototype.find.call(field.options, function (one) { return one.defaultSelected; });
    return (chosen || field.options[0] || { value: "" }).value;
  }

  // 4.590.000 and 4,590,000 are the same figure.
  function plain(text) { return text.replace(/[.,\s]/g, ""); }

  function keepable(field) {
    return field.name && /^(SELECT|TEXTAREA|INPUT)$/.test(field.tagName) &&
      !/^(hidden|password|file|checkbox|radio|submit)$/.test(field.type);
  }

  function keep(form) {
    var typed = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (keepable(field) && field.value !== before(field)) typed[field.name] = [before(field), field.value];
    });
    try { sessionStorage.setItem(KEPT, JSON.stringify(typed)); } catch (full) { /* then only the warning is left */ }
  }

  function bringBack() {
    var typed = {};
    try { typed = JSON.parse(sessionStorage.getItem(KEPT)) || {}; sessionStorage.removeItem(KEPT); } catch (closed) { return; }
    document.querySelectorAll("form[data-unsaved]").forEach(function (form) {
      Object.keys(typed).forEach(function (name) {
        var field = form.elements[name];
        if (!field || !field.tagName || !keepable(field) || plain(before(field)) !== plain(typed[name][0])) return;
        field.value = typed[name][1];
        form.dataset.changed = "yes";
      });
      if (form.dataset.changed) keep(form);
    });
  }

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-unsaved]");
    if (!form) return;
    form.dataset.changed = "yes";
    keep(form);
  });
  document.addEventListener("submit", function (event) {
    leaving = true;
    if (event.target.matches("[data-leave]")) try { sessionStorage.clear(); } catch (closed) { /* nothing was kept */ }
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !document.querySelector("form[data-changed]")) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // What reads aloud comes with the first tap; else its link leads to a page.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-script] a");
    if (!link) return;
    event.preventDefault();
    var script = document.createElement("script"), told = link.parentNode.dataset;
    script.src = told.script;
    delete told.script;
    script.onload = function () { link.click(); };
    script.onerror = function () { location = link.href; };
    document.head.append(script);
  });

  // htmx: the token of any form on the page goes with each request.
  document.addEventListener("htmx:configRequest", function (event) {
    var field = document.querySelector("[name=csrfmiddlewaretoken]");
    if (field) event.detail.headers["X-CSRFToken"] = field.value;
  });
  document.addEventListener("htmx:afterSwap", function (event) { enhance(event.target); });

  enhance(document);
  bringBack();
  var summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();

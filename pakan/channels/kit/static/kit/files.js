/* No browser knows the Lao for "Choose file": our own words lie over the field, which stays as large and as reachable. */
(function () {
  "use strict";
  var words = document.currentScript.dataset;

  function piece(kind) {
    var span = document.createElement("span");
    span.className = kind;
    if (kind !== "file") span.setAttribute("aria-hidden", "true");
    return span;
  }

  function speakLao(input) {
    if (input.closest(".file")) return; // a page with two such fields brings this file twice
    var box = piece("file"), button = piece("file-button"), name = piece("file-name");
    function tell() {
      name.textContent = Array.prototype.map.call(input.files, function (one) { return one.name; }).join(", ") || words.none;
    }
    button.textContent = words.choose;
    input.before(box);
    box.append(button, name, input);
    input.addEventListener("change", tell);
    tell();
  }

  document.querySelectorAll("input[type=file]").forEach(speakLao);
  document.addEventListener("htmx:afterSwap", function (event) {
    event.target.querySelectorAll("input[type=file]").forEach(speakLao);
  });
})();

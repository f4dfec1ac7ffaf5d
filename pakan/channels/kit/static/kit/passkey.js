/* The passkey ceremony. The server makes the options and checks the answer; this only carries them to the key and back.
   <div data-passkey="get|create" data-options="URL" data-verify="URL" hidden> <button> <p data-passkey-error hidden> </div>
   The answer to data-verify is JSON: {"next": "/address/"} or {"error": "what to do"}. */
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ["excludeCredentials", "allowCredentials"].forEach(function (list) {
      (options[list] || []).forEach(function (known) { known.id = bytes(known.id); });
    });
    return options;
  }

  function closed(credential) {
    var from = credential.response;
    var response = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
      if (from[part]) response[part] = text(from[part]);
    });
    if (from.getTransports) response.transports = from.getTransports();
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  function post(url, body) {
    var field = document.querySelector("[name=csrfmiddlewaretoken]");
    return fetch(url, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": field ? field.value : "" },
    }).then(function (answer) { return answer.json(); });
  }

  function told(answer) {
    if (answer.error) { var fault = new Error(answer.error); fault.told = true; throw fault; }
    return answer;
  }

  // For named accounts, the field that data-name points to goes with the request for options.
  function asked(box) {
    var name = box.dataset.name && document.querySelector(box.dataset.name);
    return name ? { name: name.value } : {};
  }

  function run(box, button) {
    var error = box.querySelector("[data-passkey-error]");
    error.hidden = true;
    button.disabled = true;
    post(box.dataset.options, asked(box)).then(told).then(function (answer) {
      var options = { publicKey: opened(answer.publicKey || answer) };
      return box.dataset.passkey === "create" ? navigator.credentials.create(options) : navigator.credentials.get(options);
    }).then(function (credential) {
      return post(box.dataset.verify, closed(credential));
    }).then(told).then(function (answer) {
      window.location.assign(answer.next);
    }).catch(function (fault) {
      error.textContent = fault.told ? fault.message : error.dataset.failed;
      error.hidden = false;
      button.disabled = false;
      button.focus();
    });
  }

  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-passkey]").forEach(function (box) {
    var button = box.querySelector("button");
    box.hidden = false;
    button.addEventListener("click", function () { run(box, button); });
  });
})();

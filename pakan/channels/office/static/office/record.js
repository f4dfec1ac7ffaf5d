/* Reading a sentence with the microphone: what was recorded becomes the file of the form. */
(function () {
  "use strict";
  var form = document.querySelector("[data-record]");
  if (!form || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  var row = form.querySelector("[data-recorder]"), button = row.querySelector("button"), says = row.querySelector("[role=status]");
  var hear = form.querySelector("[data-hear]"), file = form.querySelector("input[type=file]"), recorder = null;
  row.hidden = false;
  function kept(pieces, kind) {
    var blob = new Blob(pieces, { type: kind });
    if (blob.size > Number(form.dataset.most)) { says.textContent = form.dataset.long; return; }
    var carrier = new DataTransfer();
    carrier.items.add(new File([blob], "sound", { type: kind }));
    file.files = carrier.files;
    hear.hidden = false;
    // A data address: the content policy of these pages has no blob.
    var reader = new FileReader();
    reader.onload = function () { hear.querySelector("audio").src = reader.result; };
    reader.readAsDataURL(blob);
    says.textContent = form.dataset.ready;
  }
  button.addEventListener("click", function () {
    if (recorder && recorder.state === "recording") { recorder.stop(); return; }
    navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
      var pieces = [], kind = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"].find(function (one) {
        return MediaRecorder.isTypeSupported(one);
      });
      recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 14000 });
      recorder.ondataavailable = function (event) { pieces.push(event.data); };
      recorder.onstop = function () {
        stream.getTracks().forEach(function (track) { track.stop(); });
        button.textContent = form.dataset.start;
        kept(pieces, kind.split(";")[0]);
      };
      recorder.start();
      button.textContent = form.dataset.stop;
      says.textContent = "";
      setTimeout(function () { if (recorder.state === "recording") recorder.stop(); }, 30000);
    }).catch(function () { says.textContent = form.dataset.closed; });
  });
})();

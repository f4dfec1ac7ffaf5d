/* Photos are made small on the phone before they are sent: 200 kB instead of five megabytes over 2G.
   Without this file the whole photo is sent, and the server makes it small. */
(function () {
  "use strict";
  var MOST = 200000, SIDE = 1600, QUALITIES = [0.8, 0.7, 0.6, 0.5, 0.4];

  function draw(picture, side) {
    var share = Math.min(1, side / Math.max(picture.width, picture.height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // Less quality first, then fewer points.
  function small(picture, side, step, done) {
    draw(picture, side).toBlob(function (blob) {
      if (blob && blob.size <= MOST) return done(blob);
      if (!blob || (step === QUALITIES.length - 1 && side < 400)) return done(null);
      if (step === QUALITIES.length - 1) return small(picture, side * 0.75, 0, done);
      small(picture, side, step + 1, done);
    }, "image/jpeg", QUALITIES[step]);
  }

  function say(input, text) {
    var place = document.getElementById(input.dataset.photoSays);
    if (place) place.textContent = text;
  }

  function put(input, file, blob) {
    var bag = new DataTransfer();
    bag.items.add(new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }));
    input.files = bag.files;
  }

  function shrink(input) {
    var file = input.files[0];
    var form = input.form;
    if (!file || !/^image\/(jpeg|png)$/.test(file.type) || file.size <= MOST || !window.createImageBitmap) return;
    form.dataset.shrinking = "yes";
    say(input, input.dataset.working);
    createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      small(picture, SIDE, 0, function (blob) {
        try { if (blob) put(input, file, blob); } catch (old) { /* then the whole photo goes */ }
        finish(input, form);
      });
    }, function () { finish(input, form); });
  }

  function finish(input, form) {
    delete form.dataset.shrinking;
    say(input, input.dataset.ready);
    if (form.dataset.pressed) form.requestSubmit();
  }

  document.querySelectorAll("input[type=file][data-photo]").forEach(function (input) {
    input.addEventListener("change", function () { shrink(input); });
    input.form.addEventListener("submit", function (event) {
      if (!input.form.dataset.shrinking) return;
      event.preventDefault();  // goes by itself as soon as the photo is small
      input.form.dataset.pressed = "yes";
    });
  });
})();

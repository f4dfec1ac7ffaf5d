/* Reads the page aloud, brought by the first tap (kit.js): the phone's own voice, else what a person has read, else it says that there is nothing. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-listen]");
  if (!bar) return;
  var link = bar.querySelector("a"), says = bar.querySelector("[data-listen-says]");
  var language = document.documentElement.lang, synth = window.speechSynthesis, audio = null, turn = 0;
  var silent = "script,style,svg,nav,header,footer,template,[hidden],[data-listen]";
  var blocks = "h1,h2,h3,p,li,dt,dd,label,button,legend,td,th,summary,div,article,section,a";

  function tidy(text) {
    return text.normalize("NFC").replace(/[\s\u00a0\u200b-\u200f\u2060\ufeff]+/g, " ").trim().replace(/[.:!?… ]+$/, "");
  }
  function sentences() {
    var found = [], here = "";
    function flush() {
      here.replace(/\s+/g, " ").split(/(?<=[.!?…])\s+/).forEach(function (part) {
        part = tidy(part);
        if (/[A-Za-z\u0e80-\u0eff]{2}/.test(part) && found.indexOf(part) < 0) found.push(part);
      });
      here = "";
    }
    (function walk(node) {
      node.childNodes.forEach(function (one) {
        if (one.nodeType === 3) here += one.data;
        else if (one.nodeType === 1 && !one.matches(silent)) {
          var block = one.matches(blocks);
          if (block) flush();
          walk(one);
          if (block) flush();
        }
      });
    })(document.getElementById("main"));
    flush();
    return found;
  }
  function print(text) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(function (hash) {
      return Array.from(new Uint8Array(hash), function (octet) { return octet.toString(16).padStart(2, "0"); }).join("");
    });
  }
  function voice() {
    return (synth ? synth.getVoices() : []).find(function (one) { return one.lang.toLowerCase().split(/[-_]/)[0] === language; });
  }
  function tell(name) { says.textContent = name ? bar.dataset[name] : ""; bar.dataset.now = name; }
  function stop() {
    turn++;
    if (synth) synth.cancel();
    if (audio) { audio.pause(); audio = null; }
    link.querySelector("span").textContent = bar.dataset.listen;
  }
  function speak(texts, by) {
    texts.forEach(function (text, at) {
      var one = new SpeechSynthesisUtterance(text);
      one.lang = language; one.voice = by;
      if (at === texts.length - 1) one.onend = function () { stop(); tell(""); };
      synth.speak(one);
    });
    tell("voice");
  }
  function play(prints, mine) {
    if (mine !== turn) return;
    if (!prints.length) { stop(); tell(""); return; }
    audio = new Audio(bar.dataset.sounds + prints[0] + "/");
    audio.onended = audio.onerror = function () { play(prints.slice(1), mine); };
    audio.play().catch(function () { stop(); tell("none"); });
  }
  function recorded(texts) {
    var mine = turn;
    return Promise.all(texts.slice(0, 60).map(print)).then(function (all) {
      return fetch(bar.dataset.sounds + "have/?f=" + all.map(function (one) { return one.slice(0, 16); }).join("."))
        .then(function (answer) { return answer.json(); })
        .then(function (told) {
          var have = all.filter(function (one) { return told.have.indexOf(one) >= 0; });
          if (!have.length) { stop(); tell("none"); return; }
          tell(have.length < all.length ? "some" : "person");
          play(have, mine);
        });
    }).catch(function () { stop(); tell("none"); });
  }
  link.addEventListener("click", function (event) {
    event.preventDefault();
    if (bar.dataset.now === "voice" || audio) { stop(); tell(""); return; }
    stop();
    link.querySelector("span").textContent = bar.dataset.stop;
    var by = voice(), texts = sentences();
    if (by) speak(texts, by); else recorded(texts);
  });
})();

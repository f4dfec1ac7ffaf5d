/* The service worker of the reader: after one visit the page works without a network. The lists are not kept here but by
   the page, which looks at their signature first. */
"use strict";
var NAME = "verifier-{{ seal }}";
var KEEP = [{% for address in keep %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(NAME).then(function (box) { return box.addAll(KEEP); }).then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf("verifier-") === 0 && name !== NAME; })
      .map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

/* The page comes fresh where there is a network, so that its language and keys are today's; the rest as it was kept. */
self.addEventListener("fetch", function (event) {
  var address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || KEEP.indexOf(address.pathname) < 0) return;
  event.respondWith(caches.open(NAME).then(function (box) {
    if (event.request.mode !== "navigate") return box.match(address.pathname).then(function (kept) { return kept || fetch(event.request); });
    return fetch(event.request).then(function (answer) {
      if (answer.ok) box.put(address.pathname, answer.clone());
      return answer;
    }, function () { return box.match(address.pathname); });
  }));
});

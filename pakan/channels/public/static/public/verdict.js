/* The verdict on a code, without a network: the same as pakan/integrations/formats/credential/verdict.py, word for word.
   A test runs one corpus through both. Nothing here touches the page; whatever a camera saw is hostile until it is signed. */
(function (root) {
  "use strict";
  var ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  var MOST_LETTERS = 4296, MOST_BYTES = 8000, DEPTH = 16, TOLERANCE = 300, MARK = 5;
  var AUDIENCE = { card: "health-care", statement: "anyone" };
  var KINDS = { card: "card", statement: "statement", lists: "revoked", keys: "keys" };
  var CARD = 169, OWN = -70001, LIST = -70002, DAY = 86400;
  var utf8 = new TextDecoder("utf-8", { fatal: true });

  function Refused(code) { this.code = code; }
  function refuse(code) { throw new Refused(code); }

  function base45(text) {
    var bytes = [];
    for (var at = 0; at < text.length; at += 3) {
      var group = text.slice(at, at + 3), value = 0, place = 1;
      if (group.length === 1) refuse("not_readable");
      for (var i = 0; i < group.length; i++, place *= 45) {
        var letter = ALPHABET.indexOf(group[i]);
        if (letter < 0) refuse("not_readable");
        value += letter * place;
      }
      if (value >= (group.length === 3 ? 65536 : 256)) refuse("not_readable");
      if (group.length === 3) bytes.push(value >> 8);
      bytes.push(value & 255);
    }
    return new Uint8Array(bytes);
  }

  async function inflate(bytes) {
    var parts = [], size = 0;
    try {
      var reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
      for (;;) {
        var step = await reader.read();
        if (step.done) break;
        size += step.value.length;
        if (size > MOST_BYTES) { reader.cancel(); refuse("not_readable"); }
        parts.push(step.value);
      }
    } catch (fault) { refuse("not_readable"); }
    return joined(parts);
  }

  function joined(parts) {
    var whole = new Uint8Array(parts.reduce(function (sum, part) { return sum + part.length; }, 0)), at = 0;
    parts.forEach(function (part) { whole.set(part, at); at += part.length; });
    return whole;
  }

  /* CBOR, only as we write it: shortest numbers, known lengths, keys in order and once. No floating point. */
  function read(bytes) {
    var at = 0;
    function take(length) {
      if (at + length > bytes.length) refuse("not_readable");
      at += length;
      return bytes.subarray(at - length, at);
    }
    function argument(low) {
      if (low < 24) return low;
      if (low > 27) refuse("not_readable");
      var value = 0n, width = 1 << (low - 24);
      take(width).forEach(function (byte) { value = value * 256n + BigInt(byte); });
      if (value < (width === 1 ? 24n : 1n << BigInt(width * 4))) refuse("not_readable");
      return value <= 9007199254740991n ? Number(value) : value;
    }
    function many(low) {
      var length = argument(low);
      if (typeof length !== "number" || length > bytes.length) refuse("not_readable");
      return length;
    }
    function map(low, depth) {
      var found = new Map(), before = null;
      for (var left = many(low); left > 0; left--) {
        var from = at, key = item(depth + 1), raw = bytes.subarray(from, at);
        if (before && order(before, raw) >= 0) refuse("not_readable");
        before = raw;
        found.set(key, item(depth + 1));
      }
      return found;
    }
    function item(depth) {
      if (depth > DEPTH) refuse("not_readable");
      var head = take(1)[0], low = head & 31, length, list, value;
      switch (head >> 5) {
      case 0: return argument(low);
      case 1: value = argument(low); return typeof value === "number" ? -1 - value : -1n - value;
      case 2: return take(many(low));
      case 3:
        length = many(low);
        try { return utf8.decode(take(length)); } catch (fault) { return refuse("not_readable"); }
      case 4:
        list = [];
        for (length = many(low); length > 0; length--) list.push(item(depth + 1));
        return list;
      case 5: return map(low, depth);
      case 6: return { tag: argument(low), value: item(depth + 1) };
      default:
        if (low < 20 || low > 23) refuse("not_readable");
        return [false, true, null, undefined][low - 20];
      }
    }
    var found = item(1);
    if (at !== bytes.length) refuse("not_readable");
    return found;
  }

  function order(one, other) {
    if (one.length !== other.length) return one.length - other.length;
    for (var at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at] - other[at];
    return 0;
  }

  function bstr(bytes) {
    var n = bytes.length;
    var head = n < 24 ? [0x40 + n] : n < 256 ? [0x58, n] : n < 65536 ? [0x59, n >> 8, n & 255]
      : [0x5a, n >> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
    return joined([new Uint8Array(head), bytes]);
  }

  async function isSigned(key, message, signature) {
    var imported;
    try {
      imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
    } catch (fault) { refuse("cannot"); } // this browser knows no Ed25519: it may not say anything about a code
    return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  }

  async function opened(whole, keys) {
    var found = read(whole), parts = found && found.tag === 18 ? found.value : null;
    if (!Array.isArray(parts) || parts.length !== 4) refuse("not_readable");
    if (!(parts[1] instanceof Map) || parts[1].size) refuse("not_readable");
    [parts[0], parts[2], parts[3]].forEach(function (part) {
      if (!(part instanceof Uint8Array)) refuse("not_readable");
    });
    if (parts[3].length !== 64) refuse("not_genuine");
    var header = read(parts[0]);
    if (!(header instanceof Map) || header.size !== 2 || header.get(1) !== -8) refuse("not_ours");
    var name = header.get(4);
    var key = name instanceof Uint8Array ? keys.get(String.fromCharCode.apply(null, name)) : null;
    if (!key) refuse("not_ours");
    var start = joined([new Uint8Array([0x84, 0x6a]), new TextEncoder().encode("Signature1")]);
    var message = joined([start, bstr(parts[0]), new Uint8Array([0x40]), bstr(parts[2])]);
    if (!(await isSigned(key, message, parts[3]))) refuse("not_genuine");
    var claims = read(parts[2]);
    if (!(claims instanceof Map)) refuse("not_readable");
    return { key: key, claims: claims };
  }

  function got(map, name) {
    if (!(map instanceof Map) || !map.has(name)) refuse("not_readable");
    return map.get(name);
  }

  function seconds(claims, name) {
    var found = got(claims, name);
    if (!Number.isInteger(found) || Math.abs(found) > 2e11) refuse("not_readable");
    return found;
  }

  function card(claims) {
    var facts = got(claims, CARD), born = String(got(facts, 8)), sex = { 1: "m", 2: "f" }[got(facts, 9)];
    if (!/^\d{8}$/.test(born) || !sex) refuse("not_readable");
    got(facts, 75); got(facts, 76);
    return {
      kind: "card", number: String(got(facts, 1)), name: String(got(facts, 4)), latin: String(facts.get(19) || ""),
      born: born.replace(/(....)(..)(..)/, "$1-$2-$3"), sex: sex, serial: String(facts.get(77) || ""),
      family: facts.has(78) ? String(facts.get(76)) : "", insured: String(facts.get(78) || "")
    };
  }

  /* Of a person: statement, letter. Of an employer: clearance (`plan`: the agreed plan that it rests on), registration. */
  function paper(claims) {
    var own = got(claims, OWN), kind = got(own, 1), facts = got(own, 3);
    if (["statement", "letter", "clearance", "registration"].indexOf(kind) < 0) refuse("not_genuine");
    if (kind === "letter" && typeof got(facts, 5) !== "boolean") refuse("not_readable");
    if (kind === "registration" && !/^\d{8}$/.test(String(got(facts, 2)))) refuse("not_readable");
    return {
      kind: kind, number: String(got(own, 2)), name: String(got(facts, 1)), latin: "",
      plan: kind === "clearance" ? String(got(facts, 2)) : "", serial: utf8.decode(got(claims, 7))
    };
  }

  function checked(key, claims, now) {
    var kind = key.purpose === "card" ? CARD : OWN, other = key.purpose === "card" ? OWN : CARD;
    if (!AUDIENCE[key.purpose]) refuse("not_genuine");
    if (got(claims, 3) !== AUDIENCE[key.purpose] || !claims.has(kind) || claims.has(other)) refuse("not_genuine");
    var issued = seconds(claims, 6), begins = seconds(claims, 5), ends = seconds(claims, 4);
    if (new Date(issued * 1000).getUTCFullYear() !== key.year) refuse("not_genuine");
    if (now + TOLERANCE < begins) refuse("not_yet");
    if (now - TOLERANCE > ends) refuse("expired");
    var document = key.purpose === "card" ? card(claims) : paper(claims);
    return Object.assign(document, { issued: issued, expires: ends, issuer: String(got(claims, 1)) });
  }

  async function isRevoked(serial, marks) {
    var digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(serial)));
    var low = 0, high = marks.length / MARK, wanted = digest.subarray(0, MARK);
    while (low < high) {
      var middle = (low + high) >> 1;
      var compared = order(marks.subarray(middle * MARK, middle * MARK + MARK), wanted);
      if (compared === 0) return true;
      if (compared < 0) low = middle + 1; else high = middle;
    }
    return false;
  }

  /* held: {keys: Map, keysAt: seconds, revoked: {at, marks} or null}; now: seconds. Never throws. */
  async function judge(text, held, now) {
    try {
      text = text.trim();
      if (!text || text.length > MOST_LETTERS) refuse("not_readable");
      var signed = await opened(await inflate(base45(text)), held.keys);
      var found = checked(signed.key, signed.claims, now);
      if (signed.key.stolen) refuse("revoked");
      if (held.revoked && await isRevoked(found.serial, held.revoked.marks)) refuse("revoked");
      if (now - held.keysAt > 90 * DAY) refuse("too_old");
      return { code: !held.revoked || now - held.revoked.at > 7 * DAY ? "list_old" : "genuine", found: found };
    } catch (fault) {
      return { code: fault instanceof Refused ? fault.code : "not_readable", found: null };
    }
  }

  async function list(kind, bytes, keys) {
    var signed = await opened(bytes, keys), told = got(signed.claims, LIST);
    if (KINDS[signed.key.purpose] !== kind || signed.key.stolen || got(told, 1) !== kind) refuse("not_genuine");
    return { at: seconds(signed.claims, 6), told: told };
  }

  /* The key list as {at, keys, guarantee}; keys: of a reader that holds the key which signed it. */
  async function readKeys(bytes, keys) {
    var found = await list("keys", bytes, keys), all = new Map();
    got(found.told, 2).forEach(function (told) {
      if (KINDS[got(told, 3)] !== got(told, 5)[0]) refuse("not_readable");
      all.set(got(told, 1), { raw: got(told, 2), purpose: got(told, 3), year: got(told, 4), stolen: got(told, 6) });
    });
    return { at: found.at, keys: all, guarantee: got(found.told, 3) };
  }

  async function readRevoked(bytes, keys) {
    var found = await list("revoked", bytes, keys), marks = got(found.told, 2);
    if (!(marks instanceof Uint8Array) || marks.length % MARK) refuse("not_readable");
    return { at: found.at, marks: marks };
  }

  root.verdict = { judge: judge, readKeys: readKeys, readRevoked: readRevoked };
})(window);

// Makes a fresh realm safe to share between the instances of one process version: only known
// globals, no code from text, time and chance from the step, everything frozen. Evaluates to the
// functions that the Rust side calls. `host` holds its native functions.
(function (host) {
  "use strict";
  const { plain, text, loaded, now, random, charge } = host;
  const { freeze, defineProperty, defineProperties, create, getOwnPropertyDescriptor, hasOwn } = Object;
  const { ownKeys, get: reflectGet, apply } = Reflect;
  const { parse, stringify, rawJSON } = JSON;
  const { isArray } = Array;
  const { isFinite, isSafeInteger } = Number;
  const realm = globalThis;
  const RealDate = Date;
  const View = Proxy;

  // ── globals: what is not named here goes ──
  const allowed = new Set(
    ("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise " +
      "RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError InternalError " +
      "Map Set WeakMap WeakSet BigInt JSON Math Reflect ArrayBuffer DataView Uint8Array Int8Array Uint16Array " +
      "Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray BigInt64Array " +
      "BigUint64Array decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN " +
      "Iterator globalThis performance").split(" "),
  );
  for (const key of ownKeys(realm)) {
    if (!allowed.has(key) && !delete realm[key]) {
      throw new Error("cannot remove the global " + String(key));
    }
  }

  // ── no code from text ──
  const refuse = function () {
    throw new TypeError("code from text is switched off");
  };
  const functionKinds = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const sample of functionKinds) {
    const prototype = Object.getPrototypeOf(sample);
    const Refusing = function Function() {
      refuse();
    };
    defineProperty(Refusing, "prototype", { value: prototype, writable: false });
    defineProperty(prototype, "constructor", { value: Refusing, writable: false, configurable: true });
    if (prototype === Function.prototype) {
      defineProperty(realm, "Function", { value: Refusing, writable: true, configurable: true });
    }
  }
  // Switches of the script engine that would outlive one script.
  for (const key of ["prepareStackTrace", "stackTraceLimit", "captureStackTrace"]) {
    delete Error[key];
  }

  // ── time and chance ──
  const zoneless = /^[+-]?\d{4,6}-\d\d(?:-\d\d)?[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
  const zoned = /(?:Z|GMT|UTC?|[ECMP][SD]T|[+-]\d\d:?\d\d)(?:\s*\(.*\))?\s*$/i;
  const dateOnly = /^[+-]?\d{4,6}(?:-\d\d(?:-\d\d)?)?$/;
  const parseDate = (source) => {
    const string = String(source);
    if (dateOnly.test(string) || zoned.test(string)) return RealDate.parse(string);
    if (zoneless.test(string)) return RealDate.parse(string.replace(" ", "T") + "Z");
    const utc = RealDate.parse(string + " UTC");
    return utc === utc ? utc : RealDate.parse(string);
  };
  const stepDate = function Date(...parts) {
    if (new.target === undefined) return new realm.Date().toString();
    let time;
    if (parts.length === 0) time = now();
    else if (parts.length > 1) time = RealDate.UTC(...parts);
    else {
      const part = parts[0];
      const value = part instanceof RealDate ? part.getTime() : typeof part === "object" && part !== null ? part[Symbol.toPrimitive]?.("default") ?? part.valueOf() : part;
      time = typeof value === "string" ? parseDate(value) : value;
    }
    return Reflect.construct(RealDate, [time], new.target);
  };
  const dates = RealDate.prototype;
  defineProperty(stepDate, "prototype", { value: dates, writable: false });
  defineProperty(stepDate, "length", { value: 7 });
  defineProperties(stepDate, {
    now: { value: () => now(), writable: true, configurable: true },
    parse: { value: parseDate, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  });
  const method = (object, name, value) =>
    defineProperty(object, name, { value, writable: true, configurable: true });
  method(dates, "constructor", stepDate);
  method(realm, "Date", stepDate);
  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    method(dates, "get" + part, dates["getUTC" + part]);
    if (part !== "Day") method(dates, "set" + part, dates["setUTC" + part]);
  }
  method(dates, "getTimezoneOffset", function () {
    return this.getTime() * 0;
  });
  method(dates, "getYear", function () {
    return this.getUTCFullYear() - 1900;
  });
  method(dates, "setYear", function (year) {
    const full = Number(year);
    return this.setUTCFullYear(full >= 0 && full <= 99 ? 1900 + Math.trunc(full) : full);
  });
  const utcText = dates.toUTCString;
  // "Thu, 01 Jan 1970 00:00:00 GMT" → "Thu Jan 01 1970"
  const dayText = (date) => {
    const [, weekday, day, month, year] = /^(\w+), (\d+) (\w+) (-?\d+)/.exec(utcText.call(date));
    return `${weekday} ${month} ${day} ${year}`;
  };
  const timeText = (date) => utcText.call(date).slice(-12, -4) + " GMT+0000 (UTC)";
  const valid = (date) => date.getTime() === date.getTime();
  const texts = {
    toDateString: (date) => dayText(date),
    toTimeString: (date) => timeText(date),
    toString: (date) => `${dayText(date)} ${timeText(date)}`,
    toLocaleString: (date) => date.toISOString().replace("T", " ").slice(0, -5),
    toLocaleDateString: (date) => date.toISOString().slice(0, -14),
    toLocaleTimeString: (date) => date.toISOString().slice(-13, -5),
  };
  for (const name of Object.keys(texts)) {
    const write = texts[name];
    method(dates, name, function () {
      return valid(this) ? write(this) : "Invalid Date";
    });
  }
  method(Math, "random", () => random());
  method(realm, "performance", { now: () => 0, toJSON: () => ({}) });

  // ── JSON: integers beyond 2^53 − 1 come in as BigInt and go out as digits ──
  method(BigInt.prototype, "toJSON", function () {
    return rawJSON(this.toString());
  });
  // One with more digits than any BigInt has is what it is to every other reader: infinite.
  const integer = /^-?\d+$/;
  const mostDigits = 300000;
  const whole = (_key, value, { source }) =>
    typeof value === "number" && !isSafeInteger(value) && source !== undefined && source.length <= mostDigits && integer.test(source)
      ? BigInt(source)
      : value;

  // ── built-in functions that work long without counting ──
  // The interpreter counts calls and loop turns, and looks at the clock at every 10,000th. One call of these may
  // take milliseconds, so each looks at the clock first; what may take for ever is refused by size.
  const guard = (object, names) => {
    for (const name of names.split(" ")) {
      const original = object[name];
      if (original === undefined) continue;
      method(object, name, {
        [name](...parts) {
          charge();
          return apply(original, this, parts);
        },
      }[name]);
    }
  };
  const longest = 1e9;
  const search = (name, symbol) => {
    const original = String.prototype[name];
    method(String.prototype, name, {
      [name](sought, ...rest) {
        charge();
        const own = this === undefined || this === null || (name === "split" && sought === undefined) ||
          (symbol !== undefined && typeof sought === "object" && sought !== null && sought[symbol] !== undefined);
        if (own) return apply(original, this, [sought, ...rest]);
        const [whole, part] = [String(this), String(sought)];
        if (whole.length * part.length > longest) throw new RangeError("the texts are too long to search");
        return apply(original, whole, [part, ...rest]);
      },
    }[name]);
  };
  search("indexOf");
  search("lastIndexOf");
  search("includes", Symbol.match);
  search("split", Symbol.split);
  search("replace", Symbol.replace);
  search("replaceAll", Symbol.replace);
  guard(String.prototype, "repeat padStart padEnd normalize localeCompare toLowerCase toUpperCase slice substring substr concat");
  const mostItems = 1e7;
  // The own length only, as a number: a getter could tell the built-in function another one.
  const countable = (list) => {
    if (typeof list !== "object" && typeof list !== "function") return;
    if (list === null || ArrayBuffer.isView(list)) return;
    const length = getOwnPropertyDescriptor(list, "length")?.value;
    if (typeof length !== "number") throw new TypeError("not an array");
    if (length > mostItems) throw new RangeError("the array is too long");
  };
  for (const name of ("sort toSorted reverse toReversed join toLocaleString slice splice toSpliced fill copyWithin with " +
    "shift unshift flatMap map filter entries keys values").split(" ")) {
    const original = Array.prototype[name];
    method(Array.prototype, name, {
      [name](...parts) {
        charge();
        countable(this);
        return apply(original, this, parts);
      },
    }[name]);
  }
  method(Array.prototype, Symbol.iterator, Array.prototype.values);
  const { concat } = Array.prototype;
  method(Array.prototype, "concat", { concat(...parts) {
    charge();
    countable(this);
    for (const part of parts) {
      if (isArray(part)) countable(part);
      else if (typeof part === "object" && part !== null && Symbol.isConcatSpreadable in part) {
        throw new TypeError("only arrays can be spread");
      }
    }
    return apply(concat, this, parts);
  } }.concat);
  method(String, "raw", { raw({ raw }, ...parts) {
    let whole = "";
    for (let at = 0; at < raw.length; at++) whole += raw[at] + (at + 1 < raw.length ? parts[at] ?? "" : "");
    return whole;
  } }.raw);
  guard(Array, "from of");
  guard(Object, "assign entries fromEntries keys values groupBy");
  guard(Object.getPrototypeOf(Int8Array.prototype), "fill set slice sort toSorted reverse toReversed indexOf lastIndexOf includes join copyWithin with");
  guard(ArrayBuffer.prototype, "slice resize transfer transferToFixedLength");
  guard(RegExp.prototype, "exec test");
  guard(JSON, "parse");
  const flat = (into, from, depth) => {
    for (let at = 0; at < from.length; at++) {
      if (!(at in from)) continue;
      if (depth > 0 && isArray(from[at])) flat(into, from[at], depth - 1);
      else into.push(from[at]);
    }
    return into;
  };
  method(Array.prototype, "flat", { flat: function flatten(depth = 1) {
    return flat([], this, Number(depth) || 0);
  } }.flat);
  // Text grows with the square of the digits.
  const digits = (number) => {
    charge();
    if (number > 2n ** 65536n || number < -(2n ** 65536n)) throw new RangeError("the BigInt is too large for a text");
  };
  for (const name of ["toString", "toLocaleString"]) {
    const original = BigInt.prototype[name];
    method(BigInt.prototype, name, {
      [name](...parts) {
        if (typeof this === "bigint") digits(this);
        return apply(original, this, parts);
      },
    }[name]);
  }
  // Objects that hold each other many times become endless text.
  const mostNodes = 2e6;
  const many = 1e4;
  const isHeld = (value) => typeof value === "object" && value !== null;
  const inner = (object, key) => getOwnPropertyDescriptor(object, key)?.value;
  // What holds itself would be weighed for ever.
  const refuseCircles = (root) => {
    const [path, done, open] = [new Set(), new Set(), [root]];
    while (open.length > 0) {
      const object = open.at(-1);
      if (path.has(object) || done.has(object)) {
        open.pop();
        path.delete(object);
        done.add(object);
        continue;
      }
      path.add(object);
      for (const key in object) {
        const value = inner(object, key);
        if (!isHeld(value) || done.has(value)) continue;
        if (path.has(value)) throw new TypeError("the value holds itself, which JSON cannot write");
        open.push(value);
      }
    }
  };
  const weigh = (root) => {
    if (!isHeld(root)) return;
    const open = [root];
    for (let seen = 0; open.length > 0; seen++) {
      if (seen === many) refuseCircles(root);
      if (seen > mostNodes) throw new RangeError("the value is too large for a JSON text");
      const object = open.pop();
      for (const key in object) {
        const value = inner(object, key);
        if (isHeld(value)) open.push(value);
      }
    }
  };
  const write = (value, ...parts) => {
    charge();
    weigh(value);
    return stringify(value, ...parts);
  };
  method(JSON, "stringify", { stringify: (value, replacer, space) => write(value, replacer, space) }.stringify);

  // ── freezing ──
  const freezeValue = (root) => {
    if (typeof root !== "object" || root === null) return root;
    const open = [root];
    while (open.length > 0) {
      const object = freeze(open.pop());
      if (isArray(object)) {
        for (let at = 0; at < object.length; at++) {
          const inner = object[at];
          if (typeof inner === "object" && inner !== null) open.push(inner);
        }
      } else {
        for (const key in object) {
          const inner = object[key];
          if (typeof inner === "object" && inner !== null) open.push(inner);
        }
        // JSON may name it, and `for in` then shows the object's own one.
      }
    }
    return root;
  };
  const freezeRealm = () => {
    const seen = new Set();
    const open = [realm, ...functionKinds.map((sample) => Object.getPrototypeOf(sample))];
    for (const sample of [[][Symbol.iterator](), ""[Symbol.iterator](), new Map().entries(), new Set().values(),
      "a".matchAll(/a/g), (function* () {})(), (async function* () {})(), [].values().map((x) => x),
      Iterator.from({ next() {} }), new Int8Array(1)]) {
      open.push(Object.getPrototypeOf(sample));
    }
    while (open.length > 0) {
      const object = open.pop();
      if ((typeof object !== "object" && typeof object !== "function") || object === null || seen.has(object)) continue;
      seen.add(object);
      open.push(Object.getPrototypeOf(object));
      for (const key of ownKeys(object)) {
        const { value, get, set } = getOwnPropertyDescriptor(object, key);
        open.push(value, get, set);
      }
    }
    for (const object of seen) freeze(object);
  };
  // A frozen prototype would forbid `mine.toString = …` on every object: let assignment define an own one.
  const allowOverride = (prototype) => {
    for (const key of ownKeys(prototype)) {
      const found = getOwnPropertyDescriptor(prototype, key);
      if (!hasOwn(found, "value") || !found.configurable || !found.writable) continue;
      const { value, enumerable } = found;
      defineProperty(prototype, key, {
        get: () => value,
        set(own) {
          if (this === prototype) throw new TypeError("a shared prototype cannot be changed");
          if (hasOwn(this, key)) this[key] = own;
          else defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
        },
        enumerable,
        configurable: true,
      });
    }
  };
  for (const name of ["Object", "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError",
    "URIError", "AggregateError", "InternalError"]) {
    if (realm[name]) allowOverride(realm[name].prototype);
  }

  // ── variables ──
  const headersView = (headers) => {
    let lower;
    const find = (name) => {
      if (lower === undefined) {
        lower = new Map();
        for (const key of ownKeys(headers)) lower.set(key.toLowerCase(), key);
      }
      return lower.get(name.toLowerCase());
    };
    return new View(headers, {
      get(target, key) {
        if (typeof key === "symbol" || hasOwn(target, key)) return reflectGet(target, key);
        const found = find(key);
        return reflectGet(target, found === undefined ? key : found);
      },
      has: (target, key) => key in target || (typeof key === "string" && find(key) !== undefined),
    });
  };
  const materialise = (name) => {
    let value = plain(name);
    if (value === undefined) value = parse(text(name), whole);
    if (name === "webhookData" && typeof value === "object" && value !== null && !isArray(value)) {
      const { headers } = value;
      freezeValue(value);
      if (typeof headers === "object" && headers !== null && !isArray(headers)) {
        value = freeze({ ...value, headers: headersView(headers) });
      }
    } else freezeValue(value);
    loaded();
    return value;
  };
  const values = new Map();
  const read = (name) => {
    let value = values.get(name);
    if (value === undefined) {
      value = materialise(name);
      values.set(name, value);
    }
    return value;
  };
  // Behind the `with` around every program: nothing a script can hold in its hand.
  const scope = create(null);
  let input = freeze(create(null));

  /// The instance has these variables now.
  const bind = (names) => {
    values.clear();
    for (const key of ownKeys(scope)) delete scope[key];
    const view = create(null);
    for (const name of names) {
      const property = { get: () => read(name), enumerable: true, configurable: true };
      defineProperty(view, name, property);
      // A variable never hides what the language gives.
      if (!hasOwn(realm, name)) defineProperty(scope, name, property);
    }
    input = freeze(view);
  };
  /// The text of a variable changed.
  const forget = (name) => {
    values.delete(name);
  };

  // ── running ──
  const kindOf = (value) => {
    if (value === null) return "null";
    if (value === undefined) return "undefined";
    if (value instanceof Promise) return "a promise, which nothing waits for";
    if (isArray(value)) return "an array";
    return (typeof value === "object" ? "an " : "a ") + typeof value;
  };
  /// True, false, or a text that says what the value is instead.
  const condition = (program) => {
    const value = program(input);
    return typeof value === "boolean" ? value : "the value is " + kindOf(value);
  };
  const odd = (key, value) => {
    if (typeof value === "number" && !isFinite(value)) throw new NotFinite(key, value);
    return value;
  };
  class NotFinite {
    constructor(key, value) {
      this.why = `the number in ${stringify(key)} is ${String(value)}, which JSON cannot hold`;
    }
  }
  /// Undefined if nothing was assigned; an object's JSON text; or "!" and what is wrong.
  const run = (program) => {
    const output = program(input);
    if (output === undefined) return undefined;
    if (typeof output !== "object" || output === null || isArray(output) || output instanceof Promise) {
      return "!output is " + kindOf(output) + ": assign an object whose members are variables";
    }
    let written = write(output);
    // JSON writes null for what is not finite: only then is every value looked at.
    if (written !== undefined && written.includes("null")) {
      try {
        written = write(output, odd);
      } catch (error) {
        if (error instanceof NotFinite) return "!" + error.why;
        throw error;
      }
    }
    if (written === undefined || written[0] !== "{") return "!output does not become a JSON object";
    return written === "{}" ? undefined : written;
  };
  /// Message, name and stack of what was thrown, without running code of the thrower more than needed.
  const explain = (thrown) => {
    if (typeof thrown !== "object" || thrown === null) return [kindOf(thrown) + " was thrown: " + String(thrown), ""];
    const { name, message, stack } = thrown;
    const said = typeof message === "string" ? message : "";
    const title = typeof name === "string" && name !== "" ? name : "an object was thrown";
    return [said === "" ? title : title + ": " + said, typeof stack === "string" ? stack : ""];
  };

  freezeRealm();
  return { scope, bind, forget, condition, run, explain };
});

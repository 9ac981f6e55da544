// Puts into Neo4j Browser what negograph gives it, and then starts it.
//
// The token came in the fragment of the address, and stays in this tab. What the user changed stays as it is: replaced is only
// what is still as it was put here the last time. The connection, with its password, is kept in memory alone.
"use strict";

const TOKEN = "negograph.token";
const PUT = "negograph.put";
const CONNECTIONS = "neo4j.connections";

const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function token() {
  const given = /^#token=(.+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(TOKEN, given[1]);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(TOKEN) ?? "";
}

function merged(there, ours, before) {
  const kept = Object.entries(there).filter(([key, value]) => !same(value, before[key]));
  return { ...ours, ...Object.fromEntries(kept) };
}

const byId = (list) => Object.fromEntries(list.map((entry, index) => [entry.id ?? `without an id ${index}`, entry]));

function put(given) {
  const before = read(PUT) ?? {};
  for (const [name, isList] of [["documents", true], ["folders", true], ["grass", false], ["settings", false], ["udc", false]]) {
    const key = `neo4j.${name}`;
    const ours = isList ? byId(given[name]) : given[name];
    const all = merged(isList ? byId(read(key) ?? []) : read(key) ?? {}, ours, before[name] ?? {});
    localStorage.setItem(key, JSON.stringify(isList ? Object.values(all) : all));
    before[name] = ours;
  }
  localStorage.setItem(PUT, JSON.stringify(before));
}

function keepInMemory(connections) {
  const { getItem, setItem } = Storage.prototype;
  let kept = JSON.stringify(connections);
  Storage.prototype.getItem = function (key) {
    return key === CONNECTIONS ? kept : getItem.call(this, key);
  };
  Storage.prototype.setItem = function (key, value) {
    if (key === CONNECTIONS) kept = value;
    else setItem.call(this, key, value);
  };
  localStorage.removeItem(CONNECTIONS);
}

// Browser asks other hosts for fonts, counts its use there, and asks the port of the database for more to connect to. The content
// security policy forbids all that; so that nothing has to be forbidden, it is not even tried.
function askNobodyElse() {
  const isOurs = (address) => new URL(address, location.href).origin === location.origin;
  const { fetch } = window;
  window.fetch = (address, options) =>
    isOurs(address.url ?? address) ? fetch(address, options) : Promise.reject(new TypeError("another host"));
  const source = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
  const set = function (address) {
    if (isOurs(address)) source.set.call(this, address);
  };
  Object.defineProperty(HTMLScriptElement.prototype, "src", { ...source, set });
  const { createTextNode } = Document.prototype;
  Document.prototype.createTextNode = function (text) {
    return createTextNode.call(this, /^@import url\(https:[^)]*\);\s*$/.test(text) ? "" : text);
  };
}

async function start() {
  const answer = await fetch("../given", { method: "POST", headers: { "X-Negograph-Token": token() } });
  if (!answer.ok) {
    document.body.textContent = await answer.text();
    return;
  }
  const given = await answer.json();
  put(given);
  keepInMemory(given.connections);
  askNobodyElse();
  history.replaceState(null, "", location.pathname + given.address);
  const page = await (await fetch("index.html")).text();
  document.open();
  document.write(page);
  document.close();
}

start();

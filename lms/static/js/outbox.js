// What is written in the field waits here until the server has it. Bound to its person: nothing is sent
// while somebody else is signed in, and signing out destroys what lies on the device. No words of its own;
// nothing confidential is ever put in. Pages that work without network are kept for one person, too.

/** Whom the device serves, where a page itself says nothing of anybody. */
const served = async () => (await (await caches.open('device')).match('/person'))?.text();
export const person = document.body.dataset.person
  || (window.caches && document.querySelector('[data-shell]') && await served().catch(() => '')) || '';
const BATCH = 20;
const HOUR = 36e5;
const WEEK = 7 * 24 * HOUR;

/** An element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// --- the store: one table of items, by id ---

let opened;
const open = () => opened ??= new Promise((resolve, reject) => {
  const request = indexedDB.open('lms', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'id' });
  request.onsuccess = () => {
    request.result.onversionchange = () => { request.result.close(); opened = undefined; };
    resolve(request.result);
  };
  request.onerror = () => { opened = undefined; reject(request.error); };
});

async function run(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('outbox', mode, { durability: 'strict' });
    const request = work(transaction.objectStore('outbox'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const changed = () => document.dispatchEvent(new Event('outbox'));
const everything = () => run('readonly', (store) => store.getAll());
export const get = (id) => run('readonly', (store) => store.get(id));
export const put = (item) => run('readwrite', (store) => store.put({ ...item, person })).then(changed);
export const remove = (id) => run('readwrite', (store) => store.delete(id)).then(changed);
/** What this person wrote, oldest first. */
export const mine = async () => (await everything()).filter((item) => item.person === person)
  .sort((a, b) => (a.claimed_at < b.claimed_at ? -1 : 1));
/** How many things others wrote on this device and have not sent. */
export const others = async () => (await everything()).filter((item) => item.person !== person && item.state !== 'sent').length;
export const unsent = async () => (await mine()).filter((item) => item.state !== 'sent');

// --- sending ---

async function ask(address, options = {}) {
  const answer = await fetch(address, {
    ...options, credentials: 'same-origin', headers: { Accept: 'application/json', ...options.headers },
    signal: AbortSignal.timeout(30000),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(answer.status), { status: answer.status, body });
  return body;
}

/** Whom the server knows, with a fresh token; and by how much this device's clock is wrong. */
async function hello() {
  const answer = await ask('/practice/sync');
  localStorage.setItem('skew', Date.parse(answer.server_time) - Date.now());
  return answer;
}

/** Sends what is ready, each thing once; whatever fails stays, and is tried again. True when nothing is left. */
export function send() {
  return navigator.locks.request('outbox', async () => {
    const ready = (await mine()).filter((item) => item.state === 'ready');
    if (!ready.length) return true;
    const start = await hello();
    if (start.person !== person) return false; // somebody else is signed in: theirs is not to send
    for (let at = 0; at < ready.length; at += BATCH) await sendBatch(ready.slice(at, at + BATCH), start.csrf);
    return !(await mine()).some((item) => item.state === 'ready');
  });
}

async function sendBatch(items, csrf) {
  const entries = items.map(({ id, kind, claimed_at, content }) => ({ id, kind, claimed_at, content }));
  const { results } = await ask('/practice/entries/sync', {
    method: 'POST', body: JSON.stringify({ person, entries }),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf },
  });
  for (const [at, result] of results.entries()) await settle(items[at], result, csrf);
}

async function settle(item, { status, receipt, errors }, csrf) {
  const refusals = [];
  if (status !== 422) {
    for (const photo of item.photos || []) {
      try { await sendPhoto(item, photo, csrf); } catch (error) {
        if (error.status !== 422) throw error;
        refusals.push(error.body.message);
      }
    }
  }
  const now = await get(item.id);
  if (!now || now.changed_at !== item.changed_at) return; // changed while it was under way
  if (status === 422) return put({ ...now, state: 'refused', errors });
  return put({
    id: item.id, kind: item.kind, title: item.title, claimed_at: item.claimed_at, changed_at: item.changed_at,
    state: 'sent', receipt, conflict: status === 409, errors: refusals.length ? { photos: refusals } : {}, sent_at: Date.now(),
  });
}

function sendPhoto(item, photo, csrf) {
  const body = new FormData();
  body.append('photo', photo.blob, 'photo.jpg');
  body.append('sha256', photo.sha256);
  const area = item.kind === 'observation' ? 'observations' : 'entries';
  return ask(`/practice/${area}/${item.id}/photos`, { method: 'POST', body, headers: { 'X-CSRFToken': csrf } });
}

// --- what the device keeps, and forgets ---

const shelf = () => caches.open(`own-${person}`);

/** Keeps a page for reading or writing without network, without names, menus and tokens. Gives its bytes. */
export async function keepPage(address, about = {}) {
  // a page that leads elsewhere is not followed: the sign-in page behind it would set a cookie of its own,
  // over that of whoever has signed in meanwhile
  const answer = await fetch(address, { credentials: 'same-origin', redirect: 'manual' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (!answer.ok || page.body.dataset.person !== person) return 0;
  page.querySelectorAll('.menu, .demo, [data-toast], [name=csrf_token], [name=record_id]').forEach((each) => each.remove());
  if (about.lesson) page.querySelectorAll('main form, .own-note').forEach((form) => form.remove());
  const cache = await shelf();
  let bytes = 0;
  for (const picture of about.lesson ? page.querySelectorAll('main img[src^="/"]') : []) {
    const file = await fetch(picture.getAttribute('src'));
    if (!file.ok) continue;
    const blob = await file.blob();
    bytes += blob.size;
    await cache.put(`${picture.getAttribute('src')}?for=${about.lesson}`, new Response(blob, { headers: { 'Content-Type': blob.type } }));
  }
  const body = new Blob([`<!doctype html>${page.documentElement.outerHTML}`], { type: 'text/html; charset=utf-8' });
  bytes += body.size;
  await cache.put(address, new Response(body, { headers: {
    'Content-Type': body.type, 'Content-Security-Policy': answer.headers.get('Content-Security-Policy') || "default-src 'none'",
    'X-About': encodeURIComponent(JSON.stringify({ ...about, bytes })),
  } }));
  return bytes;
}

/** Everything kept for this person: [{address, lesson, title, bytes}]. */
export async function kept() {
  const cache = await shelf();
  const found = await Promise.all((await cache.keys()).map(async (request) => {
    const about = (await cache.match(request)).headers.get('X-About');
    const { pathname, search } = new URL(request.url);
    return { address: pathname + search, ...(about && JSON.parse(decodeURIComponent(about))) };
  }));
  return found.filter((one) => one.bytes);
}

/** Forgets a kept module: its lessons and their pictures. */
export async function forget(lesson) {
  const cache = await shelf();
  for (const one of await kept()) if (one.lesson === lesson) await cache.delete(one.address);
  for (const request of await cache.keys()) if (new URL(request.url).search === `?for=${lesson}`) await cache.delete(request);
}

/** Destroys what lies on the device; only what others have not sent yet waits for them. */
export async function wipe() {
  for (const item of await everything()) if (item.person === person || item.state === 'sent') await remove(item.id);
  for (const name of await caches.keys()) if (/^(own-|device)/.test(name)) await caches.delete(name);
  for (const key of Object.keys(localStorage)) if (/^(draft|kept):/.test(key)) localStorage.removeItem(key);
}

/** From now on the device serves this person: what it kept to read for somebody else goes. */
async function claim() {
  const device = await caches.open('device');
  if (await (await device.match('/person'))?.text() === person) return;
  for (const name of await caches.keys()) if (name.startsWith('own-') && name !== `own-${person}`) await caches.delete(name);
  await device.put('/person', new Response(person));
}

/** Brings the pages for the field up to date, once an hour and after a change of language. */
async function refresh() {
  const key = `kept:${person}`;
  const [then, language] = (localStorage.getItem(key) || '').split(' ');
  if (Date.now() - then < HOUR && language === document.documentElement.lang) return;
  const { keep } = await hello();
  for (const address of keep) await keepPage(address);
  for (const one of await kept()) if (!one.lesson && !keep.includes(one.address)) await (await shelf()).delete(one.address);
  const shell = (await caches.keys()).find((name) => name.startsWith('shell-'));
  if (shell) await (await caches.open(shell)).add('/offline');
  localStorage.setItem(key, `${Date.now()} ${document.documentElement.lang}`);
}

async function badge() {
  const number = (await unsent()).length;
  for (const each of document.querySelectorAll('[data-outbox]')) {
    each.hidden = !number;
    each.querySelector('[data-number]').textContent = number;
  }
}

const quietly = (work) => Promise.resolve().then(work).catch(() => {});
const network = () => document.querySelectorAll('[data-no-network]').forEach((each) => { each.hidden = navigator.onLine; });

/** On every page of somebody signed in. */
export async function start() {
  if (!person || !window.caches || !navigator.serviceWorker || !navigator.locks) return;
  const trySending = () => quietly(send);
  document.addEventListener('outbox', () => quietly(badge));
  addEventListener('online', () => { network(); trySending(); });
  addEventListener('offline', network);
  setInterval(trySending, 60000);
  network();
  await quietly(claim);
  await quietly(badge);
  for (const item of await mine()) if (item.state === 'sent' && Date.now() - item.sent_at > WEEK) await remove(item.id);
  if (!navigator.onLine) return;
  await quietly(() => navigator.serviceWorker.register('/sw.js'));
  await trySending();
  await quietly(refresh);
}

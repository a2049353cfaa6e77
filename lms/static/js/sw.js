// The service worker: pages that open without network. SHELL and VERSION stand above, put there by the server.
// Two kinds of shelves: `shell-…` holds what says nothing of anybody; `own-<person>` what one person keeps on
// this device, read only while the device serves that person (`device` says whom). Nothing is sent from here.

const OFFLINE = '/offline';
const PATIENCE = 4000; // then a kept page is shown rather than an empty one

const shell = () => caches.open(`shell-${VERSION}`);

async function own() {
  if (!(await caches.has('device'))) return undefined;
  const person = await (await caches.open('device')).match('/person');
  const name = person && `own-${await person.text()}`;
  return name && (await caches.has(name)) ? caches.open(name) : undefined;
}

addEventListener('install', (event) => event.waitUntil((async () => {
  await (await shell()).addAll([...SHELL, OFFLINE]);
  await skipWaiting();
})()));

addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('shell-') && name !== `shell-${VERSION}`) await caches.delete(name);
  }
  await clients.claim();
})()));

async function file(request) {
  const cache = await shell();
  return (await cache.match(request)) || fetch(request).catch(() => cache.match(request, { ignoreSearch: true }));
}

async function picture(request) {
  try { return await fetch(request); } catch {
    return (await (await own())?.match(request, { ignoreSearch: true })) || Response.error();
  }
}

async function page(request) {
  const kept = await (await own())?.match(request, { ignoreSearch: true });
  const patience = new Promise((_, giveUp) => { if (kept) setTimeout(giveUp, PATIENCE); });
  try { return await Promise.race([fetch(request), patience]); } catch {
    return kept || (await (await shell()).match(OFFLINE)) || Response.error();
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== location.origin) return;
  if (address.pathname.startsWith('/static/')) event.respondWith(file(request));
  else if (address.pathname.startsWith('/media/')) event.respondWith(picture(request));
  else if (request.mode === 'navigate') event.respondWith(page(request));
});

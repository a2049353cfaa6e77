// What lies on this device, shown and cleared: the outbox, lessons kept for reading, signing out.

const outbox = await import(document.body.dataset.outboxModule);
const { make } = outbox;
const withText = (pattern, text) => pattern.replace('{}', text);
const kilobytes = (words, bytes) => withText(words.size, Math.ceil(bytes / 1024));
const button = (text, act, kind = 'quiet') => {
  const made = make('button', { type: 'button', className: kind === 'link' ? 'link' : `button ${kind}`, textContent: text });
  made.addEventListener('click', act);
  return made;
};

// --- the outbox ---

const TONES = { ready: 'soft', sent: 'ok', refused: 'bad', conflict: 'warn', draft: 'plain' };

function line(item, words) {
  const state = item.conflict ? 'conflict' : item.state;
  const open = item.page && make('a', { href: `${item.page}#${item.id}`, textContent: item.title });
  const head = make('div', { className: 'row spread' }, make('bdi', {}, open || item.title || words[item.kind]),
    make('span', { className: `badge ${TONES[state]}`, textContent: words[state] }));
  const facts = [words[item.kind], item.receipt && withText(words.receipt, item.receipt), item.photos?.length && withText(words.photos, item.photos.length)];
  const row = make('li', {}, head, make('p', { className: 'small', textContent: facts.filter(Boolean).join(' · ') }));
  for (const text of Object.values(item.errors || {}).flat()) row.append(make('p', { className: 'error', textContent: text }));
  if (item.state !== 'sent') {
    row.append(button(words.remove, async () => { if (confirm(words.sure)) await outbox.remove(item.id); }, 'link'));
  }
  return row;
}

async function show(part, words) {
  const items = await outbox.mine();
  part.querySelector('[data-items]').replaceChildren(...items.map((item) => line(item, words)));
  part.querySelector('[data-none]').hidden = items.length > 0;
  part.querySelector('[data-others]').hidden = !(await outbox.others());
  part.querySelector('[data-acts]').hidden = !items.some((item) => item.state !== 'sent');
}

const base64 = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

/** The last resort: everything that has not been sent, as a file. */
async function save() {
  const entries = await Promise.all((await outbox.unsent()).map(async ({ id, kind, claimed_at, content, photos = [] }) =>
    ({ id, kind, claimed_at, content, photos: await Promise.all(photos.map((photo) => base64(photo.blob))) })));
  const file = new Blob([JSON.stringify({ format: 'lms-outbox', person: outbox.person, saved_at: new Date().toISOString(), entries })], { type: 'application/json' });
  const link = make('a', { href: URL.createObjectURL(file), download: `outbox-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function sendNow(part, words) {
  const said = part.querySelector('[data-said]');
  said.textContent = '';
  try { said.textContent = (await outbox.send()) ? words.all : words.signin; } catch (error) {
    said.textContent = [401, 403].includes(error.status) ? words.signin : words.failed;
  }
}

async function waiting(part) {
  const words = JSON.parse(part.dataset.words);
  part.hidden = false;
  part.querySelector('[data-send]').addEventListener('click', () => sendNow(part, words));
  part.querySelector('[data-export]').addEventListener('click', save);
  document.addEventListener('outbox', () => show(part, words));
  await show(part, words);
}

// --- lessons kept for reading ---

async function lessons(part, words) {
  const kept = (await outbox.kept()).filter((one) => one.lesson);
  const modules = Map.groupBy ? Map.groupBy(kept, (one) => one.lesson) : kept.reduce((all, one) => all.set(one.lesson, [...(all.get(one.lesson) || []), one]), new Map());
  part.querySelector('[data-lessons]').replaceChildren(...[...modules].map(([lesson, all]) => make('li', {},
    make('div', { className: 'row spread' }, make('bdi', { textContent: all[0].module }),
      make('span', { className: 'num', textContent: kilobytes(words, all.reduce((sum, one) => sum + one.bytes, 0)) })),
    make('ul', {}, ...all.map((one) => make('li', {}, make('a', { href: one.address, textContent: one.title })))),
    button(words.remove, async () => { await outbox.forget(lesson); await lessons(part, words); }, 'link'))));
  part.hidden = !modules.size;
}

async function keeping(part) {
  const words = JSON.parse(part.dataset.words);
  const all = JSON.parse(part.dataset.lessons);
  const { module, title } = part.dataset;
  const said = part.querySelector('[data-said]');
  const act = part.querySelector('button');
  const refresh = async () => {
    const size = (await outbox.kept()).filter((one) => one.lesson === module).reduce((sum, one) => sum + one.bytes, 0);
    said.textContent = size ? withText(words.kept, kilobytes(words, size)) : '';
    act.textContent = size ? words.remove : words.keep;
    return size;
  };
  act.addEventListener('click', async () => {
    act.disabled = true;
    try {
      if (await refresh()) await outbox.forget(module);
      else for (const one of all) await outbox.keepPage(one.url, { lesson: module, module: title, title: one.title });
    } catch { said.textContent = words.failed; }
    act.disabled = false;
    await refresh();
  });
  await refresh();
  part.hidden = false;
}

// --- the shell, when a page is not there ---

async function shell(part) {
  const pages = (await outbox.kept()).map((one) => one.address);
  for (const row of part.querySelectorAll('[data-if-kept]')) {
    const found = pages.find((address) => new RegExp(row.dataset.ifKept).test(address));
    if (!found) continue;
    row.querySelector('a').href = found;
    row.hidden = false;
    part.querySelector('[data-nothing]').hidden = true;
  }
}

// --- signing out: what lies here is destroyed, after a warning if something has not been sent ---

async function leaving(form) {
  const warning = document.querySelector('[data-unsent]');
  const words = JSON.parse(warning.dataset.words);
  const count = async () => {
    const number = (await outbox.unsent()).length;
    warning.hidden = !number;
    warning.querySelector('[data-number]').textContent = number;
    form.querySelector('[type=submit]').textContent = number ? words.anyway : words.leave;
    form.querySelector('[type=submit]').classList.toggle('danger', number > 0);
  };
  warning.querySelector('[data-send]').addEventListener('click', () => sendNow(warning, words));
  warning.querySelector('[data-export]').addEventListener('click', save);
  document.addEventListener('outbox', count);
  let wiped = false;
  form.addEventListener('submit', async (event) => {
    if (wiped) return;
    event.preventDefault();
    wiped = true;
    try { await outbox.wipe(); } finally { form.submit(); }
  });
  await count();
}

const parts = [['[data-device]', waiting], ['[data-keep]', keeping], ['[data-shell]', shell], ['form[data-leave]', leaving],
  ['[data-kept-lessons]', (part) => lessons(part, JSON.parse((part.dataset.words ? part : document.querySelector('[data-device]')).dataset.words))]];
if (outbox.person && window.caches && window.indexedDB && navigator.locks) {
  for (const [selector, begin] of parts) {
    for (const part of document.querySelectorAll(selector)) await begin(part).catch((error) => console.error(error));
  }
}
document.documentElement.dataset.device = '';

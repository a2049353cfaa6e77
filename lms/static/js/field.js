// Notes and observations: kept on the device first, then sent. Without this script, or where the browser keeps
// nothing, the forms go to the server as they are.

const outbox = await import(document.body.dataset.outboxModule);
const { make } = outbox;
const SIDE = 1600;

const numberOr = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = make('canvas', { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), 'image/jpeg', 0.82));
  } catch { return file; } // what this browser cannot read, the server may
}

async function photoOf(file) {
  const blob = await shrunk(file);
  return { blob, sha256: hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())) };
}

const GROUPS = ['participants', 'scores', 'notes'];

async function contentOf(form) {
  const content = form.dataset.enrolment ? { enrolment: form.dataset.enrolment } : {};
  const files = [];
  for (const [name, value] of new FormData(form)) {
    if (['csrf_token', 'record_id', 'version', 'state'].includes(name) || value === '') continue;
    const group = GROUPS.find((each) => name.startsWith(`${each}-`));
    if (value instanceof File) { if (value.size) files.push(value); }
    else if (group) (content[group] ??= {})[name.slice(group.length + 1)] = group === 'notes' ? value : numberOr(value);
    else content[name] = name.startsWith('minutes_') ? numberOr(value) : value;
  }
  return [content, await Promise.all(files.slice(0, 3).map(photoOf))];
}

function fill(form, content) {
  for (const [name, value] of Object.entries(content)) {
    if (GROUPS.includes(name)) { fill(form, Object.fromEntries(Object.entries(value).map(([key, one]) => [`${name}-${key}`, one]))); continue; }
    const field = form.elements[name];
    if (!field) continue;
    if (field instanceof RadioNodeList || ['radio', 'checkbox'].includes(field.type)) {
      for (const box of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) box.checked = box.value === String(value);
    } else if (field.type !== 'file') field.value = value;
  }
}

function titleOf(form) {
  const chosen = ['enrolment', 'setting', 'type'].map((name) => form.elements[name]?.selectedOptions?.[0])
    .filter((option) => option?.value).map((option) => option.textContent.trim());
  const { value } = form.elements.held_on || form.elements.observed_on;
  // as the pages: Moroccan months, Western digits; a bare 2026-11-22 would read backwards in Arabic
  const lang = { ar: 'ar-MA-u-nu-latn' }[document.documentElement.lang] || document.documentElement.lang;
  const day = value && new Date(`${value}T12:00`).toLocaleDateString(lang, { dateStyle: 'long' });
  return [...chosen, day].join(' · ');
}

function showErrors(form, errors) {
  const texts = Object.values(errors || {}).flat();
  if (!texts.length) return;
  const notice = make('div', { className: 'error-summary', tabIndex: -1 }, make('p', { textContent: JSON.parse(form.dataset.words).corrected }),
    make('ul', {}, ...texts.map((text) => make('li', { textContent: text }))));
  notice.setAttribute('role', 'alert');
  form.before(notice);
  notice.focus();
}

function quicker(form, words) {
  for (const group of form.querySelectorAll('[data-quick]')) {
    const field = form.elements[group.dataset.quick];
    const chips = group.querySelector('[data-chips]');
    const show = () => [...chips.children].forEach((chip) => chip.setAttribute('aria-pressed', String(chip.value === field.value)));
    chips.addEventListener('click', (event) => { if (event.target.value) { field.value = event.target.value; show(); field.dispatchEvent(new Event('input', { bubbles: true })); } });
    field.addEventListener('input', show);
    chips.hidden = false;
    show();
  }
  for (const field of form.querySelectorAll('.steppers input')) {
    const step = (by, text, word) => {
      const button = make('button', { type: 'button', className: 'button quiet', textContent: text, ariaLabel: `${word}: ${field.labels[0].textContent}` });
      button.addEventListener('click', () => { field.value = Math.max(0, (Number.parseInt(field.value, 10) || 0) + by) || ''; field.dispatchEvent(new Event('input', { bubbles: true })); });
      return button;
    };
    field.before(step(-1, '−', words.fewer));
    field.after(step(1, '+', words.more));
  }
}

async function save(form, known, state) {
  const [content, fresh] = await contentOf(form);
  const photos = [...(known?.photos || []), ...fresh].slice(0, 3);
  if (photos.length) content.photos = photos.map((photo) => photo.sha256);
  const now = new Date().toISOString();
  const item = {
    id: known?.id || crypto.randomUUID(), kind: form.dataset.offline, claimed_at: known?.claimed_at || now, changed_at: now,
    title: titleOf(form), page: location.pathname, content, photos, state,
  };
  await outbox.put(item);
  localStorage.removeItem(`draft:${outbox.person}:${form.dataset.draft}`);
  if (state === 'ready' && navigator.onLine) {
    await Promise.race([outbox.send().catch(() => {}), new Promise((done) => { setTimeout(done, 8000); })]);
  }
  const after = await outbox.get(item.id);
  const arrived = after?.state === 'sent' && !after.conflict && !Object.keys(after.errors).length;
  location.assign(arrived ? `/practice/${item.kind === 'entry' ? 'entries' : 'observations'}/${item.id}` : '/practice/outbox');
}

/** A page kept on the device is older than today: its day is set by the device's clock, put right by the server's. */
function today(form) {
  const field = form.elements.held_on || form.elements.observed_on;
  if (form.elements.csrf_token || !field) return;
  const now = new Date(Date.now() + (Number(localStorage.getItem('skew')) || 0));
  field.value = field.max = new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
}

async function begin(form) {
  const words = JSON.parse(form.dataset.words);
  const wanted = location.hash.slice(1) && await outbox.get(location.hash.slice(1)).catch(() => undefined);
  const known = wanted?.person === outbox.person && wanted.state !== 'sent' && wanted.kind === form.dataset.offline
    && (!wanted.content.enrolment || form.dataset.enrolment === wanted.content.enrolment
      || form.querySelector(`[name=enrolment] [value="${CSS.escape(wanted.content.enrolment)}"]`)) ? wanted : undefined;
  today(form);
  quicker(form, words);
  form.querySelectorAll('[data-with-script], [data-needs-store]').forEach((each) => { each.hidden = false; });
  form.querySelectorAll('[data-without-script]').forEach((each) => { each.hidden = true; });
  if (known) { form.reset(); fill(form, known.content); showErrors(form, known.errors); form.dispatchEvent(new Event('input', { bubbles: true })); }
  let under = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (under) return;
    const state = event.submitter?.value === 'draft' ? 'draft' : 'ready';
    if (state === 'ready' ? !form.reportValidity() : form.elements.enrolment && !form.elements.enrolment.reportValidity()) return;
    under = true;
    try { await save(form, known, state); } catch {
      under = false;
      if (form.elements.csrf_token) form.submit(); // the browser keeps nothing: to the server, as without a script
      else showErrors(form, { store: [words.private] });
    }
  });
}

if (outbox.person && window.indexedDB && crypto.subtle && navigator.locks) {
  for (const form of document.querySelectorAll('form[data-offline]')) await begin(form);
}
document.documentElement.dataset.field = '';

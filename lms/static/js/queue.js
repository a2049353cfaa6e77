// The queue on the keyboard, words to use again, and showing others who looks at an entry. All of it works
// without this too: links, buttons and forms stand on the page.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);
const desk = one('[data-desk]');
const form = one('form[data-decide]');
const comment = form?.querySelector('textarea');

// ---- words to use again ----

for (const button of all('[data-insert]')) {
  button.addEventListener('click', (event) => {
    event.preventDefault();
    const text = button.textContent.trim();
    const at = comment.selectionStart === comment.selectionEnd ? comment.value.length : comment.selectionEnd;
    const gap = comment.value && !comment.value.slice(0, at).endsWith('\n') ? '\n' : '';
    comment.setRangeText(gap + text, at, at, 'end');
    comment.dispatchEvent(new Event('input', { bubbles: true }));
    comment.focus();
  });
}

// ---- who looks at it: shown to others while one writes, and no longer once the page is left ----

function claiming() {
  const token = form?.querySelector('[name=csrf_token]')?.value;
  if (!desk || !token || one('[name=take_over]')) return;
  const body = () => new URLSearchParams({ csrf_token: token, quiet: 'yes' });
  let taken = !one('[data-claim-form]');
  let kept = Date.now();
  const take = () => {
    if (taken && Date.now() - kept < 10 * 60e3) return;
    taken = true;
    kept = Date.now();
    fetch(desk.dataset.claim, { method: 'POST', body: body() }).catch(() => {});
  };
  form.addEventListener('input', take);
  form.addEventListener('focusin', take);
  let sent = false;
  form.addEventListener('submit', () => { sent = true; });
  addEventListener('pagehide', () => { if (taken && !sent) navigator.sendBeacon(desk.dataset.release, body()); });
}

// ---- the keyboard (WCAG 2.1.4: it can be turned off, on this device) ----

const OFF = 'keys-off';
const stored = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
const keep = (off) => { try { off ? localStorage.setItem(OFF, '1') : localStorage.removeItem(OFF); } catch { /* private window */ } };

const links = () => all('[data-queue] tbody th a');
function step(by) {
  const found = links();
  const at = found.indexOf(document.activeElement?.closest('tr')?.querySelector('th a'));
  const next = found[Math.min(Math.max(at + by, 0), found.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const press = (value) => {
  if (value !== 'approve' && comment && !comment.value.trim()) { comment.focus(); return; }
  form?.querySelector(`button[value=${value}]`)?.click();
};

const acts = {
  j: () => (desk ? one('.desk [rel=next]')?.click() : step(1)),
  k: () => (desk ? one('.desk [rel=prev]')?.click() : step(-1)),
  a: () => press('approve'),
  m: () => press('ask'),
  r: () => press('reject'),
  c: () => comment?.focus(),
  q: () => one('[data-up]')?.click(),
  o: () => document.activeElement?.closest('[data-queue] tr')?.querySelector('th a')?.click(),
  x: () => document.activeElement?.closest('[data-queue] tr')?.querySelector('input[type=checkbox]')?.click(),
  '?': () => { const list = one('[data-keys]'); if (list) { list.open = true; list.querySelector('summary').focus(); } },
};

function keyboard() {
  const list = one('[data-keys]');
  if (!list) return;
  list.hidden = false;
  const box = list.querySelector('[data-keys-switch]');
  box.checked = !stored();
  box.addEventListener('change', () => keep(!box.checked));
  document.addEventListener('keydown', (event) => {
    if (stored() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || one('dialog[open]')) return;
    if (event.target.closest('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])')) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

claiming();
keyboard();

// Everything here makes a page nicer that already works without it. No words of its own: they come
// translated on <body data-words>. Loaded in <head> so that the chosen theme is there before the first paint.

const root = document.documentElement;
const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* private window */ } },
};

const applyTheme = (theme) => {
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
};
applyTheme(store.get('theme'));
if (store.get('text')) root.dataset.text = store.get('text');
root.dataset.js = '';

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
let words = {};

/** An element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function themeSwitch() {
  for (const group of all('[data-theme-switch]')) {
    const show = () => all('[data-set-theme]', group).forEach((button) =>
      button.setAttribute('aria-pressed', String(button.dataset.setTheme === (store.get('theme') || 'auto'))));
    group.addEventListener('click', (event) => {
      const chosen = event.target.closest('[data-set-theme]')?.dataset.setTheme;
      if (!chosen) return;
      store.set('theme', chosen === 'auto' ? null : chosen);
      applyTheme(chosen);
      show();
    });
    show();
    group.hidden = false;
  }
}

// A menu closes by Escape, by a press elsewhere, and when the focus leaves it.
function menus() {
  const close = (menu) => { if (menu) menu.open = false; };
  document.addEventListener('click', (event) =>
    all('details[data-menu][open]').forEach((menu) => menu.contains(event.target) || close(menu)));
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('details[data-menu][open]');
    if (menu) { close(menu); menu.querySelector('summary').focus(); }
  });
  all('details[data-menu]').forEach((menu) => menu.addEventListener('focusout', (event) =>
    event.relatedTarget && !menu.contains(event.relatedTarget) && close(menu)));
}

function errorSummary() {
  const summary = document.querySelector('[data-error-summary]');
  if (!summary) return;
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    (target.closest('.field') || target).scrollIntoView();
    target.focus({ preventScroll: true });
  });
}

// Asks before a form marked data-confirm is sent; then stops a second press until the answer is there.
function submitting() {
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = button?.dataset.confirm || form.dataset.confirm;
    if (question && !('confirmed' in form.dataset)) {
      event.preventDefault();
      if (await confirmed(question, button)) {
        form.dataset.confirmed = '';
        form.requestSubmit(button);
        delete form.dataset.confirmed;
      }
      return;
    }
    if (form.method !== 'post' || event.defaultPrevented) return;
    if ('sent' in form.dataset) { event.preventDefault(); return; }
    form.dataset.sent = '';
    button?.setAttribute('aria-busy', 'true');
    // Later, or the pressed button's own name and value would not be sent.
    setTimeout(() => all('button[type=submit], button:not([type])', form).forEach((each) => { each.disabled = true; }));
    setTimeout(() => release(form), 20000); // a download, or a network that gave up
  });
  const release = (form) => {
    if (!('sent' in form.dataset)) return;
    delete form.dataset.sent;
    all('button', form).forEach((each) => { each.disabled = false; each.removeAttribute('aria-busy'); });
  };
  addEventListener('pageshow', (event) => event.persisted && all('form[data-sent]').forEach(release));
}

function confirmed(question, button) {
  return new Promise((resolve) => {
    const kind = button?.classList.contains('danger') ? 'danger' : 'primary';
    const text = make('p', { textContent: question, id: 'question' });
    const yes = make('button', { className: `button ${kind}`, value: 'yes', textContent: button?.textContent.trim() || words.yes });
    const no = make('button', { className: 'button quiet', value: 'no', textContent: words.no, autofocus: true });
    const dialog = make('dialog', {}, make('form', { method: 'dialog' }, text, make('div', { className: 'row' }, yes, no)));
    dialog.setAttribute('aria-labelledby', 'question');
    dialog.addEventListener('close', () => { resolve(dialog.returnValue === 'yes'); dialog.remove(); button?.focus(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function keepToast(toast) {
  const close = toast.querySelector('[data-close]');
  const remove = () => toast.remove();
  if (close) { close.hidden = false; close.addEventListener('click', remove); }
  const undo = toast.querySelector('[data-undo]');
  if (!undo && !toast.classList.contains('ok')) return; // a warning stays until it is closed
  const later = () => {
    if (toast.matches(':hover, :focus-within') || (undo && 'sent' in undo.dataset)) setTimeout(later, 2000);
    else remove();
  };
  setTimeout(later, 10000);
}

/** Says something in the live region at the top. */
export function say(text, tone = 'ok') {
  const toast = make('div', { className: `toast ${tone}` }, make('p', { textContent: text }));
  document.querySelector('[data-toasts]')?.append(toast);
  keepToast(toast);
}

async function copy(text) {
  try { await navigator.clipboard.writeText(text); } catch { // no secure context
    const area = make('textarea', { value: text, className: 'visually-hidden' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say(words.copied);
}

function copyAndShare() {
  for (const button of all('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button.dataset.copy).then(() => button.focus()));
  }
  for (const button of all('[data-share]')) {
    if (!navigator.share) continue; // the copy button beside it does
    button.hidden = false;
    button.addEventListener('click', () => navigator.share({
      url: new URL(button.dataset.share, location).href, title: button.dataset.title || document.title,
    }).catch(() => {}));
  }
}

function printing() {
  for (const button of all('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
}

// Three sizes of the text one reads, kept on the device.
function textSizes() {
  for (const group of all('[data-sizes]')) {
    const show = () => all('[data-size]', group).forEach((button) =>
      button.setAttribute('aria-pressed', String(button.dataset.size === (root.dataset.text || ''))));
    group.addEventListener('click', (event) => {
      const chosen = event.target.closest('[data-size]')?.dataset.size;
      if (chosen === undefined) return;
      if (chosen) root.dataset.text = chosen;
      else delete root.dataset.text;
      store.set('text', chosen || null);
      show();
    });
    show();
    group.hidden = false;
  }
}

function passwords() {
  for (const button of all('[data-show]')) {
    const input = document.getElementById(button.dataset.show);
    const [show, hide] = [button.textContent, button.dataset.hideText];
    const reveal = (open) => { input.type = open ? 'text' : 'password'; button.textContent = open ? hide : show; };
    button.hidden = false;
    button.addEventListener('click', () => reveal(input.type === 'password'));
    input.form?.addEventListener('submit', () => reveal(false)); // so that browsers offer to keep it
  }
}

/** Without accents, hamza and case: "Aïcha" → "aicha", "إيمان" → "ايمان". */
export const plain = (text) => text.normalize('NFD').replace(/[\p{M}ـ]/gu, '').replace(/ى/g, 'ي').replace(/ة/g, 'ه').toLowerCase();

function tableFilters() {
  for (const wrap of all('[data-filter]')) {
    const rows = all('tbody > tr', wrap);
    if (rows.length < 8) continue;
    const input = make('input', { type: 'search', className: 'input', autocomplete: 'off' });
    const none = make('p', { className: 'small', textContent: words.none, hidden: true });
    none.setAttribute('role', 'status');
    const texts = rows.map((row) => plain(row.textContent));
    input.addEventListener('input', () => {
      const wanted = plain(input.value).split(/\s+/);
      rows.forEach((row, n) => { row.hidden = !wanted.every((word) => texts[n].includes(word)); });
      none.hidden = rows.some((row) => !row.hidden);
    });
    wrap.prepend(make('label', { className: 'field' }, make('span', { textContent: wrap.dataset.filter }), input));
    wrap.append(none);
  }
}

// Bulk actions: <form data-bulk>, boxes named alike, [data-all] ticks them, [data-count] says how many.
function bulk() {
  for (const form of all('form[data-bulk]')) {
    const boxes = all('tbody input[type=checkbox]', form);
    const master = form.querySelector('[data-all]');
    const show = () => {
      const count = boxes.filter((box) => box.checked).length;
      all('[data-count]', form).forEach((each) => { each.textContent = count; });
      all('[data-needs-choice]', form).forEach((each) => { each.disabled = !count; });
      if (master) { master.checked = count === boxes.length; master.indeterminate = count > 0 && count < boxes.length; }
    };
    master?.addEventListener('change', () => { boxes.forEach((box) => { if (!box.closest('[hidden]')) box.checked = master.checked; }); show(); });
    form.addEventListener('change', show);
    show();
  }
}

function drafts() {
  const address = document.body.dataset.draftModule;
  let kept = false;
  try { kept = Object.keys(localStorage).some((key) => key.startsWith('draft:')); } catch { return; }
  if (address && (kept || document.querySelector('form[data-draft]'))) import(address).then((module) => module.start(words));
}

// What is written without network, and pages that open without it: only for somebody signed in.
function outbox() {
  const { person, outboxModule } = document.body.dataset;
  if (person && outboxModule) import(outboxModule).then((module) => module.start());
}

function start() {
  words = JSON.parse(document.body.dataset.words || '{}');
  for (const part of [themeSwitch, menus, errorSummary, submitting, copyAndShare, printing, textSizes, passwords, tableFilters, bulk, drafts, outbox]) {
    try { part(); } catch (error) { console.error(error); } // one broken part leaves the others working
  }
  all('[data-toast]').forEach(keepToast);
}
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();

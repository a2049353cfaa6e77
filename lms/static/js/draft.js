// Keeps what is typed into <form data-draft="name"> on the device until the server has taken it, also through an
// expired session. Never files, passwords, hidden fields, nor anything in or marked [data-private].
// One person's drafts are not shown to another; signing out removes them all.

const DAYS = 30;
const person = () => document.body.dataset.person;
const keyOf = (form) => `draft:${person()}:${form.dataset.draft}`;
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith('draft:'));
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, draft) => { try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden */ } };

const fields = (form) => [...form.elements].filter((field) => field.name && field.willValidate !== undefined
  && !['hidden', 'file', 'password', 'submit', 'button', 'reset'].includes(field.type)
  && !['BUTTON', 'FIELDSET', 'OUTPUT'].includes(field.tagName) && !field.closest('[data-private]'));

const valueOf = (field) => {
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked;
  if (field.multiple && field.options) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
};

/** [[name, value of a box, what it holds], …] in the order of the form. */
const contentOf = (form) => fields(form).map((field) =>
  [field.name, ['checkbox', 'radio'].includes(field.type) ? field.value : '', valueOf(field)]);

function fill(form, content) {
  const waiting = content.slice();
  for (const field of fields(form)) {
    const isBox = ['checkbox', 'radio'].includes(field.type);
    const at = waiting.findIndex(([name, box]) => name === field.name && box === (isBox ? field.value : ''));
    if (at < 0) continue;
    const [, , value] = waiting.splice(at, 1)[0];
    if (isBox) field.checked = value;
    else if (Array.isArray(value)) [...field.options].forEach((option) => { option.selected = value.includes(option.value); });
    else field.value = value;
  }
  form.dispatchEvent(new Event('change', { bubbles: true }));
}

function tellRestored(form, words) {
  const again = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: words.drop });
  const text = Object.assign(document.createElement('p'), { textContent: words.kept });
  const notice = Object.assign(document.createElement('div'), { className: 'notice row spread' });
  notice.setAttribute('role', 'status');
  notice.append(text, again);
  form.before(notice);
  again.addEventListener('click', () => {
    form.reset();
    localStorage.removeItem(keyOf(form));
    notice.remove();
    fields(form)[0]?.focus();
  });
}

const here = location.href.split('#')[0];

// A draft that was sent is dropped once its page leads to one that is no error, nor the sign-in, nor the same form
// again. Any other page says nothing: the network may have failed on the way.
function settle() {
  const notTaken = !person() || document.querySelector('input[autocomplete="current-password"], .error-page');
  const succeeded = document.querySelector('[data-toast].ok');
  const forms = new Set([...document.querySelectorAll('form[data-draft]')].map(keyOf));
  const from = document.referrer.split('#')[0];
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > DAYS * 864e5) localStorage.removeItem(key);
    else if (draft.sent && (notTaken || draft.from !== from)) write(key, { ...draft, sent: false });
    else if (draft.sent && (succeeded || !forms.has(key))) localStorage.removeItem(key);
  }
}

export function start(words) {
  if (document.querySelector('form[action$="/sign-out"]') || location.pathname === '/sign-out') {
    document.addEventListener('submit', (event) => {
      if (new URL(event.target.action).pathname === '/sign-out') keys().forEach((key) => localStorage.removeItem(key));
    });
  }
  settle();
  for (const form of document.querySelectorAll('form[data-draft]')) {
    const key = keyOf(form);
    const draft = read(key);
    const refused = document.querySelector('[data-error-summary]'); // the server has sent back what was typed
    if (draft && !refused && JSON.stringify(draft.content) !== JSON.stringify(contentOf(form))) {
      fill(form, draft.content);
      tellRestored(form, words);
    }
    let timer;
    const save = (sent) => { clearTimeout(timer); write(key, { at: Date.now(), from: here, sent, content: contentOf(form) }); };
    form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => save(false), 400); });
    form.addEventListener('submit', (event) => event.defaultPrevented || save(navigator.onLine));
    addEventListener('pagehide', () => { if (timer && !('sent' in form.dataset)) save(false); });
  }
}

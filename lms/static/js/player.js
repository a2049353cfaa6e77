// A lesson: arrow keys turn the pages, a change of language keeps the place, the note is kept as one writes.
// Without it links, the form and its button do the same.

const PAUSE = 1500;
const RETRY = 15000;

// --- keys: never while typing, never with Ctrl, Alt or Shift, never where arrows already mean something ---

const busy = (element) => element?.closest?.('input, textarea, select, audio, video, table, [contenteditable], [role="listbox"], dialog, details[data-menu][open]');

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!['ArrowLeft', 'ArrowRight'].includes(event.key) || busy(event.target)) return;
  const forward = (event.key === 'ArrowRight') === (document.documentElement.dir !== 'rtl');
  const link = document.head.querySelector(`link[rel="${forward ? 'next' : 'prev'}"]`);
  if (link) { event.preventDefault(); location.assign(link.href); }
});

// --- the same heading in another language; the bar that offers them comes back as one scrolls up ---

let depth = scrollY;
addEventListener('scroll', () => {
  if (Math.abs(scrollY - depth) < 8) return;
  document.documentElement.toggleAttribute('data-down', scrollY > depth);
  depth = scrollY;
}, { passive: true });

function place() {
  const passed = [...document.querySelectorAll('.prose [id]')].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  return scrollY > 40 && passed.length ? passed.at(-1).id : '';
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[hreflang]');
  if (link && new URL(link.href).pathname === location.pathname) link.hash = place();
}, true);

// --- one's own note ---

const form = document.querySelector('form[data-note]');

if (form) {
  const words = JSON.parse(form.dataset.words);
  const key = `draft:${document.body.dataset.person}:note-${form.dataset.note}`;
  const text = form.elements.namedItem('note');
  const version = form.elements.namedItem('version');
  const state = form.querySelector('[data-state]');
  let kept = text.value;
  let timer;
  let sending = false;

  const waits = () => text.value !== kept;
  const say = (said) => { state.textContent = said; };
  const hold = () => {
    const draft = { at: Date.now(), sent: false, version: version.value, text: text.value };
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };

  async function save() {
    if (sending || !waits()) return;
    sending = true;
    const sent = text.value;
    say(words.saving);
    try {
      const answer = await fetch(form.action, {
        method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, keepalive: true,
      });
      if (answer.ok) {
        version.value = (await answer.json()).version;
        kept = sent;
        forget();
        say(words.saved);
        if (waits()) later(PAUSE);
      } else {
        hold();
        say({ 401: words.signed_out, 409: words.elsewhere, 422: words.long }[answer.status] || words.offline);
      }
    } catch {
      hold();
      say(words.offline);
      later(RETRY);
    } finally { sending = false; }
  }

  let draft;
  try { draft = JSON.parse(localStorage.getItem(key)); } catch { /* none, or forbidden */ }
  if (draft && draft.text !== text.value) {
    text.value = draft.text;
    version.value = draft.version; // where it was changed elsewhere meanwhile, saving shows both
    form.closest('details').open = true;
    later(0);
  }
  text.addEventListener('input', () => { hold(); later(PAUSE); });
  text.addEventListener('blur', save);
  addEventListener('pagehide', () => waits() && save());
  form.addEventListener('submit', () => { clearTimeout(timer); kept = text.value; forget(); });
  if (location.hash === '#note') form.closest('details').open = true;
  form.dataset.ready = '';
}
